"""Cases as they stand: process instances, their elements, variables, timers, incidents and jobs."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from engine.errors import NotFound
from engine.model import Comparisons, Incident, Job, Page, ProcessInstance, Timer, Variable
from engine.queries.comparing import condition
from engine.queries.paging import Cut, Listing, equal, page
from engine.store import reading
from engine.store.tables import element_instance, incident, job, process_instance, timer, variable

INSTANCES = Listing(
    reading.INSTANCE,
    process_instance.c.key,
    {"key": process_instance.c.key, "started": process_instance.c.started_at, "business_key": process_instance.c.business_key},
    reading.instance,
)
# keys rise within one process only, so what happened first is told by the moment
ELEMENTS = Listing(
    reading.ELEMENT,
    element_instance.c.key,
    {"started": element_instance.c.started_at, "key": element_instance.c.key},
    reading.element,
)
VARIABLES = Listing(reading.VARIABLE, variable.c.key, {"key": variable.c.key, "name": variable.c.name}, reading.variable)
INCIDENTS = Listing(reading.INCIDENT, incident.c.key, {"key": incident.c.key, "raised": incident.c.raised_at}, reading.incident)
JOBS = Listing(reading.JOB, job.c.key, {"key": job.c.key}, reading.job)
RUNNING = ("active", "incident")


def instance(session: Session, key: int) -> ProcessInstance:
    """Raises NotFound."""
    found: ProcessInstance = _one(session, INSTANCES, key, "Process instance")
    return found


def instances(
    session: Session,
    cut: Cut,
    *,
    state: str | Comparisons | None = None,
    has_incident: bool | None = None,
    running: bool | None = None,
    suspended: bool | None = None,
    roots_only: bool = False,
    **equals: Any,
) -> Page:
    """``state`` active includes those with an incident, unless ``has_incident`` says otherwise."""
    p = process_instance.c
    conditions = equal(process_instance, **equals)
    conditions += _state(p.state, state, has_incident)
    if running is not None:
        conditions.append(p.state.in_(RUNNING) if running else p.state.not_in(RUNNING))
    if suspended is not None:
        conditions.append(p.suspended_at.is_not(None) if suspended else p.suspended_at.is_(None))
    if roots_only:
        conditions.append(p.key == p.root_key)
    return page(session, INSTANCES, conditions, cut)


def elements(
    session: Session,
    cut: Cut,
    *,
    of: int | None = None,
    state: str | Comparisons | None = None,
    has_incident: bool | None = None,
    **equals: Any,
) -> Page:
    """``of``: an instance, or a root with everything it called."""
    e = element_instance.c
    conditions = equal(element_instance, **equals) + _state(e.state, state, has_incident)
    if of is not None:
        conditions.append(or_(e.root_key == of, _belongs(session, element_instance, of)))
    return page(session, ELEMENTS, conditions, cut)


def variables(session: Session, cut: Cut, *, of: int | None = None, **equals: Any) -> Page:
    """``of``: an instance, or a root with everything it called."""
    conditions = equal(variable, **equals)
    if of is not None:
        conditions.append(or_(variable.c.root_key == of, _belongs(session, variable, of)))
    return page(session, VARIABLES, conditions, cut)


def _belongs(session: Session, table: Any, instance_key: int) -> ColumnElement[bool]:
    """Rows of a called instance; found through the index by root."""
    root = session.execute(select(process_instance.c.root_key).where(process_instance.c.key == instance_key)).scalar()
    return and_(table.c.root_key == (root or 0), table.c.instance_key == instance_key)


def one_variable(session: Session, key: int) -> Variable:
    """Raises NotFound."""
    found: Variable = _one(session, VARIABLES, key, "Variable")
    return found


def visible_variables(session: Session, element_key: int) -> list[Variable]:
    """What the element sees, by name: its own scope, the scopes around it, its instance. The nearest wins."""
    e = element_instance.c
    found = session.execute(select(e.root_key, e.instance_key, e.scope_key).where(e.key == element_key)).one_or_none()
    if found is None:
        raise NotFound(kind="Element instance", key=element_key)
    scopes = [element_key, found.scope_key]
    while scopes[-1] != found.instance_key:
        around = session.execute(select(e.scope_key).where(e.key == scopes[-1], e.root_key == found.root_key)).scalar()
        scopes.append(found.instance_key if around is None else around)
    statement = select(*reading.VARIABLE).where(variable.c.root_key == found.root_key, variable.c.scope_key.in_(scopes))
    nearest: dict[str, Variable] = {}
    for one in sorted(map(reading.variable, session.execute(statement)), key=lambda one: scopes.index(one.scope_key)):
        nearest.setdefault(one.name, one)
    return sorted(nearest.values(), key=lambda one: one.name)


def timers(session: Session, root_key: int) -> list[Timer]:
    """What the case waits for in time, the earliest first."""
    statement = select(*reading.TIMER).where(timer.c.root_key == root_key).order_by(timer.c.due_at, timer.c.element_key)
    return [reading.timer(row) for row in session.execute(statement)]


def one_incident(session: Session, key: int) -> Incident:
    """Raises NotFound."""
    found: Incident = _one(session, INCIDENTS, key, "Incident")
    return found


def incidents(session: Session, cut: Cut, **equals: Any) -> Page:
    return page(session, INCIDENTS, equal(incident, **equals), cut)


def one_job(session: Session, key: int) -> Job:
    """Raises NotFound."""
    found: Job = _one(session, JOBS, key, "Job")
    return found


def jobs(session: Session, cut: Cut, **equals: Any) -> Page:
    return page(session, JOBS, equal(job, **equals), cut)


def _one(session: Session, listing: Listing, key: int, kind: str) -> Any:
    row = session.execute(select(*listing.columns).where(listing.key == key)).one_or_none()
    if row is None:
        raise NotFound(kind=kind, key=key)
    return listing.read(row)


def _state(column: ColumnElement[str], state: str | Comparisons | None, has_incident: bool | None) -> list[ColumnElement[bool]]:
    conditions = []
    if isinstance(state, Comparisons):
        conditions.append(condition(column, state))
    elif state is not None:
        conditions.append(column.in_(RUNNING) if state == "active" and has_incident is not False else column == state)
    if has_incident is not None:
        conditions.append(column == "incident" if has_incident else column != "incident")
    return conditions
