"""From the parsed graph to what the host may read of a process."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from engine.spiff.definitions import Value
from engine.spiff.host import Binding
from engine.spiff.model import ElementInfo, FlowInfo, ProcessModel, Reference, StartEventInfo
from engine.spiff.parser.dialect import extension
from engine.spiff.parser.graph import DialectParser
from engine.spiff.parser.problems import Problems
from engine.spiff.specs import containers, events, tasks
from engine.spiff.specs.element import Element


def directly_inside(parser: DialectParser, container: containers.Container) -> list[Element]:
    """Elements standing in ``container``, bodies of multi-instance activities included."""
    return [spec for spec in parser.elements.values() if parser.containers[spec.bpmn_id] is container]


def all_inside(parser: DialectParser, container: containers.Container) -> Iterator[Element]:
    for spec in directly_inside(parser, container):
        yield spec
        if isinstance(spec, containers.Container):
            yield from all_inside(parser, spec)


def model(parser: DialectParser, node: etree._Element, root: containers.Process, problems: Problems) -> ProcessModel:
    nodes = {spec.name: spec for spec in all_inside(parser, root)}
    inside = [spec for spec in nodes.values() if spec.name == spec.bpmn_id]  # bodies stand for the same element
    tag = extension(node, "versionTag")
    flows = {name: flow for name, flow in parser.flows.items() if flow.source.name in nodes}
    return ProcessModel(
        id=root.bpmn_id,
        name=root.bpmn_name or root.bpmn_id,
        version_tag="" if tag is None else str(tag.get("value") or ""),
        file=problems.file,
        elements={spec.bpmn_id: _info(spec) for spec in [root, *inside]},
        flows={
            name: FlowInfo(
                name, flow.source.bpmn_id, flow.target.bpmn_id, flow.name, flow.condition.text if flow.condition else None
            )
            for name, flow in flows.items()
        },
        user_tasks=tuple(spec.bpmn_id for spec in inside if isinstance(spec, tasks.UserTask)),
        form_refs=tuple(_forms(inside)),
        decision_refs=tuple(_decisions(inside)),
        called_refs=tuple(_called(inside)),
        job_types=tuple(sorted(_literals(spec.job.type for spec in inside if isinstance(spec, tasks.JobTask) and spec.job))),
        message_names=tuple(sorted(_literals(_message_names(inside)))),
        start_events=tuple(_start(start) for start in root.starts.values()),
        warnings=problems.warnings,
        spec=parser.process_parsers[root.bpmn_id].spec,
        root=root,
        nodes=nodes,
        entries={name: spec for name, spec in parser.entries.items() if name in nodes},
    )


def _info(spec: Element) -> ElementInfo:
    return ElementInfo(
        spec.bpmn_id, spec.element_type, spec.bpmn_name or "", spec.line, spec.documentation or "", spec.lane, spec.properties
    )


def _start(spec: events.StartEvent) -> StartEventInfo:
    name = spec.event.name.text if spec.event.name else None
    return StartEventInfo(spec.bpmn_id, spec.event.kind, name, spec.event.timer)


def _reference(spec: Element, value: Value, binding: Binding) -> Reference:
    return Reference(spec.bpmn_id, None if value.expression else value.text, binding, spec.line)


def _forms(inside: list[Element]) -> Iterator[Reference]:
    for spec in inside:
        if isinstance(spec, tasks.UserTask) and spec.definition.form_id:
            yield _reference(spec, spec.definition.form_id, spec.definition.form_binding)


def _decisions(inside: list[Element]) -> Iterator[Reference]:
    for spec in inside:
        if isinstance(spec, tasks.BusinessRuleTask) and spec.decision:
            yield _reference(spec, spec.decision.decision_id, spec.decision.binding)


def _called(inside: list[Element]) -> Iterator[Reference]:
    for spec in inside:
        if isinstance(spec, containers.CallActivity):
            yield _reference(spec, spec.call.process_id, spec.call.binding)


def _message_names(inside: list[Element]) -> Iterator[Value]:
    for spec in inside:
        if isinstance(spec, events.Event) and spec.event.kind == "message" and spec.event.name:
            yield spec.event.name


def _literals(values: Iterator[Value]) -> set[str]:
    return {value.text for value in values if value.expression is None}
