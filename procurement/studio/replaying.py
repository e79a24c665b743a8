"""Replaying past cases on a draft, some at a time: whoever drives it asks for the next ones until all are done."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict
from functools import cached_property
from typing import TYPE_CHECKING, Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.errors import FieldError, InvalidInput, NotFound
from engine.model import Actor, Recording
from engine.sandbox import Limits
from procurement.calendar.working_days import UnknownCalendarYear
from procurement.registers.office_calendar import OfficeCalendar
from procurement.registers.row import OFFICE_ZONE
from procurement.studio.model import Files
from procurement.studio.playing import sandbox
from procurement.studio.replay.model import (
    CANCELED,
    FINISHED,
    RUNNING,
    Assumed,
    Choice,
    DraftChanged,
    Outcome,
    Replay,
    outcome_of,
)
from procurement.studio.replay.running import Runner
from procurement.studio.replay.scripts import FilesThen
from procurement.studio.tables.replays import ReplayedRow, ReplayRow

if TYPE_CHECKING:
    from procurement.studio.studio import Studio

AT_ONCE = 5  # recordings read together
BUDGET_S = 1.2  # of one request; what is begun is finished
MOST = 5_000
CASE = Limits(seconds=3.0)


class Replays:
    """One per studio; threads may share it."""

    def __init__(self, studio: Studio) -> None:
        self._studio = studio
        self._calendar = OfficeCalendar(studio.database)

    @cached_property
    def _then(self) -> FilesThen:
        return FilesThen(self._studio.engine, self._studio.shelf, self._studio.feel)

    def processes(self, draft: int) -> list[str]:
        """Ids of the processes that can be replayed, those of the draft's own folder first."""
        folder = self._studio.drafts.draft(draft).folder
        found = sandbox(self._studio.drafts.workspace(draft), self._studio.feel).project.diagrams
        return sorted(found, key=lambda id_: (f"/{folder}/" not in found[id_], id_))

    def begin(self, draft: int, choice: Choice, assumed: Mapping[str, Assumed] | None = None, *, actor: Actor) -> Replay:
        """Nothing runs yet; see ``go_on``. Raises NotFound, InvalidInput."""
        self._check(draft, choice)
        total = min(self._studio.engine.recorded(**_filter(choice)), choice.number)
        row = ReplayRow(
            draft_key=draft,
            revision=self._studio.drafts.draft(draft).revision,
            choice=_stored(choice),
            assumed={element: asdict(one) for element, one in (assumed or {}).items()},
            state=RUNNING if total else FINISHED,
            by=actor.user_id,
            begun_at=self._studio.clock.now(),
            total=total,
        )
        with self._studio.database.unit_of_work() as work:
            work.session.add(row)
            work.session.flush()
            begun = _replay(row)
            work.commit()
        return begun

    def go_on(self, key: int, *, seconds: float = BUDGET_S) -> Replay:
        """Replay some more cases, as many as go into the time. Two who drive the same replay do nothing twice.

        Raises NotFound, DraftChanged.
        """
        until = time.monotonic() + seconds
        replay = self.replay(key)
        if not replay.is_running:
            return replay
        if self._studio.drafts.draft(replay.draft_key).revision != replay.revision:
            self.cancel(key)
            raise DraftChanged
        runner = self._runner(self._studio.drafts.workspace(replay.draft_key), dict(replay.assumed))
        while replay.is_running and time.monotonic() < until:
            replay = self._some(replay, runner, until)
        return replay

    def cancel(self, key: int) -> Replay:
        """What is done stays."""
        with self._locked(key) as (session, row):
            if row.state == RUNNING:
                row.state, row.ended_at = CANCELED, self._studio.clock.now()
            session.flush()
            return _replay(row)

    def replay(self, key: int) -> Replay:
        """Raises NotFound."""
        with self._studio.database.unit_of_work() as work:
            row = work.session.get(ReplayRow, key)
            if row is None:
                raise NotFound(kind="Replay", key=key)
            return _replay(row)

    def replays(self, draft: int, limit: int = 20) -> tuple[Replay, ...]:
        """Those of a draft, newest first."""
        query = select(ReplayRow).where(ReplayRow.draft_key == draft).order_by(ReplayRow.key.desc()).limit(limit)
        with self._studio.database.unit_of_work() as work:
            return tuple(map(_replay, work.session.scalars(query)))

    def outcomes(self, key: int) -> list[Outcome]:
        """What came out so far, the newest case first."""
        query = select(ReplayedRow.outcome).where(ReplayedRow.replay_key == key).order_by(ReplayedRow.position)
        with self._studio.database.unit_of_work() as work:
            return [outcome_of(one) for one in work.session.scalars(query)]

    def run(self, recordings: list[Recording], draft: Files, assumed: dict[str, Assumed] | None = None) -> list[Outcome]:
        """Without storing anything: these recordings on these files."""
        runner = self._runner(draft, assumed if assumed is not None else {})
        return [runner.run(one) for one in recordings]

    def _runner(self, draft: Files, assumed: dict[str, Assumed]) -> Runner:
        feel = self._studio.feel
        return Runner(draft, self._then, lambda files: sandbox(files, feel, CASE), assumed, self._days)

    def _days(self, first: dt.date, last: dt.date) -> int:
        try:
            return self._calendar.between(first, last)
        except UnknownCalendarYear:
            return 0

    def _some(self, replay: Replay, runner: Runner, until: float) -> Replay:
        """The next few cases: read, run, and kept in one transaction, unless somebody else did so meanwhile."""
        cursor = self._cursor(replay.key)
        wanted = min(AT_ONCE, replay.total - replay.done)
        page = self._studio.engine.recordings(**_filter(replay.choice), limit=wanted, after=cursor)
        found: list[Outcome] = []
        for recording in page:
            found.append(runner.run(recording))
            if time.monotonic() > until + BUDGET_S:
                break  # a few slow ones: keep what is done, and come again for the rest
        whole = len(found) == len(page.items)
        with self._locked(replay.key) as (session, row):
            if row.state != RUNNING or row.cursor != cursor or row.done != replay.done:
                return _replay(row)
            session.add_all(
                ReplayedRow(replay_key=row.key, position=row.done + n, status=one.status, outcome=one.stored())
                for n, one in enumerate(found)
            )
            row.done += len(found)
            row.assumed = {element: asdict(one) for element, one in runner.assumed.items()}
            row.cursor = page.after if whole else self._cursor_after(replay, cursor, len(found))
            if row.done >= row.total or (whole and page.after is None):
                row.state, row.ended_at, row.total = FINISHED, self._studio.clock.now(), row.done
            session.flush()
            return _replay(row)

    def _cursor_after(self, replay: Replay, cursor: str | None, number: int) -> str | None:
        return self._studio.engine.recordings(**_filter(replay.choice), limit=number, after=cursor).after

    def _cursor(self, key: int) -> str | None:
        with self._studio.database.unit_of_work() as work:
            return work.session.scalar(select(ReplayRow.cursor).where(ReplayRow.key == key))

    @contextmanager
    def _locked(self, key: int) -> Iterator[tuple[Session, ReplayRow]]:
        with self._studio.database.unit_of_work() as work:
            row = work.session.scalar(select(ReplayRow).where(ReplayRow.key == key).with_for_update())
            if row is None:
                raise NotFound(kind="Replay", key=key)
            yield work.session, row
            work.commit()

    def _check(self, draft: int, choice: Choice) -> None:
        errors = []
        if choice.process_id not in self.processes(draft):
            errors.append(
                FieldError("process_id", "There is no process {process} in this draft.", {"process": choice.process_id})
            )
        if not 1 <= choice.number <= MOST:
            errors.append(FieldError("number", "Choose between 1 and {most} cases.", {"most": MOST}))
        if choice.since and choice.until and choice.until < choice.since:
            errors.append(FieldError("until", "The last day comes before the first. Exchange them."))
        if errors:
            raise InvalidInput(fields=tuple(errors))


def _filter(choice: Choice) -> dict[str, Any]:
    """The days as moments of the office's zone; the last day counts whole."""
    first = choice.since and dt.datetime.combine(choice.since, dt.time(), OFFICE_ZONE)
    last = choice.until and dt.datetime.combine(choice.until + dt.timedelta(days=1), dt.time(), OFFICE_ZONE)
    return {"process_id": choice.process_id, "since": first, "until": last, "business_key": choice.business_key or None}


def _stored(choice: Choice) -> dict[str, Any]:
    days = {name: day and day.isoformat() for name, day in (("since", choice.since), ("until", choice.until))}
    return {**asdict(choice), **days}


def _replay(row: ReplayRow) -> Replay:
    told = row.choice
    since, until = (told[name] and dt.date.fromisoformat(told[name]) for name in ("since", "until"))
    choice = Choice(told["process_id"], since, until, told["number"], told["business_key"])
    assumed = {element: Assumed(**one) for element, one in row.assumed.items()}
    return Replay(
        row.key, row.draft_key, row.revision, choice, assumed, row.state, row.by, row.begun_at, row.ended_at, row.total, row.done
    )
