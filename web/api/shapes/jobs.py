"""Jobs of outside workers."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from engine.model import Job
from web.api.shapes.wire import TENANT, Key, Request, Shape, key


class Activation(Request):
    """``timeout`` and ``requestTimeout`` in milliseconds; a negative requestTimeout answers at once."""

    type: str
    timeout: Annotated[int, Field(gt=0, le=86_400_000)]
    max_jobs_to_activate: Annotated[int, Field(gt=0, le=1000)]
    worker: str = ""
    fetch_variable: list[str] = []
    request_timeout: int = 0
    tenant_ids: list[str] = []
    tenant_filter: str | None = None
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
    business_id: str | None = None
    priority: int = 0
    job_lease_token: str | None = None
    tenant_id: str = TENANT
    physical_tenant_id: str = TENANT

    @classmethod
    def of(cls, it: Job, wanted: list[str]) -> ActivatedJob:
        assert it.deadline is not None
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
        )


class Activated(Shape):
    jobs: list[ActivatedJob]


class JobCompletion(Request):
    variables: dict[str, Any] | None = None
    result: Any = None
    job_lease_token: str | None = None


class JobFailure(Request):
    """``retryBackOff`` in milliseconds."""

    retries: int = 0
    error_message: str = ""
    retry_back_off: Annotated[int, Field(ge=0)] = 0
    variables: dict[str, Any] = {}
    job_lease_token: str | None = None


class JobError(Request):
    error_code: str
    error_message: str | None = None
    variables: dict[str, Any] | None = None
    job_lease_token: str | None = None


class JobChangeset(Request):
    retries: Annotated[int | None, Field(ge=1)] = None
    timeout: Annotated[int | None, Field(gt=0)] = None
    priority: int | None = None


class JobUpdate(Request):
    changeset: JobChangeset
    operation_reference: int | None = None
    job_lease_token: str | None = None
