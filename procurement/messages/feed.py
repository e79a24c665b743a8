"""Reads the history of all cases from where it stopped, and has each entry told and its deadlines noted.

Entries carry the moment their command began, and commands commit in any order: so each reading begins a little before the
place it stopped, and now and then well before it. What was told already is not told again (see ``Message.source``).
"""

from __future__ import annotations

import datetime as dt
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable

import structlog
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import DataError, IntegrityError
from sqlalchemy.orm import Session

from engine.errors import EngineError
from engine.facade import Database, ProcessEngine
from engine.model import Comparisons, HistoryEntry
from procurement.registers.messages import FeedPosition

log = structlog.get_logger(__name__)

NAME = "history"
AT_ONCE = 200  # entries; the rest in the next round
SHORTLY_BEFORE = dt.timedelta(seconds=5)
WELL_BEFORE = dt.timedelta(minutes=10)  # longer than any command may take
WELL_BEFORE_EVERY_S = 120.0
REMEMBERED = 20_000  # entries read lately, so that the overlap is not told to the database again
# an entry of a shape nobody foresaw is left out: everybody else's messages must not wait for it
UNTELLABLE = (EngineError, LookupError, TypeError, ValueError, AttributeError, ArithmeticError, DataError, IntegrityError)
Take = Callable[[Session, HistoryEntry], None]


class Feed:
    """``kinds``: of entries that concern somebody. ``take`` is called once or more for each, in one transaction with the position."""

    def __init__(
        self, database: Database, engine: ProcessEngine, kinds: Iterable[str], take: Take, now: Callable[[], dt.datetime]
    ) -> None:
        self._database = database
        self._engine = engine
        self._kinds = tuple(kinds)
        self._take = take
        self._now = now
        self._seen: OrderedDict[tuple[int, int], None] = OrderedDict()
        self._looked_back_at = float("-inf")

    def read(self) -> int:
        """Take what is new; returns how many entries. Nothing when another worker is reading.

        All in one go; an entry nobody foresaw makes it begin again, each entry on its own then.
        """
        try:
            return self._read(self._take)
        except UNTELLABLE:
            return self._read(self._try)

    def _read(self, take: Take) -> int:
        taken = 0
        with self._database.unit_of_work() as work:
            position = self._position(work.session)
            if position is None:
                return 0
            start = min(position.at, self._now()) - self._overlap()  # the demo's clock may have been put back
            fresh: list[tuple[int, int]] = []
            last = position.at if position.at <= self._now() else start
            for entry in self._entries(start):
                last = max(last, entry.at)
                if (entry.root_key, entry.seq) in self._seen:
                    continue
                take(work.session, entry)
                fresh.append((entry.root_key, entry.seq))
                taken += 1
                if taken >= AT_ONCE:
                    break
            position.at = last
            work.session.flush()
            work.commit()
        self._remember(fresh)
        return taken

    def begin_at(self, moment: dt.datetime, before: Callable[[Session], object]) -> None:
        """Where a reader that has never read begins, after ``before``; one that has read goes on where it was."""
        with self._database.unit_of_work() as work:
            begun = insert(FeedPosition).values(name=NAME, at=moment).on_conflict_do_nothing().returning(FeedPosition.name)
            if work.session.scalar(begun) is None:
                return
            before(work.session)
            work.commit()

    def _try(self, session: Session, entry: HistoryEntry) -> None:
        try:
            with session.begin_nested():
                self._take(session, entry)
        except UNTELLABLE:
            log.exception("entry_not_told", instance=entry.root_key, seq=entry.seq, kind=entry.kind)

    def _position(self, session: Session) -> FeedPosition | None:
        return session.get(FeedPosition, NAME, with_for_update={"skip_locked": True})

    def _overlap(self) -> dt.timedelta:
        if time.monotonic() - self._looked_back_at < WELL_BEFORE_EVERY_S:
            return SHORTLY_BEFORE
        self._looked_back_at = time.monotonic()
        return WELL_BEFORE

    def _entries(self, start: dt.datetime) -> Iterable[HistoryEntry]:
        after: str | None = None
        while True:
            page = self._engine.audit(self._kinds, order="at", limit=AT_ONCE, after=after, at=Comparisons((("gte", start),)))
            yield from page.items
            if page.after is None:
                return
            after = page.after

    def _remember(self, read: Iterable[tuple[int, int]]) -> None:
        for place in read:
            self._seen[place] = None
        while len(self._seen) > REMEMBERED:
            self._seen.popitem(last=False)
