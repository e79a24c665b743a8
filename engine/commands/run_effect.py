"""Run one effect on the outside: after commit, at least once, under an idempotency key that is the same on every retry."""

from __future__ import annotations

import datetime as dt

import structlog
from structlog.contextvars import bound_contextvars

from engine.commands import jobs
from engine.commands.workshop import Workshop
from engine.errors import ExecutionFailed
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
    effect = workshop.effects.get(row.job.type)
    try:
        if effect is None:
            raise ExecutionFailed("There is no effect {type} in this installation.", type=row.job.type)
        output = effect(row.job.variables, f"effect-{job_key}")
        jobs.complete_job(workshop, job_key, dict(output or {}), actor=SYSTEM)
    except jobs.JobClosed:  # the case has gone on without it
        return False
    except Exception as error:  # whatever the outside does, the worker goes on and tries again
        log.exception("effect_failed", effect=row.job.type, job=job_key)
        _fail(workshop, row, f"{type(error).__name__}: {error}")
    return True


def _waiting(workshop: Workshop, job_key: int) -> JobRow | None:
    with workshop.database.unit_of_work() as uow:
        row = job_rows.find(uow, job_key)
    return row if row is not None and row.job.state in job_rows.OPEN else None


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
