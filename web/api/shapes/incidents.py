"""Incidents, and how many instances stopped for the same reason."""

from __future__ import annotations

from typing import Literal

from engine.model import Incident
from engine.model.reasons import DefinitionsWithError, InstancesWithError
from web.api.shapes.wire import TENANT, Key, Request, SearchPage, Shape, key, moment

# published error types and the engine's kinds
ERROR_TYPES: dict[str, tuple[str, ...]] = {
    "CONDITION_ERROR": ("condition_error",),
    "IO_MAPPING_ERROR": ("io_mapping_error",),
    "EXTRACT_VALUE_ERROR": ("timer_error", "message_error", "timer_failed", "assignment_error"),
    "DECISION_EVALUATION_ERROR": ("decision_error",),
    "CALLED_ELEMENT_ERROR": ("called_element_error",),
    "FORM_NOT_FOUND": ("form_not_found",),
    "JOB_NO_RETRIES": ("job_no_retries", "operation_failed"),
    "UNHANDLED_ERROR_EVENT": ("unhandled_error",),
    "UNKNOWN": ("engine_error",),
    **dict.fromkeys(
        (
            "AD_HOC_SUB_PROCESS_NO_RETRIES", "CALLED_DECISION_ERROR", "EXECUTION_LISTENER_NO_RETRIES", "MESSAGE_SIZE_EXCEEDED",
            "RESOURCE_NOT_FOUND", "SECRET_RESOLUTION_ERROR", "TASK_LISTENER_NO_RETRIES", "UNSPECIFIED",
        ),
        (),
    ),
}  # fmt: skip
STATES: dict[str, tuple[str, ...]] = {
    "ACTIVE": ("active",),
    "RESOLVED": ("resolved",),
    **dict.fromkeys(("MIGRATED", "PENDING", "UNKNOWN"), ()),
}
_TYPE_OF = {kind: published for published, kinds in ERROR_TYPES.items() for kind in kinds}


class IncidentFound(Shape):
    incident_key: Key
    process_definition_id: str
    process_definition_key: Key
    process_instance_key: Key
    root_process_instance_key: Key | None
    element_id: str
    element_instance_key: Key
    job_key: Key | None
    error_type: str
    error_message: str
    creation_time: str
    state: str
    tenant_id: str = TENANT

    @classmethod
    def of(cls, it: Incident, definition_key: int) -> IncidentFound:
        raised = moment(it.raised_at)
        assert raised is not None
        return cls(
            incident_key=str(it.key),
            process_definition_id=it.process_id,
            process_definition_key=str(definition_key),
            process_instance_key=str(it.instance_key),
            root_process_instance_key=key(it.root_key),
            element_id=it.element_id,
            element_instance_key=str(it.element_key),
            job_key=key(it.job_key),
            error_type=_TYPE_OF.get(it.kind, "UNKNOWN"),
            error_message=it.message,
            creation_time=raised,
            state=it.state.upper(),
        )


class ByErrorSort(Request):
    field: Literal["activeInstancesWithErrorCount", "errorMessage"]
    order: Literal["ASC", "DESC"] = "ASC"


class ByErrorQuery(Request):
    sort: list[ByErrorSort] = []
    page: SearchPage = SearchPage()


class InstancesByError(Shape):
    """``errorHashCode`` stands for the message in the question by definition."""

    error_hash_code: int
    error_message: str
    active_instances_with_error_count: int

    @classmethod
    def of(cls, it: InstancesWithError) -> InstancesByError:
        return cls(error_hash_code=it.error_hash, error_message=it.message, active_instances_with_error_count=it.instances)


class OfOneError(Request):
    error_hash_code: int
    tenant_id: str = TENANT


class ByDefinitionSort(Request):
    field: Literal["activeInstancesWithErrorCount", "processDefinitionKey"]
    order: Literal["ASC", "DESC"] = "ASC"


class ByDefinitionQuery(Request):
    filter: OfOneError
    sort: list[ByDefinitionSort] = []
    page: SearchPage = SearchPage()


class InstancesByDefinition(Shape):
    process_definition_id: str
    process_definition_key: Key
    process_definition_name: str
    process_definition_version: int
    active_instances_with_error_count: int
    tenant_id: str = TENANT

    @classmethod
    def of(cls, it: DefinitionsWithError) -> InstancesByDefinition:
        return cls(
            process_definition_id=it.process_id,
            process_definition_key=str(it.definition_key),
            process_definition_name=it.process_name or it.process_id,
            process_definition_version=it.version,
            active_instances_with_error_count=it.instances,
        )
