"""The working-day calendar a running office counts with: the built-in years and the ones in the calendar register."""

from __future__ import annotations

import datetime as dt
import threading
import time

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.facade import Database
from procurement.calendar import UnknownCalendarYear, WorkingCalendar, YearTable
from procurement.registers.money import CalendarYear

KEPT_S = 600  # a corrected year is seen this late; a new one at once
ASKED_AGAIN_S = 2  # how often an unknown year may make us look


class OfficeCalendar(WorkingCalendar):
    """Reads the register when it must: counting happens inside commands, which hold a connection already."""

    def __init__(self, database: Database) -> None:
        super().__init__(WorkingCalendar.published().years.values())
        self._database = database
        self._lock = threading.Lock()
        self._read_at = float("-inf")

    def is_working_day(self, day: dt.date) -> bool:
        """Raises UnknownCalendarYear for a year that is neither built in nor entered."""
        self._read_unless(KEPT_S)
        try:
            return super().is_working_day(day)
        except UnknownCalendarYear:
            self._read_unless(ASKED_AGAIN_S)
            return super().is_working_day(day)

    def _read_unless(self, age: float) -> None:
        if time.monotonic() - self._read_at <= age or not self._lock.acquire(blocking=False):
            return  # somebody else is reading; what is known is good enough until then
        try:
            with self._database.unit_of_work() as work:
                entered = entered_years(work.session)
            self.years = WorkingCalendar.published(*entered).years
            self._read_at = time.monotonic()
        finally:
            self._lock.release()


def entered_years(session: Session) -> list[YearTable]:
    """The register's years as tables."""
    rows = session.scalars(select(CalendarYear))
    return [YearTable(row.year, frozenset(row.holidays), frozenset(row.make_up_days), row.source) for row in rows]
