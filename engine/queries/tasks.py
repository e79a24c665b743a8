"""User tasks: one, many, and how many."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import ColumnElement, DateTime, and_, cast, func, literal, or_, select
from sqlalchemy.dialects.postgresql import ARRAY, array
from sqlalchemy.orm import Session
from sqlalchemy.types import Text

from engine.errors import NotFound
from engine.model import Actor, Page, TaskCounts, UserTask
from engine.queries.paging import Cut, Listing, equal, page
from engine.store import reading
from engine.store.rows import candidates
from engine.store.tables import definition, user_task

SOON = dt.timedelta(days=2)
NO_DUE = "9999-12-31T00:00:00+00:00"  # tasks without a due date come last

_T = user_task.c
LISTING = Listing(
    reading.TASK,
    _T.key,
    {
        "due": func.coalesce(_T.due, cast(literal(NO_DUE), DateTime(timezone=True)), type_=DateTime(timezone=True)),
        "created": _T.created_at,
        "ended": func.coalesce(_T.ended_at, cast(literal(NO_DUE), DateTime(timezone=True)), type_=DateTime(timezone=True)),
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
    mine = _T.assignee == actor.user_id
    open_tasks = (_T.state == "created", _inbox(actor))
    one = select(
        func.count(),
        func.count().filter(mine),
        func.count().filter(_T.due < now),
        func.count().filter(and_(_T.due >= now, _T.due < now + SOON)),
    ).where(*open_tasks)
    total, own, late, soon = session.execute(one).one()
    steps = session.execute(select(_T.element_id, _T.name).where(*open_tasks).distinct().order_by(_T.name)).all()
    processes = session.execute(_processes(open_tasks)).all()
    return TaskCounts(
        total, own, late, soon, tuple((row[0], row[1]) for row in processes), tuple((row[0], row[1]) for row in steps)
    )


def _processes(open_tasks: tuple[ColumnElement[bool], ...]) -> Any:
    names = select(_T.process_id, func.max(definition.c.name)).join(definition, definition.c.key == _T.definition_key)
    return names.where(*open_tasks).group_by(_T.process_id).order_by(_T.process_id)


def _inbox(actor: Actor) -> ColumnElement[bool]:
    """``Actor.may_work_on`` in SQL."""
    return or_(_T.assignee == actor.user_id, and_(_T.assignee.is_(None), _candidate(actor)))


def _visible(actor: Actor) -> ColumnElement[bool]:
    return or_(_T.assignee == actor.user_id, _T.completed_by == actor.user_id, _candidate(actor))


def _candidate(actor: Actor) -> ColumnElement[bool]:
    wanted = candidates(sorted(actor.groups), [actor.user_id])
    return _T.candidates.op("&&", is_comparison=True)(cast(array(wanted), ARRAY(Text)))


def _holds(candidate: str) -> ColumnElement[bool]:
    return _T.candidates.op("@>", is_comparison=True)(cast(array([candidate]), ARRAY(Text)))
