"""User tasks: one, many, and how many."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, cast, func, or_, select
from sqlalchemy.dialects.postgresql import ARRAY, array
from sqlalchemy.orm import Session
from sqlalchemy.types import Text

from engine.errors import NotFound
from engine.model import Actor, Page, TaskCounts, UserTask
from engine.queries.paging import Cut, Listing, equal, page
from engine.store import reading
from engine.store.rows import candidates
from engine.store.tables import definition, user_task
from engine.store.tables.work import nulls_last

SOON = dt.timedelta(days=2)

_T = user_task.c
LISTING = Listing(
    reading.TASK,
    _T.key,
    {
        "due": nulls_last(_T.due),
        "created": _T.created_at,
        "ended": nulls_last(_T.ended_at),
        "priority": _T.priority,
        "key": _T.key,
    },
    reading.task,
)


def task(session: Session, key: int) -> UserTask:
    """In whatever state. Raises NotFound."""
    row = session.execute(select(*reading.TASK).where(_T.key == key)).one_or_none()
    if row is None:
        raise NotFound(kind="Task", key=key)
    return reading.task(row)


def tasks(
    session: Session,
    cut: Cut,
    *,
    state: str | None,
    assignee: str | None = None,
    unassigned: bool | None = None,
    candidate_of: Actor | None = None,
    visible_to: Actor | None = None,
    candidate_group: str | None = None,
    candidate_user: str | None = None,
    due_before: dt.datetime | None = None,
    operators: frozenset[str] = frozenset(),
    **equals: Any,
) -> Page:
    """``candidate_of``: theirs or free for them to take. ``visible_to``: also what others of their groups work on, and what they did."""
    conditions = equal(user_task, state=state, assignee=assignee, **equals)
    if unassigned is not None:
        conditions.append(_T.assignee.is_(None) if unassigned else _T.assignee.is_not(None))
    if candidate_of is not None and not candidate_of.system:
        conditions.append(_inbox(candidate_of))
    if visible_to is not None and not visible_to.system and not operators & visible_to.groups:
        conditions.append(_visible(visible_to))
    if candidate_group is not None:
        conditions.append(_holds(f"g:{candidate_group}"))
    if candidate_user is not None:
        conditions.append(_holds(f"u:{candidate_user}"))
    if due_before is not None:
        conditions.append(_T.due < due_before)
    return page(session, LISTING, conditions, cut)


def counts(session: Session, actor: Actor, now: dt.datetime) -> TaskCounts:
    """The numbers above an inbox, and the processes and steps it can be narrowed to."""
    steps = select(
        *(_T.process_id, _T.element_id, _T.name),
        func.max(_T.definition_key).label("definition_key"),
        func.count().label("all"),
        func.count().filter(_T.assignee == actor.user_id).label("mine"),
        func.count().filter(_T.due < now).label("late"),
        func.count().filter(and_(_T.due >= now, _T.due < now + SOON)).label("soon"),
    ).where(_T.state == "created", _inbox(actor))
    # whoever has thousands of tasks has them at a few dozen steps: the tasks are read once, and only these named
    rows = session.execute(steps.group_by(_T.process_id, _T.element_id, _T.name)).all()
    return TaskCounts(
        all=sum(row.all for row in rows),
        mine=sum(row.mine for row in rows),
        late=sum(row.late for row in rows),
        soon=sum(row.soon for row in rows),
        processes=_processes(session, {row.process_id: row.definition_key for row in rows}),
        steps=tuple(sorted({(row.element_id, row.name) for row in rows}, key=lambda step: (step[1], step[0]))),
    )


def _processes(session: Session, definition_keys: dict[str, int]) -> tuple[tuple[str, str], ...]:
    d = definition.c
    names = {row.id: row.name for row in session.execute(select(d.id, d.name).where(d.key.in_(definition_keys.values())))}
    return tuple((process_id, names.get(process_id, process_id)) for process_id in sorted(definition_keys))


def _inbox(actor: Actor) -> ColumnElement[bool]:
    """``Actor.may_work_on`` in SQL."""
    return or_(_T.assignee == actor.user_id, and_(_T.assignee.is_(None), _candidate(actor)))


def _visible(actor: Actor) -> ColumnElement[bool]:
    return or_(_T.assignee == actor.user_id, _T.completed_by == actor.user_id, _candidate(actor))


def _candidate(actor: Actor) -> ColumnElement[bool]:
    return _T.candidates.op("&&", is_comparison=True)(_array(candidates(sorted(actor.groups), [actor.user_id])))


def _holds(candidate: str) -> ColumnElement[bool]:
    return _T.candidates.op("@>", is_comparison=True)(_array([candidate]))


def _array(wanted: list[str]) -> ColumnElement[Any]:
    """Written into the statement: the best way to a group with ten tasks is the worst to one with ten thousand, and the
    database can only choose when it plans with the names before it.
    """
    written = array([bindparam(None, name, Text, literal_execute=True, unique=True) for name in wanted])
    return cast(written, ARRAY(Text))
