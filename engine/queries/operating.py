"""What waits, what stopped and what is in use, over all cases."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import Row, func, select, text
from sqlalchemy.orm import Session

from engine.model import Page
from engine.model.operating import Cause, DueTimer, JobCount, Overview, Standing, TimerCount, VersionInUse
from engine.queries.paging import Cut, Listing, equal, page
from engine.store import reading
from engine.store.tables import definition, element_instance, incident, job, process_instance, timer, user_task

RUNNING = ("active", "incident")
UNFINISHED = ("created", "activated", "failed")
_D, _E, _I, _J, _P, _T = definition.c, element_instance.c, incident.c, job.c, process_instance.c, timer.c

# the queue's own table: a worker writes there every few seconds, and takes its row away when it stops in order
_WORKER_SEEN = text("select max(last_heartbeat) from procrastinate_workers")


def overview(session: Session, now: dt.datetime) -> Overview:
    """Counts of what is unfinished; none of them looks at what has ended."""
    t = user_task.c
    running = select(func.count()).where(_P.state.in_(RUNNING), _P.key == _P.root_key)
    tasks = select(func.count(), func.count().filter(t.due < now)).where(t.state == "created")
    timers = select(func.count(), func.count().filter(_T.due_at < now, ~_T.suspended), func.min(_T.due_at).filter(~_T.suspended))
    jobs = select(func.count().filter(_J.state != "failed"), func.count().filter(_J.state == "failed")).where(
        _J.state.in_(UNFINISHED)
    )
    open_tasks, late = session.execute(tasks).one()
    waiting, overdue, next_due = session.execute(timers).one()
    open_jobs, failed = session.execute(jobs).one()
    return Overview(
        running=session.execute(running).scalar_one(),
        suspended=session.execute(running.where(_P.suspended_at.is_not(None))).scalar_one(),
        incidents=session.execute(select(func.count()).where(_I.state == "active")).scalar_one(),
        open_tasks=open_tasks,
        late_tasks=late,
        timers=waiting,
        overdue_timers=overdue,
        next_due=next_due,
        open_jobs=open_jobs,
        failed_jobs=failed,
        worker_seen=worker_seen(session),
    )


def worker_seen(session: Session) -> dt.datetime | None:
    """When a worker last gave a sign, in real time; None when none is registered."""
    found: dt.datetime | None = session.execute(_WORKER_SEEN).scalar()
    return found


STANDING = Listing(
    (*reading.ELEMENT, _P.business_key, _P.definition_key, _P.process_id),
    _E.key,
    {"started": _E.started_at, "key": _E.key},
    lambda row: Standing(reading.element(row), row.business_key, row.definition_key, row.process_id),
)


def standing(session: Session, cut: Cut, definition_key: int, element_id: str | None = None, state: str | None = None) -> Page:
    """The tokens that stand at an element of a definition now."""
    conditions = [_P.key == _E.instance_key, _P.definition_key == definition_key, _P.state.in_(RUNNING)]
    conditions += [_E.state.in_(RUNNING), _E.element_type != "multiInstanceBody"]
    return page(session, STANDING, conditions + equal(element_instance, element_id=element_id, state=state), cut)


def versions_in_use(session: Session) -> tuple[VersionInUse, ...]:
    """The newest version of each process, and every older one something still runs on; by process, newest first."""
    counted = select(_P.definition_key, func.count(), func.count().filter(_P.state == "incident"))
    running = {
        row[0]: (row[1], row[2]) for row in session.execute(counted.where(_P.state.in_(RUNNING)).group_by(_P.definition_key))
    }
    columns = (_D.key, _D.id, _D.name, _D.version, _D.version_tag, _D.deployed_at)
    found, newest = [], ""
    for row in session.execute(select(*columns).where(_D.kind == "process").order_by(_D.id, _D.version.desc())):
        first = row.id != newest
        newest = row.id
        if first or row.key in running:
            found.append(VersionInUse(*row, first, *running.get(row.key, (0, 0))))
    return tuple(found)


_CASE = select(_P.business_key).where(_P.key == _T.root_key).correlate(timer).scalar_subquery()
TIMERS = Listing(
    (
        *(
            _T[name]
            for name in ("element_key", "root_key", "instance_key", "definition_key", "element_id", "due_at", "suspended")
        ),
        _D.id.label("process_id"),
        _D.name.label("process_name"),
        func.coalesce(_CASE, "").label("business_key"),
    ),
    _T.element_key,
    {"due": _T.due_at, "key": _T.element_key},
    lambda row: _timer(row),
)


def _timer(row: Row[Any]) -> DueTimer:
    values = row._mapping  # noqa: SLF001 - SQLAlchemy's documented name
    return DueTimer(**{name: values[name] for name in DueTimer.__dataclass_fields__})


def timers(
    session: Session,
    cut: Cut,
    *,
    process_id: str | None = None,
    due_before: dt.datetime | None = None,
    suspended: bool | None = None,
    **equals: Any,
) -> Page:
    """Everything that waits for its moment."""
    conditions = [_D.key == _T.definition_key, *equal(timer, suspended=suspended, **equals)]
    if process_id is not None:
        conditions.append(_D.id == process_id)
    if due_before is not None:
        conditions.append(_T.due_at < due_before)
    return page(session, TIMERS, conditions, cut)


def timer_counts(session: Session, now: dt.datetime) -> tuple[TimerCount, ...]:
    """By process; the process whose next one is due first comes first."""
    overdue = func.count().filter(_T.due_at < now, ~_T.suspended)
    columns = (_T.definition_key, func.count().label("n"), overdue.label("late"), func.count().filter(_T.suspended).label("off"))
    by_version = select(*columns, func.min(_T.due_at).label("due")).group_by(_T.definition_key).subquery()
    v = by_version.c
    statement = (
        select(_D.id, func.max(_D.name), func.sum(v.n), func.sum(v.late), func.sum(v.off), func.min(v.due))
        .join(definition, _D.key == v.definition_key)
        .group_by(_D.id)
        .order_by(func.min(v.due))
    )
    rows = session.execute(statement)
    return tuple(TimerCount(row[0], row[1], int(row[2]), int(row[3]), int(row[4]), row[5]) for row in rows)


def job_counts(session: Session) -> tuple[JobCount, ...]:
    """Unfinished jobs by type and state."""
    statement = select(_J.type, _J.state, _J.is_effect, func.count()).where(_J.state.in_(UNFINISHED))
    grouped = statement.group_by(_J.type, _J.state, _J.is_effect).order_by(_J.type, _J.state)
    return tuple(JobCount(*row) for row in session.execute(grouped))


def causes(session: Session, limit: int = 50) -> tuple[Cause, ...]:
    """Active incidents put together by what they say about which element; the most frequent first."""
    same = (_I.kind, _I.process_id, _I.element_id, _I.message)
    columns = (*same, func.count().label("n"), func.min(_I.raised_at), func.max(_I.raised_at), func.max(_I.key))
    statement = (
        select(*columns).where(_I.state == "active").group_by(*same).order_by(func.count().desc(), func.max(_I.raised_at).desc())
    )
    return tuple(Cause(*row) for row in session.execute(statement.limit(limit)))


def same_cause(session: Session, incident_key: int, limit: int) -> tuple[int, ...]:
    """Keys of the active incidents that say the same as this one, the oldest first."""
    like = incident.alias("like")
    said = [like.c[name] == _I[name] for name in ("kind", "process_id", "element_id", "message")]
    statement = select(_I.key).where(_I.state == "active", like.c.key == incident_key, *said).order_by(_I.raised_at, _I.key)
    return tuple(session.scalars(statement.limit(limit)))
