"""Job rows: work for outside workers and for effects of ours."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Text, cast, func, select, update
from sqlalchemy.dialects.postgresql import ARRAY

from engine.model import Job
from engine.store import reading
from engine.store.tables import job
from engine.store.unit_of_work import UnitOfWork

OPEN = ("created", "activated")


@dataclass(frozen=True)
class JobRow:
    """A job with what only the engine needs to know of it."""

    job: Job
    is_effect: bool
    is_detached: bool

    @property
    def key(self) -> int:
        return self.job.key


def find(uow: UnitOfWork, key: int) -> JobRow | None:
    row = uow.session.execute(select(*reading.JOB, job.c.is_effect, job.c.is_detached).where(job.c.key == key)).one_or_none()
    return None if row is None else _row(row._asdict())


def make_available(uow: UnitOfWork, key: int, now: dt.datetime) -> JobRow:
    """Anybody may take it from ``now`` on; a job without retries gets one more."""
    c = job.c
    statement = (
        update(job)
        .where(c.key == key)
        .values(state="created", worker="", deadline=None, available_at=now, retries=func.greatest(c.retries, 1))
        .returning(*reading.JOB, c.is_effect, c.is_detached)
    )
    return _row(uow.session.execute(statement).one()._asdict())


def activate(uow: UnitOfWork, job_type: str, worker: str, now: dt.datetime, deadline: dt.datetime, limit: int) -> list[Job]:
    """Jobs nobody works on, or whose worker let the deadline pass, the oldest first. Passes over rows others have in hand."""
    c = job.c
    free = (
        select(c.key)
        .where(c.type == job_type, c.state.in_(OPEN), ~c.is_effect, ~c.suspended, c.available_at <= now, c.retries > 0)
        .order_by(c.available_at, c.key)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    statement = (
        update(job)
        .where(c.key.in_(free.scalar_subquery()))
        .values(state="activated", worker=worker, deadline=deadline, available_at=deadline, handed_out=c.handed_out + 1)
        .returning(*reading.JOB)
    )
    return sorted((reading.job(row) for row in uow.session.execute(statement)), key=lambda one: one.key)


def available(uow: UnitOfWork, job_types: Collection[str], now: dt.datetime) -> list[str]:
    """Those of the types that somebody could take a job of now: one look at the index for each."""
    c = job.c
    wanted = func.unnest(cast(list(job_types), ARRAY(Text))).table_valued("type").render_derived(name="wanted")
    free = select(c.key).where(
        c.type == wanted.c.type, c.state.in_(OPEN), ~c.is_effect, ~c.suspended, c.available_at <= now, c.retries > 0
    )
    return list(uow.session.scalars(select(wanted.c.type).where(free.exists())))


def awaited_effects(uow: UnitOfWork) -> list[int]:
    """Keys of the effects a token waits for, the oldest first."""
    c = job.c
    awaited = (c.is_effect, ~c.is_detached, ~c.suspended, c.state.in_(OPEN), c.retries > 0)
    return list(uow.session.scalars(select(c.key).where(*awaited).order_by(c.key)))


def _row(values: dict[str, Any]) -> JobRow:
    is_effect, is_detached = values.pop("is_effect"), values.pop("is_detached")
    return JobRow(Job(**values), is_effect, is_detached)
