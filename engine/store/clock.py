"""Where the time comes from. Nothing else reads the machine's clock."""

from __future__ import annotations

import datetime as dt
import threading
import time

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from engine.store.database import Database
from engine.store.tables import demo_clock
from engine.store.types import ZONE

SEEN_WITHIN_S = 0.5  # another process's move of the clock is noticed this soon


class SystemClock:
    """The machine's time in the office's zone."""

    def now(self) -> dt.datetime:
        return dt.datetime.now(ZONE)


class DemoClock:
    """The machine's time plus an offset kept in the database, so that every process moves together."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._lock = threading.Lock()
        self._offset = dt.timedelta()
        self._read_at = float("-inf")

    def now(self) -> dt.datetime:
        with self._lock:
            if time.monotonic() - self._read_at > SEEN_WITHIN_S:
                self._offset = self._stored()
                self._read_at = time.monotonic()
            return dt.datetime.now(ZONE) + self._offset

    def set(self, moment: dt.datetime | None) -> None:
        """Let the clock go on from ``moment``; None: from the real time."""
        offset = dt.timedelta() if moment is None else moment - dt.datetime.now(ZONE)
        microseconds = offset // dt.timedelta(microseconds=1)
        statement = insert(demo_clock).values(id=1, offset_us=microseconds)
        with self._database.unit_of_work() as uow:
            uow.session.execute(statement.on_conflict_do_update(index_elements=["id"], set_={"offset_us": microseconds}))
            uow.commit()
        with self._lock:
            self._offset, self._read_at = offset, time.monotonic()

    def _stored(self) -> dt.timedelta:
        with self._database.unit_of_work() as uow:
            found = uow.session.execute(select(demo_clock.c.offset_us)).scalar()
        return dt.timedelta(microseconds=found or 0)
