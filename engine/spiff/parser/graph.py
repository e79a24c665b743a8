"""SpiffWorkflow's own parser, taught the dialect: its process and task parsers build our specifications.

The library parses by following the flows recursively, inserts splits and joins round boundary events and reads expressions
as Python; here each node becomes exactly one specification, in document order, and flows are connected afterwards, so
that a diagram may be as long as it likes.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lxml import etree
from SpiffWorkflow.bpmn.parser.BpmnParser import BpmnParser
from SpiffWorkflow.bpmn.parser.ProcessParser import ProcessParser
from SpiffWorkflow.bpmn.parser.TaskParser import TaskParser
from SpiffWorkflow.bpmn.parser.util import full_tag
from SpiffWorkflow.bpmn.specs.bpmn_process_spec import BpmnProcessSpec

from engine.spiff.parser.dialect import Dialect
from engine.spiff.parser.event_definitions import EventDefinitions
from engine.spiff.parser.problems import line_of
from engine.spiff.parser.reading import Reading
from engine.spiff.parser.xml import bpmn, local
from engine.spiff.specs import containers, events, gateways, tasks
from engine.spiff.specs.ad_hoc import AdHocSubProcess
from engine.spiff.specs.body import Body
from engine.spiff.specs.element import Element, Flow
from engine.spiff.specs.multi_instance import MultiInstanceBody
from engine.spiff.specs.standard_loop import StandardLoopBody

BODY = "#body"  # no XML id contains it

_CLASSES: dict[str, type[Element]] = {
    "startEvent": events.StartEvent,
    "endEvent": events.EndEvent,
    "intermediateCatchEvent": events.IntermediateCatchEvent,
    "intermediateThrowEvent": events.IntermediateThrowEvent,
    "boundaryEvent": events.BoundaryEvent,
    "task": tasks.PlainTask,
    "manualTask": tasks.ManualTask,
    "userTask": tasks.UserTask,
    "serviceTask": tasks.ServiceTask,
    "scriptTask": tasks.ScriptTask,
    "businessRuleTask": tasks.BusinessRuleTask,
    "sendTask": events.SendTask,
    "receiveTask": events.ReceiveTask,
    "subProcess": containers.SubProcess,
    "transaction": containers.Transaction,
    "adHocSubProcess": AdHocSubProcess,
    "callActivity": containers.CallActivity,
    "exclusiveGateway": gateways.ExclusiveGateway,
    "inclusiveGateway": gateways.InclusiveGateway,
    "parallelGateway": gateways.ParallelGateway,
    "eventBasedGateway": gateways.EventBasedGateway,
}


class DialectTaskParser(TaskParser):
    """One flow node: its specification with everything the dialect says about it, not yet connected."""

    process_parser: DialectProcessParser

    def parse_node(self) -> Element:
        parser, node = self.process_parser.parser, self.node
        spec_class = containers.EventSubProcess if node.get("triggeredByEvent") == "true" else self.spec_class
        spec: Element = spec_class(self.spec, self.bpmn_id, **self.bpmn_attributes)
        spec.line = line_of(node)
        parser.dialect.apply(node, spec)
        if isinstance(spec, events.Event):
            self._read_event(spec)
        if isinstance(spec, containers.Container):
            parser.parse_inside(node, spec, self.process_parser)
        return spec

    def _read_event(self, spec: events.Event) -> None:
        position = local(self.node)
        if isinstance(spec, events.Catching):
            spec.interrupting = "false" not in (self.node.get("isInterrupting"), self.node.get("cancelActivity"))
        inside = self.process_parser.container
        if isinstance(spec, events.StartEvent) and isinstance(inside, containers.EventSubProcess):
            position = "eventSubProcessStart"
        interrupting = spec.interrupting if isinstance(spec, events.Catching) else True
        spec.event = self.process_parser.parser.event_definitions.read(self.node, position, interrupting=interrupting)

    def parse_documentation(self, sequence_flow: Any = None) -> str:  # noqa: ARG002 # the library's signature
        """The library would take the documentation of an element inside a sub-process for the sub-process's own."""
        return "\n".join(found.text or "" for found in self.node.findall(bpmn("documentation")))

    def parse_incoming_data_references(self) -> list[Any]:
        return []  # data objects are drawn for readers; values travel as variables

    def parse_outgoing_data_references(self) -> list[Any]:
        return []


class DialectSpec(BpmnProcessSpec):
    """The library's own start, end and join would take those names from the diagram's elements; ours need none of them."""

    def __init__(self, **attributes: Any) -> None:
        super().__init__(**attributes)
        self.task_specs.clear()


class DialectProcessParser(ProcessParser):
    """One process or sub-process: its nodes, then its flows."""

    parser: DialectParser
    container: containers.Container
    root: containers.Process

    def create_spec(self) -> BpmnProcessSpec:
        spec = DialectSpec(name=self.bpmn_id, description=self.get_name(), filename=self.filename)
        if not hasattr(self, "container"):  # a process; a sub-process stands in the specification around it
            self.root = containers.Process(spec, self.bpmn_id, bpmn_name=self.node.get("name"))
            self.root.line = line_of(self.node)
            self.root.documentation = self.parse_documentation()
            self.root.properties = dict(self.parser.dialect.properties(self.node))
            self.container = self.root
        return spec

    def add_tasks(self) -> None:
        found = {str(node.get("id")): self.parse_node(node) for node in self.node if self.knows(node)}
        self.parser.elements.update(found)
        for spec in found.values():
            self._place(spec)
        bodies = {name: self._body(spec) for name, spec in found.items()}
        for name, flow_node in self._flows():
            self._connect(name, flow_node, bodies)
        for spec in found.values():
            self._attach(spec, found, bodies)
        self.parser.entries.update(bodies)
        if isinstance(self.container, AdHocSubProcess):
            self.container.activities = {name: body for name, body in bodies.items() if self._can_be_begun(found[name])}

    def knows(self, node: etree._Element) -> bool:
        return isinstance(node.tag, str) and bool(node.get("id")) and node.tag in self.parser.OVERRIDE_PARSER_CLASSES

    def _place(self, spec: Element) -> None:
        self.parser.containers[spec.name] = self.container
        if isinstance(spec, events.StartEvent):
            self.container.starts[spec.name] = spec
            if isinstance(self.container, containers.EventSubProcess):
                spec.event_sub_process = self.container
        elif isinstance(spec, containers.EventSubProcess):
            self.container.event_sub_processes.append(spec)

    def _body(self, spec: Element) -> Element:
        """The element a flow leads to: the activity, or the multi-instance body that stands for it."""
        node = self.get_node_by_id(spec.name)
        items, turns = self.parser.dialect.loop(node), self.parser.dialect.standard_loop(node)
        body: Body
        if items is not None:
            body = MultiInstanceBody(self.spec, spec.name + BODY, bpmn_name=spec.bpmn_name)
            body.loop = items
        elif turns is not None:
            body = StandardLoopBody(self.spec, spec.name + BODY, bpmn_name=spec.bpmn_name)
            body.loop = turns
        else:
            return spec
        body.bpmn_id = spec.bpmn_id
        body.line = spec.line
        body.inner = spec
        body.may_be_returned_to = spec.may_be_returned_to
        self.parser.elements[body.name] = body
        return body

    def _can_be_begun(self, spec: Element) -> bool:
        """By the list of an ad-hoc sub-process: what does not wait for something else to begin it."""
        if isinstance(spec, (events.StartEvent, events.BoundaryEvent, events.EndEvent, containers.EventSubProcess)):
            return False
        return self.get_node_by_id(spec.name).get("isForCompensation") != "true"

    def _flows(self) -> Iterator[tuple[str, etree._Element]]:
        """Flows by source, in the order in which the source lists them (the drawn order), else in document order."""
        by_id = {flow.get("id"): flow for flow in self.node.findall(bpmn("sequenceFlow")) if flow.get("id")}
        listed = [out.text.strip() for node in self.node for out in node.findall(bpmn("outgoing")) if out.text]
        for name in dict.fromkeys([*listed, *by_id]):
            if name in by_id:
                yield str(name), by_id[name]

    def _connect(self, name: str, node: etree._Element, bodies: dict[str, Element]) -> None:
        source, target = bodies.get(str(node.get("sourceRef"))), bodies.get(str(node.get("targetRef")))
        if source is None or target is None:
            self.parser.loose_flows.append(node)
            return
        condition = node.find(bpmn("conditionExpression"))
        expression = None if condition is None else self.parser.reading.expression(condition, condition.text, "condition")
        flow = Flow(name, node.get("name") or "", source, target, expression, line_of(node))
        source.outgoing.append(flow)
        target.incoming.append(flow)
        source.connect(target)
        self.parser.flows[name] = flow
        if isinstance(source, gateways.Choosing) and self.get_node_by_id(source.bpmn_id).get("default") == name:
            source.default = flow

    def _attach(self, spec: Element, found: dict[str, Element], bodies: dict[str, Element]) -> None:
        if isinstance(spec, events.BoundaryEvent):
            host = bodies.get(str(self.get_node_by_id(spec.name).get("attachedToRef")))
            if host is not None:
                spec.attached_to = host
                host.boundary.append(spec)
                host.connect(spec)
        elif isinstance(spec, events.IntermediateThrowEvent) and spec.event.kind == "link":
            spec.link_target = self._link_target(spec, found)
            if spec.link_target is not None:
                spec.link_target.link_sources.append(spec)

    def _link_target(self, spec: events.IntermediateThrowEvent, found: dict[str, Element]) -> Element | None:
        wanted = spec.event.name
        targets = [
            other
            for other in found.values()
            if isinstance(other, events.IntermediateCatchEvent) and other.event.kind == "link" and other.event.name == wanted
        ]
        return targets[0] if targets else None


class DialectParser(BpmnParser):
    """One file."""

    OVERRIDE_PARSER_CLASSES = {full_tag(name): (DialectTaskParser, spec_class) for name, spec_class in _CLASSES.items()}  # noqa: RUF012
    PROCESS_PARSER_CLASS = DialectProcessParser

    def __init__(self, reading: Reading, root: etree._Element) -> None:
        super().__init__()
        self.reading = reading
        self.dialect = Dialect(reading)
        self.event_definitions = EventDefinitions(reading, root)
        self.elements: dict[str, Element] = {}
        self.entries: dict[str, Element] = {}
        self.containers: dict[str, containers.Container] = {}
        self.flows: dict[str, Flow] = {}
        self.loose_flows: list[etree._Element] = []

    def parse_inside(self, node: etree._Element, container: containers.Container, outside: DialectProcessParser) -> None:
        """Parse the inside of a sub-process; ``container`` already stands in the specification around it."""
        inside = self.PROCESS_PARSER_CLASS(
            self, node, self.namespaces, self.data_stores, filename=outside.filename, lane=outside.lane
        )
        inside.parent = outside
        inside.container = container
        container.inside = inside.get_spec()

    def _add_data_stores(self, bpmn: Any) -> None:
        """Data stores are drawn for readers; the library would refuse those it has no class for."""
