"""Jobs for outside workers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import anyio
from fastapi import APIRouter, Request, Response

from engine.facade import ProcessEngine
from engine.model import Job
from web.api import searching
from web.api.callers import Caller, CommandId, Engine, JobWorker, Operator
from web.api.exact import ExactRoute, exact
from web.api.owners import instances_by_key
from web.api.problems import BadRequest
from web.api.searching import number
from web.api.shapes.jobs import (
    STATES,
    Activated,
    ActivatedJob,
    Activation,
    JobCompletion,
    JobError,
    JobFailure,
    JobFound,
    JobUpdate,
    lease_of,
)
from web.api.shapes.wire import Found, Key, Search
from web.api.waiting_room import WaitingRoom

router = APIRouter(prefix="/v2", tags=["jobs"], route_class=ExactRoute)

WAIT_S, LONGEST_WAIT_S = 10.0, 60.0
FILTERS = {
    "jobKey": searching.key("key"),
    "type": searching.phrase("type"),
    "worker": searching.phrase("worker"),
    "state": searching.word("state", STATES),
    "retries": searching.ordered("retries", number),
    "processInstanceKey": searching.key("instance_key"),
    "processDefinitionId": searching.phrase("process_id"),
    "processDefinitionKey": searching.key("definition_key"),
    "elementId": searching.phrase("element_id"),
    "elementInstanceKey": searching.key("element_key"),
    "errorCode": searching.phrase("error_code"),
    "errorMessage": searching.phrase("error_message"),
    "deadline": searching.ordered("deadline"),
    "creationTime": searching.ordered("created_at"),
    "endTime": searching.ordered("ended_at"),
}
SORTS = {"jobKey": "key"}


@router.post("/jobs/activation", response_model=Activated)
async def activate(body: Activation, request: Request, caller: JobWorker, engine: Engine) -> Response:
    """Up to ``maxJobsToActivate``; waits up to ``requestTimeout`` for the first one (0: ten seconds, negative: not at all)."""
    caller.require_job_type(body.type)
    for tenant in body.tenant_ids:
        searching.only_tenant(tenant)
    wait = 0.0 if body.request_timeout < 0 else min(body.request_timeout / 1000 or WAIT_S, LONGEST_WAIT_S)
    jobs = await _take(body, engine)
    if not jobs and wait:
        jobs = await _room(request, engine).jobs(body.type, lambda: _take_for(request, body, engine), wait)
    owners = await anyio.to_thread.run_sync(instances_by_key, engine, [job.instance_key for job in jobs]) if jobs else {}
    return exact(Activated(jobs=[ActivatedJob.of(job, body, owners[job.instance_key].business_key) for job in jobs]))


def _room(request: Request, engine: ProcessEngine) -> WaitingRoom:
    state = request.app.state
    if not hasattr(state, "waiting_room"):
        state.waiting_room = WaitingRoom(engine.available_job_types, lambda: state.leaving.has_begun)
    room: WaitingRoom = state.waiting_room
    return room


async def _take_for(request: Request, body: Activation, engine: ProcessEngine) -> Sequence[Job]:
    """Nothing for somebody who has left meanwhile: it would be lost until its deadline."""
    if await request.is_disconnected():
        raise TimeoutError
    return await _take(body, engine)


async def _take(body: Activation, engine: ProcessEngine) -> Sequence[Job]:
    def take() -> Sequence[Job]:
        timeout = dt.timedelta(milliseconds=body.timeout)
        return engine.activate_jobs(body.type, body.worker, timeout=timeout, max_jobs=body.max_jobs_to_activate)

    return await anyio.to_thread.run_sync(take)


@router.post("/jobs/search")
def search(_: Operator, engine: Engine, search: Search | None = None) -> Found[JobFound]:
    page = engine.jobs(**searching.query(search or Search(), FILTERS, SORTS))
    owners = instances_by_key(engine, (job.instance_key for job in page))
    return searching.answer(page, lambda it: JobFound.of(it, owners[it.instance_key].business_key), Found[JobFound])


@router.post("/jobs/{key}/completion", status_code=204, response_class=Response)
def complete(key: Key, caller: JobWorker, engine: Engine, command_id: CommandId, body: JobCompletion | None = None) -> Response:
    """409 when it was completed already, or when the lease was lost to another worker."""
    told = body or JobCompletion()
    lease = _lease(engine, caller, key, told.job_lease_token)
    engine.complete_job(int(key), told.variables or {}, actor=caller.actor, command_id=command_id, lease=lease)
    return Response(status_code=204)


@router.post("/jobs/{key}/failure", status_code=204, response_class=Response)
def fail(key: Key, caller: JobWorker, engine: Engine, command_id: CommandId, body: JobFailure | None = None) -> Response:
    """Without retries left the job becomes an incident."""
    told = body or JobFailure()
    engine.fail_job(
        int(key),
        retries=told.retries,
        message=told.error_message,
        back_off=dt.timedelta(milliseconds=told.retry_back_off),
        actor=caller.actor,
        command_id=command_id,
        lease=_lease(engine, caller, key, told.job_lease_token),
    )
    return Response(status_code=204)


@router.post("/jobs/{key}/error", status_code=204, response_class=Response)
def throw_error(key: Key, body: JobError, caller: JobWorker, engine: Engine, command_id: CommandId) -> Response:
    """A business outcome the diagram catches; uncaught it becomes an incident."""
    lease = _lease(engine, caller, key, body.job_lease_token)
    said = (body.error_code, body.error_message or "", body.variables or {})
    engine.throw_job_error(int(key), *said, actor=caller.actor, command_id=command_id, lease=lease)
    return Response(status_code=204)


@router.patch("/jobs/{key}", status_code=204, response_class=Response)
def update(key: Key, body: JobUpdate, caller: JobWorker, engine: Engine) -> Response:
    """More retries, or more time from now for the worker that has it."""
    change = body.changeset
    if change.retries is None and change.timeout is None:
        raise BadRequest(cause="the changeset changes nothing")
    timeout = None if change.timeout is None else dt.timedelta(milliseconds=change.timeout)
    lease = _lease(engine, caller, key, body.job_lease_token)
    engine.update_job(int(key), retries=change.retries, timeout=timeout, actor=caller.actor, lease=lease)
    return Response(status_code=204)


def _lease(engine: ProcessEngine, caller: Caller, key: str, token: str | None) -> int | None:
    """The lease the caller shows. Raises NotFound, NotPermitted for a type their token is not for, BadRequest."""
    caller.require_job_type(engine.job(int(key)).type)
    return None if token is None else lease_of(token, int(key))
