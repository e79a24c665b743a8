"""Run one effect on the outside: after commit, at least once, under an idempotency key that is the same on every retry."""

from __future__ import annotations

import datetime as dt
from typing import Any

import structlog
from structlog.contextvars import bound_contextvars

from engine.commands import jobs
from engine.commands.guard import checked
from engine.commands.time_limit import within
from engine.commands.workshop import Workshop
from engine.errors import Conflict, EngineError, ExecutionFailed
from engine.model import SYSTEM
from engine.store import jobs as job_rows
from engine.store import queue
from engine.store.jobs import JobRow

log = structlog.get_logger(__name__)

FIRST_PAUSE = dt.timedelta(seconds=5)
LONGEST_PAUSE = dt.timedelta(hours=1)


def run_effect(workshop: Workshop, job_key: int) -> bool:
    """False when there is nothing left to do. A failure is kept with the job and tried again later, then an incident."""
    with bound_contextvars(job=job_key):
        return _run(workshop, job_key)


def _run(workshop: Workshop, job_key: int) -> bool:
    row = _waiting(workshop, job_key)
    if row is None:
        return False
    try:
        output = _outside(workshop, row)
    except Exception as error:  # whatever the outside does, the worker goes on and tries again
        log.exception("effect_failed", effect=row.job.type)
        _fail(workshop, row, str(error) if isinstance(error, EngineError) else f"{type(error).__name__}: {error}")
        return True
    return _taken_in(workshop, row, output)


def _outside(workshop: Workshop, row: JobRow) -> dict[str, Any]:
    """What the effect answers. It hangs no worker: after its time it counts as failed, and is tried again under the same key."""
    effect, limits = workshop.effects.get(row.job.type), workshop.limits
    if effect is None:
        raise ExecutionFailed("There is no effect {type} in this installation.", type=row.job.type)
    answer = within(limits.effect_s, lambda: effect(row.job.variables, f"effect-{row.key}"))
    return checked({} if answer is None else answer, limits.output)


def _taken_in(workshop: Workshop, row: JobRow, output: dict[str, Any]) -> bool:
    """The case goes on. A busy case or a database that is away is no failure of the effect: the queue comes back to it."""
    try:
        jobs.complete_job(workshop, row.key, output, actor=SYSTEM)
    except jobs.JobClosed:  # the case has gone on without it
        return False
    except EngineError as error:
        if isinstance(error, Conflict):
            raise
        log.exception("effect_not_taken_in", effect=row.job.type)
        _fail(workshop, row, str(error))
    return True


def _waiting(workshop: Workshop, job_key: int) -> JobRow | None:
    with workshop.database.unit_of_work() as uow:
        row = job_rows.find(uow, job_key)
    return row if row is not None and row.job.state in job_rows.OPEN and not row.job.suspended else None


def _fail(workshop: Workshop, row: JobRow, message: str) -> None:
    retries = row.job.retries - 1
    jobs.fail_job(workshop, row.key, retries=retries, message=message, actor=SYSTEM)
    if retries > 0:
        with workshop.database.unit_of_work() as uow:
            queue.enqueue(uow, row.key, at=dt.datetime.now(dt.UTC) + pause(row.job.retries))
            uow.commit()


def pause(retries: int) -> dt.timedelta:
    """The fewer retries are left, the longer the wait: 5 s, 15 s, 45 s … with five retries."""
    times: int = 3 ** max(0, 5 - retries)
    return min(FIRST_PAUSE * times, LONGEST_PAUSE)
