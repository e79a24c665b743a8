"""Where an instance stands, how it came there, who called it."""

from __future__ import annotations

from engine.model import ProcessInstance
from engine.model.operating import ElementStatistics
from web.api.shapes.wire import TENANT, Key, Shape


class ElementCounts(Shape):
    element_id: str
    active: int
    incidents: int
    completed: int
    canceled: int

    @classmethod
    def of(cls, it: ElementStatistics) -> ElementCounts:
        return cls(
            element_id=it.element_id,
            active=it.active,
            incidents=it.incidents,
            completed=it.completed,
            canceled=it.terminated,
        )


class Counted(Shape):
    items: list[ElementCounts]


class Flow(Shape):
    sequence_flow_id: str
    element_id: str
    process_instance_key: Key
    root_process_instance_key: Key | None
    process_definition_key: Key | None
    process_definition_id: str | None
    tenant_id: str = TENANT

    @classmethod
    def of(cls, flow_id: str, it: ProcessInstance) -> Flow:
        return cls(
            sequence_flow_id=f"{it.key}_{flow_id}",
            element_id=flow_id,
            process_instance_key=str(it.key),
            root_process_instance_key=str(it.root_key),
            process_definition_key=str(it.definition_key),
            process_definition_id=it.process_id,
        )


class Flows(Shape):
    items: list[Flow]


class Caller(Shape):
    process_instance_key: Key
    process_definition_key: Key
    process_definition_name: str

    @classmethod
    def of(cls, it: ProcessInstance) -> Caller:
        name = it.process_name or it.process_id
        return cls(process_instance_key=str(it.key), process_definition_key=str(it.definition_key), process_definition_name=name)
