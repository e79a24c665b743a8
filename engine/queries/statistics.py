"""How long things take and where they stand, for one definition or over all. Everything past is bounded by ``since``."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import ColumnElement, Date, Integer, Select, and_, bindparam, cast, func, select
from sqlalchemy.dialects.postgresql import ARRAY, array
from sqlalchemy.orm import Session
from sqlalchemy.sql.expression import Grouping

from engine.errors import NotFound
from engine.model.operating import ElementDuration, ElementStatistics, ElementWaiting, SlowStep
from engine.store.tables import element_instance, process_instance, user_task

BODY = "multiInstanceBody"  # stands beside the children it holds, so it is not counted
RUNNING = ("active", "incident")
_E, _P, _T = element_instance.c, process_instance.c, user_task.c
QUANTILES = array([0.5, 0.9])


def element_statistics(
    session: Session,
    *,
    definition_key: int | None = None,
    instance_key: int | None = None,
    since: dt.datetime | None = None,
    except_roots: Collection[int] = (),
) -> tuple[ElementStatistics, ...]:
    """Of every instance of a definition, or of one instance. Completed and terminated ones only count after ``since``.

    ``except_roots``: cases that are not counted.
    """
    counts = [func.count().filter(_E.state == state) for state in ("active", "incident", "completed", "terminated")]
    statement = select(_E.element_id, *counts).where(_E.element_type != BODY)
    if instance_key is not None:
        root = session.execute(select(_P.root_key).where(_P.key == instance_key)).scalar()
        if root is None:
            raise NotFound(kind="Process instance", key=instance_key)
        statement = statement.where(_E.root_key == root, _E.instance_key == instance_key)
    else:
        statement = _of_definition(statement, definition_key)
    if since is not None:
        statement = statement.where(_E.ended_at.is_(None) | (_E.ended_at >= since))
    if except_roots:
        statement = statement.where(_E.root_key.not_in(except_roots))
    rows = session.execute(statement.group_by(_E.element_id).order_by(_E.element_id))
    return tuple(ElementStatistics(*row) for row in rows)


def durations(session: Session, definition_key: int, since: dt.datetime) -> tuple[ElementDuration, ...]:
    """Of the passes completed after ``since``; slowest first."""
    lasted = func.extract("epoch", _E.ended_at - _E.started_at)
    quantiles = func.percentile_cont(QUANTILES).within_group(lasted)
    columns = (_E.element_id, func.max(_E.element_type), func.max(_E.name), func.count(), quantiles, func.max(lasted))
    statement = select(*columns).where(_E.state == "completed", _E.ended_at >= since, _E.element_type != BODY)
    rows = session.execute(_of_definition(statement, definition_key).group_by(_E.element_id)).all()
    found = [ElementDuration(row[0], row[1], row[2], row[3], float(row[4][0]), float(row[4][1]), float(row[5])) for row in rows]
    return tuple(sorted(found, key=lambda one: -one.median))


def waiting(session: Session, definition_key: int, now: dt.datetime) -> tuple[ElementWaiting, ...]:
    """What stands where now; most tokens first."""
    waited = func.greatest(func.extract("epoch", now - _E.started_at), 0)
    columns = (
        _E.element_id,
        func.count(),
        func.count().filter(_E.state == "incident"),
        func.percentile_cont(0.5).within_group(waited),
        func.max(waited),
    )
    statement = select(*columns).where(_E.state.in_(RUNNING), _E.element_type != BODY, _P.state.in_(RUNNING))
    rows = session.execute(_of_definition(statement, definition_key).group_by(_E.element_id)).all()
    found = [ElementWaiting(row[0], row[1], row[2], float(row[3]), float(row[4])) for row in rows]
    return tuple(sorted(found, key=lambda one: (-one.count, one.element_id)))


def _of_definition(statement: Select[Any], definition_key: int | None) -> Select[Any]:
    return statement.join(process_instance, _P.key == _E.instance_key).where(_P.definition_key == definition_key)


def slow_steps(
    session: Session,
    *,
    since: dt.datetime,
    process_id: str | None = None,
    group: str | None = None,
    days: Mapping[dt.date, int] | None = None,
    zone: str = "Asia/Shanghai",
    limit: int = 50,
) -> tuple[SlowStep, ...]:
    """User tasks completed after ``since`` or open now, by process, step and candidate groups; the slowest first.

    ``days``: the number of working days up to and including each date; tasks outside of it have no working days.
    """
    finished = [_T.state == "completed", _T.ended_at >= since, *_narrowed(process_id, group)]
    standing = [_T.state == "created", *_narrowed(process_id, group)]
    places: dict[tuple[str, str, tuple[str, ...]], dict[str, Any]] = {}
    for row in session.execute(_finished(finished, days, zone)).mappings():
        places[_place(row)] = dict(row)
    open_tasks = select(
        *_PLACE, func.max(_T.name).label("name"), func.count().label("open"), func.min(_T.created_at).label("oldest")
    )
    for row in session.execute(open_tasks.where(*standing).group_by(*_PLACE)).mappings():
        places[_place(row)] = places.get(_place(row), {}) | dict(row)
    found = sorted(map(_slow_step, places.values()), key=lambda one: (-(one.median or 0), -one.open))
    return tuple(found[:limit])


_PLACE = (_T.process_id, _T.element_id, _T.candidate_groups)


def _narrowed(process_id: str | None, group: str | None) -> list[ColumnElement[bool]]:
    conditions = [] if process_id is None else [_T.process_id == process_id]
    return conditions if group is None else [*conditions, _T.candidate_groups.contains([group])]


def _place(row: Mapping[Any, Any]) -> tuple[str, str, tuple[str, ...]]:
    return row["process_id"], row["element_id"], tuple(row["candidate_groups"])


def _finished(conditions: list[ColumnElement[bool]], days: Mapping[dt.date, int] | None, zone: str) -> Select[Any]:
    lasted = func.extract("epoch", _T.ended_at - _T.created_at)
    columns = [
        *_PLACE,
        func.max(_T.name).label("name"),
        func.count().label("completed"),
        func.percentile_cont(QUANTILES).within_group(lasted).label("lasted"),
    ]
    if not days:
        return select(*columns).where(*conditions).group_by(*_PLACE)
    # one array from the first day on, not a table to join: what lies outside of it gives null
    start = min(days)
    numbers = [days.get(start + dt.timedelta(days=n)) for n in range((max(days) - start).days + 1)]
    numbered = Grouping(bindparam("numbers", numbers, ARRAY(Integer)))
    began, ended = (numbered[cast(func.timezone(zone, moment), Date) - start + 1] for moment in (_T.created_at, _T.ended_at))
    in_days = func.percentile_cont(QUANTILES).within_group(ended - began).filter(ended >= began)
    return select(*columns, in_days.label("days")).where(and_(*conditions)).group_by(*_PLACE)


def _slow_step(row: Mapping[str, Any]) -> SlowStep:
    median, p90 = _pair(row.get("lasted"))
    return SlowStep(
        row["process_id"],
        row["element_id"],
        row["name"],
        tuple(row["candidate_groups"]),
        row.get("completed", 0),
        median,
        p90,
        *_pair(row.get("days")),
        row.get("open", 0),
        row.get("oldest"),
    )


def _pair(quantiles: Any) -> tuple[float | None, float | None]:
    if not quantiles or None in quantiles:
        return None, None
    return float(quantiles[0]), float(quantiles[1])
