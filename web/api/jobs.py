"""Jobs for outside workers."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import time
from collections import defaultdict

import anyio
from fastapi import APIRouter, Request, Response

from engine.facade import ProcessEngine
from engine.model import Job
from web.api.callers import Engine, JobWorker
from web.api.problems import NotOffered
from web.api.shapes.jobs import Activated, ActivatedJob, Activation, JobCompletion, JobError, JobFailure, JobUpdate

router = APIRouter(prefix="/v2", tags=["jobs"])

LONGEST_WAIT_S = 60.0
LOOK_AGAIN_S = 0.5
# Of all callers waiting for one type only the first in line asks the database; the others wait for their turn.
_turns: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)


@router.post("/jobs/activation")
async def activate(body: Activation, request: Request, caller: JobWorker, engine: Engine) -> Activated:
    """Up to ``maxJobsToActivate``; waits up to ``requestTimeout`` for the first one (0: a little, negative: not at all)."""
    del caller
    if body.with_lease:
        raise NotOffered(what="A job lease")
    wait = 0.0 if body.request_timeout < 0 else min((body.request_timeout or 10_000) / 1000, LONGEST_WAIT_S)
    until = time.monotonic() + wait
    jobs = await _take(body, engine)
    if not jobs and wait:
        jobs = await _wait(body, engine, request, until)
    return Activated(jobs=[ActivatedJob.of(job, body.fetch_variable) for job in jobs])


async def _wait(body: Activation, engine: ProcessEngine, request: Request, until: float) -> list[Job]:
    jobs: list[Job] = []
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(max(until - time.monotonic(), 0)), _turns[body.type]:
            while not jobs and not await request.is_disconnected():
                await asyncio.sleep(LOOK_AGAIN_S)
                jobs = await _take(body, engine)
    return jobs


async def _take(body: Activation, engine: ProcessEngine) -> list[Job]:
    def take() -> list[Job]:
        timeout = dt.timedelta(milliseconds=body.timeout)
        return list(engine.activate_jobs(body.type, body.worker, timeout=timeout, max_jobs=body.max_jobs_to_activate))

    # shielded: jobs taken for a client that has just left would otherwise be lost until their deadline
    taken: list[Job] = []
    with anyio.CancelScope(shield=True):
        taken += await anyio.to_thread.run_sync(take)
    return taken


@router.post("/jobs/{key}/completion", status_code=204, response_class=Response)
def complete(key: int, caller: JobWorker, engine: Engine, body: JobCompletion | None = None) -> Response:
    if body is not None and body.result is not None:
        raise NotOffered(what="A job result")
    engine.complete_job(key, (body.variables if body else None) or {}, actor=caller.actor)
    return Response(status_code=204)


@router.post("/jobs/{key}/failure", status_code=204, response_class=Response)
def fail(key: int, caller: JobWorker, engine: Engine, body: JobFailure | None = None) -> Response:
    """Without retries left the job becomes an incident."""
    told = body or JobFailure()
    back_off = dt.timedelta(milliseconds=told.retry_back_off)
    engine.fail_job(key, retries=told.retries, message=told.error_message, back_off=back_off, actor=caller.actor)
    return Response(status_code=204)


@router.post("/jobs/{key}/error", status_code=204, response_class=Response)
def throw_error(key: int, body: JobError, caller: JobWorker, engine: Engine) -> Response:
    """A business outcome the diagram catches; uncaught it becomes an incident."""
    engine.throw_job_error(key, body.error_code, body.error_message or "", body.variables or {}, actor=caller.actor)
    return Response(status_code=204)


@router.patch("/jobs/{key}", status_code=204, response_class=Response)
def update(key: int, body: JobUpdate, caller: JobWorker, engine: Engine) -> Response:
    change = body.changeset
    if change.priority is not None:
        raise NotOffered(what="A job's priority")
    timeout = dt.timedelta(milliseconds=change.timeout) if change.timeout is not None else None
    engine.update_job(key, retries=change.retries, timeout=timeout, actor=caller.actor)
    return Response(status_code=204)
