"""Jobs of outside workers."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import Field

from engine.model import Job
from web.api.problems import BadRequest
from web.api.shapes.wire import TENANT, Key, Request, Shape, key, moment

# published states and the engine's; a job a worker has in hand is still CREATED there, with worker and deadline
STATES: dict[str, tuple[str, ...]] = {
    "CREATED": ("created", "activated"),
    "COMPLETED": ("completed",),
    "FAILED": ("failed",),
    "ERROR_THROWN": ("error_thrown",),
    "CANCELED": ("canceled",),
    **dict.fromkeys(("MIGRATED", "PRIORITY_UPDATED", "RETRIES_UPDATED", "TIMED_OUT", "TIMEOUT_UPDATED"), ()),
}
_STATE_OF = {own: published for published, owns in STATES.items() for own in owns}
LEASE = re.compile(r"([0-9]{1,18})-([0-9]{1,9})")


class Activation(Request):
    """``timeout`` and ``requestTimeout`` in milliseconds; a negative requestTimeout answers at once."""

    type: Annotated[str, Field(min_length=1, max_length=500)]
    timeout: Annotated[int, Field(gt=0, le=86_400_000)]
    max_jobs_to_activate: Annotated[int, Field(gt=0, le=1000)]
    worker: str = ""
    fetch_variable: list[str] = []
    request_timeout: int = 0
    tenant_ids: list[str] = []
    tenant_filter: Literal["PROVIDED", "ASSIGNED"] | None = None
    with_lease: bool | None = None


class ActivatedJob(Shape):
    """``deadline`` in milliseconds since 1970."""

    job_key: Key
    type: str
    process_instance_key: Key
    root_process_instance_key: Key | None
    process_definition_id: str
    process_definition_version: int
    process_definition_key: Key
    element_id: str
    element_instance_key: Key
    custom_headers: dict[str, str]
    worker: str
    retries: int
    deadline: int
    variables: dict[str, Any]
    kind: str = "BPMN_ELEMENT"
    listener_event_type: str = "UNSPECIFIED"
    user_task: None = None
    tags: list[str] = []
    business_id: str | None
    priority: int = 0
    job_lease_token: str | None
    tenant_id: str = TENANT
    physical_tenant_id: str = TENANT

    @classmethod
    def of(cls, it: Job, asked: Activation, business_key: str) -> ActivatedJob:
        assert it.deadline is not None
        wanted = asked.fetch_variable
        return cls(
            job_key=str(it.key),
            type=it.type,
            process_instance_key=str(it.instance_key),
            root_process_instance_key=key(it.root_key),
            process_definition_id=it.process_id,
            process_definition_version=it.version,
            process_definition_key=str(it.definition_key),
            element_id=it.element_id,
            element_instance_key=str(it.element_key),
            custom_headers=it.headers,
            worker=it.worker,
            retries=it.retries,
            deadline=int(it.deadline.timestamp() * 1000),
            variables={name: value for name, value in it.variables.items() if not wanted or name in wanted},
            business_id=business_key or None,
            job_lease_token=f"{it.key}-{it.handed_out}" if asked.with_lease else None,
        )


def lease_of(token: str, job_key: int) -> int:
    """What the engine knows a lease by. Raises BadRequest for what is no lease of this job."""
    found = LEASE.fullmatch(token)
    if found is None or int(found[1]) != job_key:
        raise BadRequest(cause=f"{token!r} is no lease of job {job_key}")
    return int(found[2])


class Activated(Shape):
    jobs: list[ActivatedJob]


class JobFound(Shape):
    job_key: Key
    type: str
    worker: str
    state: str
    kind: str = "BPMN_ELEMENT"
    listener_event_type: str = "UNSPECIFIED"
    retries: int
    has_failed_with_retries_left: bool
    error_code: str | None
    error_message: str | None
    is_denied: bool | None = None
    denied_reason: str | None = None
    custom_headers: dict[str, str]
    deadline: str | None
    creation_time: str | None
    end_time: str | None
    last_update_time: str | None = None
    process_definition_id: str
    process_definition_key: Key
    process_instance_key: Key
    root_process_instance_key: Key | None
    element_id: str
    element_instance_key: Key
    business_id: str | None
    priority: int = 0
    tenant_id: str = TENANT

    @classmethod
    def of(cls, it: Job, business_key: str) -> JobFound:
        state = _STATE_OF[it.state]
        return cls(
            job_key=str(it.key),
            type=it.type,
            worker=it.worker,
            state=state,
            retries=it.retries,
            has_failed_with_retries_left=state == "CREATED" and bool(it.error_message),
            error_code=it.error_code or None,
            error_message=it.error_message or None,
            custom_headers=it.headers,
            deadline=moment(it.deadline),
            creation_time=moment(it.created_at),
            end_time=moment(it.ended_at),
            process_definition_id=it.process_id,
            process_definition_key=str(it.definition_key),
            process_instance_key=str(it.instance_key),
            root_process_instance_key=key(it.root_key),
            element_id=it.element_id,
            element_instance_key=str(it.element_key),
            business_id=business_key or None,
        )


class JobCompletion(Request):
    not_offered = ("result",)
    variables: dict[str, Any] | None = None
    result: Any = None
    job_lease_token: str | None = None


class JobFailure(Request):
    """``retryBackOff`` in milliseconds."""

    retries: Annotated[int, Field(ge=0, le=1_000_000)] = 0
    error_message: str = ""
    retry_back_off: Annotated[int, Field(ge=0, le=31_536_000_000)] = 0
    not_offered = ("variables",)
    variables: dict[str, Any] = {}
    job_lease_token: str | None = None


class JobError(Request):
    error_code: str
    error_message: str | None = None
    variables: dict[str, Any] | None = None
    job_lease_token: str | None = None


class JobChangeset(Request):
    not_offered = ("priority",)
    retries: Annotated[int | None, Field(ge=1, le=1_000_000)] = None
    timeout: Annotated[int | None, Field(gt=0, le=86_400_000)] = None
    priority: int | None = None


class JobUpdate(Request):
    not_offered = ("operation_reference",)
    changeset: JobChangeset
    operation_reference: int | None = None
    job_lease_token: str | None = None
