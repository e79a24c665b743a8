"""A page of matters: those that run by their nearest deadline, so that the overdue come first, then the ended, newest first.

What each waits for is read for a whole page at once. Who is told by role and party only: names of people may be secret.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from engine.errors import CursorUnknown
from engine.store.tables import process_instance, user_task
from procurement.registers.matters import Matter

Conditions = Sequence[ColumnElement[bool]]
OPEN, ENDED = "open", "ended"
_T, _P = user_task.c, process_instance.c
_WAITS = and_(_T.root_key == Matter.process_key, _T.state == "created")
_nearest = select(func.min(_T.due)).where(_WAITS).correlate(Matter).scalar_subquery()
_NEWEST = (Matter.opened_at.desc(), Matter.id.desc())


@dataclass(frozen=True)
class Standing:
    """Where a matter stands: its most urgent open task and how many there are. ``step``: empty when none is open.

    ``groups``: roles and parties that may do it; ``by_starter``: whoever began the matter has it; ``stopped``: its process ended
    although nobody closed the matter.
    """

    step: str
    groups: tuple[str, ...]
    by_starter: bool
    due: dt.datetime | None
    count: int
    stopped: bool


@dataclass(frozen=True)
class _Place:
    part: str
    due: dt.datetime | None
    opened_at: dt.datetime
    number: str

    def older(self) -> ColumnElement[bool]:
        same = and_(Matter.opened_at == self.opened_at, Matter.id < self.number)
        return or_(Matter.opened_at < self.opened_at, same)

    def beyond(self) -> ColumnElement[bool]:
        if self.part == ENDED:
            return self.older()
        if self.due is None:
            return and_(_nearest.is_(None), self.older())
        return or_(_nearest > self.due, _nearest.is_(None), and_(_nearest == self.due, self.older()))


def page(
    session: Session, conditions: Conditions, *, open_: bool | None, limit: int, after: str | None
) -> tuple[list[Matter], str | None]:
    """At most ``limit`` and where the next page begins. ``open_``: only those that run, or only the ended; None: both.

    Raises CursorUnknown.
    """
    place = _place(after) if after else None
    found: list[tuple[Matter, dt.datetime | None]] = []
    if open_ is not False and (place is None or place.part == OPEN):
        query = select(Matter, _nearest).where(*conditions, Matter.closed_at.is_(None), *([place.beyond()] if place else []))
        rows = session.execute(query.order_by(_nearest.asc().nulls_last(), *_NEWEST).limit(limit + 1))
        found = [(row[0], row[1]) for row in rows]
    if open_ is not True and len(found) <= limit:
        further = [place.beyond()] if place is not None and place.part == ENDED else []
        query_ended = select(Matter).where(*conditions, Matter.closed_at.is_not(None), *further)
        ended = session.scalars(query_ended.order_by(*_NEWEST).limit(limit + 1 - len(found)))
        found += [(row, None) for row in ended]
    shown = found[:limit]
    return [row for row, _ in shown], _cursor(*shown[-1]) if len(found) > limit else None


def standings(session: Session, numbers: Collection[str]) -> dict[str, Standing]:
    """By number of the matter, in one statement."""
    columns = (Matter.id, _P.ended_at, _T.name, _T.candidate_groups, _T.assignee == Matter.starter, _T.due)
    count = func.count(_T.key).over(partition_by=Matter.id)
    own = and_(_P.root_key == Matter.process_key, _P.key == Matter.process_key)
    joined = select(*columns, count).outerjoin(process_instance, own).outerjoin(user_task, _WAITS)
    urgent = (
        joined.where(Matter.id.in_(numbers)).ext(distinct_on(Matter.id)).order_by(Matter.id, _T.due.asc().nulls_last(), _T.key)
    )
    return {
        number: Standing(step or "", tuple(groups or ()), bool(own_task), due, tasks, ended is not None)
        for number, ended, step, groups, own_task, due, tasks in session.execute(urgent)
    }


def _cursor(row: Matter, due: dt.datetime | None) -> str:
    part = OPEN if row.closed_at is None else ENDED
    return f"{part}~{due.isoformat() if due else ''}~{row.opened_at.isoformat()}~{row.id}"


def _place(after: str) -> _Place:
    try:
        part, due, opened_at, number = after.split("~")
        known = _Place(part, dt.datetime.fromisoformat(due) if due else None, dt.datetime.fromisoformat(opened_at), number)
    except ValueError:
        known = None
    if known is None or known.part not in (OPEN, ENDED):
        raise CursorUnknown
    return known
