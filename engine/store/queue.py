"""Enqueueing effects in the transaction that asks for them. The queue is procrastinate, in the same database."""

from __future__ import annotations

import datetime as dt

from procrastinate import App, SyncPsycopgConnector

from engine.store.unit_of_work import UnitOfWork

QUEUE = "effects"
TASK = "engine.run_effect"
BATCH_TASK = "engine.run_batch"

# only writes into connections it is given; the worker has an application of its own
_enqueuer = App(connector=SyncPsycopgConnector())


def enqueue(uow: UnitOfWork, job_key: int, *, at: dt.datetime | None = None) -> None:
    """Have a worker run the effect of a job row after commit, not before ``at`` (real time)."""
    task = _enqueuer.configure_task(TASK, allow_unknown=True, queue=QUEUE, connection=uow.driver, schedule_at=at)
    task.defer(job_key=job_key)


def enqueue_batch(uow: UnitOfWork, batch_key: int, *, at: dt.datetime | None = None) -> None:
    """Have a worker do some more of a batch after commit, not before ``at`` (real time)."""
    task = _enqueuer.configure_task(BATCH_TASK, allow_unknown=True, queue=QUEUE, connection=uow.driver, schedule_at=at)
    task.defer(batch_key=batch_key)
