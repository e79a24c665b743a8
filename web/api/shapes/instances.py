"""Process instances, element instances and variables."""

from __future__ import annotations

import re
from typing import Any

from engine import json_codec
from engine.model import ElementInstance, ProcessInstance, Variable
from web.api.shapes.wire import TENANT, Key, Request, Shape, key, moment

VALUE_PREVIEW = 8192  # longer values are cut in searches and marked isTruncated
# published states and the engine's; an incident is a mark beside the state
STATES: dict[str, tuple[str, ...]] = {
    "ACTIVE": ("active", "incident"),
    "COMPLETED": ("completed",),
    "TERMINATED": ("terminated",),
    "SUSPENDED": (),  # of elements there are none
}
_STATES = {"active": "ACTIVE", "incident": "ACTIVE", "completed": "COMPLETED", "terminated": "TERMINATED"}


class Creation(Request):
    """By id (and version) or by key; ``businessId`` is the business key."""

    process_definition_id: str | None = None
    process_definition_key: Key | None = None
    process_definition_version: int = -1
    variables: dict[str, Any] = {}
    business_id: str | None = None
    tenant_id: str = TENANT
    not_offered = ("tags", "start_instructions", "runtime_instructions", "await_completion", "operation_reference")
    tags: list[str] = []
    start_instructions: list[Any] = []
    runtime_instructions: list[Any] = []
    await_completion: bool = False
    fetch_variables: list[str] = []
    request_timeout: int = 0
    operation_reference: int | None = None


class Created(Shape):
    process_definition_id: str
    process_definition_version: int
    process_definition_key: Key
    process_instance_key: Key
    variables: dict[str, Any] = {}
    tenant_id: str = TENANT
    tags: list[str] = []
    business_id: str | None

    @classmethod
    def of(cls, it: ProcessInstance) -> Created:
        return cls(
            process_definition_id=it.process_id,
            process_definition_version=it.version,
            process_definition_key=str(it.definition_key),
            process_instance_key=str(it.key),
            business_id=it.business_key or None,
        )


class Instance(Shape):
    process_instance_key: Key
    process_definition_id: str
    process_definition_name: str | None
    process_definition_version: int
    process_definition_version_tag: str | None = None
    process_definition_key: Key
    start_date: str
    end_date: str | None
    suspended_date: str | None
    state: str
    has_incident: bool
    parent_process_instance_key: Key | None
    parent_element_instance_key: Key | None
    root_process_instance_key: Key | None
    business_id: str | None
    tenant_id: str = TENANT
    tags: list[str] = []

    @classmethod
    def of(cls, it: ProcessInstance) -> Instance:
        started = moment(it.started_at)
        assert started is not None
        return cls(
            process_instance_key=str(it.key),
            process_definition_id=it.process_id,
            process_definition_name=it.process_name or None,
            process_definition_version=it.version,
            process_definition_key=str(it.definition_key),
            start_date=started,
            end_date=moment(it.ended_at),
            suspended_date=moment(it.suspended_at),
            state="SUSPENDED" if it.suspended else _STATES[it.state],
            has_incident=it.state == "incident",
            parent_process_instance_key=key(it.parent_key),
            parent_element_instance_key=key(it.parent_element_key),
            root_process_instance_key=key(it.root_key),
            business_id=it.business_key or None,
        )


class Element(Shape):
    element_instance_key: Key
    process_instance_key: Key
    root_process_instance_key: Key | None
    process_definition_id: str | None
    process_definition_key: Key | None
    element_id: str
    element_name: str
    type: str
    state: str
    start_date: str
    end_date: str | None
    has_incident: bool
    incident_key: Key | None
    tenant_id: str = TENANT

    @classmethod
    def of(cls, it: ElementInstance, owner: ProcessInstance, incident: int | None) -> Element:
        started = moment(it.started_at)
        assert started is not None
        return cls(
            element_instance_key=str(it.key),
            process_instance_key=str(it.instance_key),
            root_process_instance_key=key(it.root_key),
            process_definition_id=owner.process_id,
            process_definition_key=str(owner.definition_key),
            element_id=it.element_id,
            element_name=it.name or it.element_id,
            type=element_type(it.element_type),
            state=_STATES[it.state],
            start_date=started,
            end_date=moment(it.ended_at),
            has_incident=it.state == "incident",
            incident_key=key(incident),
        )


def element_type(bpmn_name: str) -> str:
    """USER_TASK for userTask, PROCESS for the instance itself."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", bpmn_name).upper()


class VariableValue(Shape):
    """``value`` is JSON text."""

    variable_key: Key
    name: str
    value: str
    scope_key: Key
    process_instance_key: Key
    root_process_instance_key: Key | None
    tenant_id: str = TENANT

    @classmethod
    def of(cls, it: Variable) -> VariableValue:
        return cls(**_variable(it, json_codec.dumps(it.value)))


class VariableFound(VariableValue):
    is_truncated: bool

    @classmethod
    def of(cls, it: Variable) -> VariableFound:
        text = json_codec.dumps(it.value)
        return cls(**_variable(it, text[:VALUE_PREVIEW]), is_truncated=len(text) > VALUE_PREVIEW)


def _variable(it: Variable, text: str) -> dict[str, Any]:
    return {
        "variable_key": str(it.key),
        "name": it.name,
        "value": text,
        "scope_key": str(it.scope_key),
        "process_instance_key": str(it.instance_key),
        "root_process_instance_key": key(it.root_key),
    }


class VariableChange(Request):
    not_offered = ("operation_reference",)
    variables: dict[str, Any]
    local: bool = False
    operation_reference: int | None = None


def bpmn_type(wire: str) -> str:
    """The engine's name for USER_TASK is userTask: the way back of ``element_type``."""
    first, *rest = wire.lower().split("_")
    return first + "".join(word.capitalize() for word in rest)
