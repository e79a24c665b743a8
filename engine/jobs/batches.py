"""Batches in the job queue: a job does some of the items and asks for the next job."""

from __future__ import annotations

from procrastinate import App, RetryStrategy

from engine.facade import ProcessEngine
from engine.store.queue import BATCH_TASK, QUEUE

AGAIN = RetryStrategy(wait=10)  # for a database that went away in the middle; each item keeps its own failure


def register(app: App, engine: ProcessEngine) -> None:
    @app.task(name=BATCH_TASK, queue=QUEUE, retry=AGAIN)
    def run_batch(batch_key: int) -> None:
        engine.run_batch(batch_key)
