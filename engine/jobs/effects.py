"""Runs effects from the job queue, and takes over the work of workers that died."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import AsyncIterator, Coroutine

import structlog
from procrastinate import App, PsycopgConnector, RetryStrategy

from engine.facade import ProcessEngine
from engine.jobs import batches
from engine.store.queue import QUEUE, TASK

log = structlog.get_logger(__name__)

AT_ONCE = 4  # effects a worker runs side by side; they wait for the outside most of the time
HEARTBEAT_S = 5
STALLED_AFTER_S = 20  # without a heartbeat a worker counts as dead, so that another goes on well within a minute
SWEEP_S = 10
FINISH_WITHIN_S = 10  # a stopping worker gives running effects this long; what is cut off runs again elsewhere
KEPT_HOURS = 24 * 7  # finished jobs of the queue; the history of the case keeps what matters
# effects keep their own count of retries; this is for a database that went away in the middle
AGAIN = RetryStrategy(wait=10)


def application(engine: ProcessEngine) -> App:
    """The queue as a worker sees it."""
    app = App(connector=PsycopgConnector(conninfo=engine.database.conninfo, min_size=1, max_size=AT_ONCE + 2))

    @app.task(name=TASK, queue=QUEUE, retry=AGAIN)
    def run_effect(job_key: int) -> None:
        engine.run_effect(job_key)

    batches.register(app, engine)
    return app


async def work(engine: ProcessEngine, stop: threading.Event) -> None:
    """Run effects until ``stop`` is set. Raises when the database goes away."""
    app = application(engine)
    async with app.open_async(), _beside(_sweep(app)):
        worker = asyncio.create_task(
            app.run_worker_async(
                queues=[QUEUE],
                concurrency=AT_ONCE,
                install_signal_handlers=False,
                delete_jobs="successful",
                shutdown_graceful_timeout=FINISH_WITHIN_S,
                update_heartbeat_interval=HEARTBEAT_S,
                stalled_worker_timeout=STALLED_AFTER_S,
            )
        )
        while not stop.is_set() and not worker.done():
            await asyncio.wait([worker], timeout=0.5)
        worker.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await worker


async def _sweep(app: App) -> None:
    """Nothing of the queue itself starts the jobs of a killed worker again."""
    while True:
        await take_over(app)
        await app.job_manager.delete_old_jobs(nb_hours=KEPT_HOURS, include_failed=True, include_aborted=True)
        await asyncio.sleep(SWEEP_S)


async def take_over(app: App) -> int:
    """Put the jobs of dead workers back into the queue; returns how many."""
    stalled = list(await app.job_manager.get_stalled_jobs(queue=QUEUE, seconds_since_heartbeat=STALLED_AFTER_S))
    for job in stalled:
        log.warning("job_taken_over", queue_job=job.id)
        await app.job_manager.retry_job(job)
    return len(stalled)


@contextlib.asynccontextmanager
async def _beside(routine: Coroutine[None, None, None]) -> AsyncIterator[None]:
    """Run a coroutine while the body runs."""
    task = asyncio.create_task(routine)
    try:
        yield
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task
