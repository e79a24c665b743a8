"""Checks on the whole graph: what each element is fine alone but cannot work together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from lxml import etree

from engine.spiff.parser.graph import DialectParser
from engine.spiff.parser.problems import Problems
from engine.spiff.parser.xml import bpmn
from engine.spiff.specs import containers, events, gateways
from engine.spiff.specs.ad_hoc import AdHocSubProcess
from engine.spiff.specs.body import Body
from engine.spiff.specs.element import Element

_EVENTS_AFTER_GATEWAY = frozenset({"message", "timer", "signal", "conditional"})


class Linter:
    """Checks one executable process after all its elements were read. ``gaps``: elements next to one that is not supported."""

    def __init__(
        self, parser: DialectParser, problems: Problems, nodes: dict[str, etree._Element], gaps: frozenset[str] = frozenset()
    ) -> None:
        self.parser = parser
        self.problems = problems
        self.nodes = nodes
        self.gaps = gaps

    def check(self, container: containers.Container, inside: list[Element]) -> None:
        """``inside``: the elements standing directly in ``container``."""
        if isinstance(container, AdHocSubProcess):
            self._ad_hoc(container, inside)
        else:
            self._starts(container)
        self._links(inside)
        self._same_codes([sub.start for sub in container.event_sub_processes if sub.starts])
        for spec in inside:
            if spec.bpmn_id not in self.gaps:
                self._element(spec)
        if not self.gaps:
            self._reachable(container, inside)

    def error(self, spec: Element, template: str, **params: object) -> None:
        self.problems.error(self.nodes[spec.bpmn_id], template, **params)

    def _element(self, spec: Element) -> None:
        self._ends(spec)
        self._same_codes(spec.boundary)
        if isinstance(spec, gateways.Choosing):
            self._choosing(spec)
        else:
            for flow in spec.outgoing:
                if flow.condition is not None:
                    self.error(
                        spec,
                        "Only exclusive and inclusive gateways have conditions: draw one after {element} for flow {flow}.",
                        element=spec.bpmn_id,
                        flow=flow.id,
                    )
        if isinstance(spec, gateways.EventBasedGateway):
            self._event_based(spec)
        if isinstance(spec, events.BoundaryEvent):
            self._boundary(spec)
        if isinstance(spec, events.EndEvent) and spec.event.kind == "cancel":
            self._cancel_end(spec)

    def _starts(self, container: containers.Container) -> None:
        starts = list(container.starts.values())
        plain = [start for start in starts if start.event.kind == "none"]
        if isinstance(container, containers.EventSubProcess):
            if len(starts) != 1:
                self.error(container, "An event sub-process needs exactly one start event, it has {count}.", count=len(starts))
        elif isinstance(container, containers.SubProcess):
            if len(plain) != 1 or len(starts) != 1:
                self.error(container, "A sub-process needs exactly one start event, without a trigger.")
        elif not starts:
            self.error(container, "The process has no start event. Draw one.")
        elif len(plain) > 1:
            self.error(plain[1], "The process has several start events without a trigger. Keep one.")
        if isinstance(container, containers.Process):
            for start in starts:
                if start.event.name is not None and start.event.name.expression is not None:
                    self.error(
                        start, "The name a start event waits for must be a plain text, not FEEL: nothing has been entered yet."
                    )

    def _ad_hoc(self, container: AdHocSubProcess, inside: list[Element]) -> None:
        for spec in inside:
            if isinstance(spec, (events.StartEvent, events.EndEvent)):
                self.error(
                    spec,
                    "An ad-hoc sub-process has neither start nor end events: its list says what begins. Delete {element}.",
                    element=spec.bpmn_id,
                )
        if not container.activities:
            self.error(container, "The ad-hoc sub-process is empty. Draw at least one activity inside.")

    def _ends(self, spec: Element) -> None:
        """Which elements may have flows in and out."""
        if spec.incoming and isinstance(spec, (events.StartEvent, events.BoundaryEvent, containers.EventSubProcess)):
            self.error(spec, "No flow can lead to {element}: it starts by itself.", element=spec.bpmn_id)
        if spec.outgoing and isinstance(spec, (events.EndEvent, containers.EventSubProcess)):
            self.error(spec, "No flow can leave {element}: the token ends there.", element=spec.bpmn_id)
        if not spec.outgoing and isinstance(spec, (gateways.Choosing, gateways.Joining, gateways.EventBasedGateway)):
            self.error(spec, "The gateway {element} leads nowhere. Draw a flow out of it.", element=spec.bpmn_id)
        if isinstance(spec, Body) and isinstance(spec.inner, containers.EventSubProcess):
            self.error(spec, "An event sub-process cannot be repeated by a marker: it starts as often as its event comes.")

    def _choosing(self, spec: gateways.Choosing) -> None:
        default = self.nodes[spec.bpmn_id].get("default")
        if default and spec.default is None:
            self.error(spec, "The default flow {flow} does not leave this gateway.", flow=default)
        if spec.default is not None and spec.default.condition is not None:
            self.error(
                spec,
                "The default flow {flow} has a condition. Delete the condition, or choose another default.",
                flow=spec.default.id,
            )
        with_condition = [flow for flow in spec.outgoing if flow.condition is not None]
        for flow in spec.outgoing:
            if flow.condition is None and flow is not spec.default and len(spec.outgoing) > 1 and self._is_bare(flow.id):
                self.error(spec, "The flow {flow} has neither a condition nor is it the default. Give it one.", flow=flow.id)
        if with_condition and spec.default is None:
            self.problems.warning(
                self.nodes[spec.bpmn_id],
                "The gateway {element} has no default flow: if no condition is true the case stops there.",
                element=spec.bpmn_id,
            )

    def _is_bare(self, flow_id: str) -> bool:
        """False when a condition is there but could not be read: that has been said already."""
        return self.nodes[flow_id].find(bpmn("conditionExpression")) is None

    def _event_based(self, spec: gateways.EventBasedGateway) -> None:
        if len(spec.outgoing) < 2:
            self.error(spec, "An event-based gateway needs at least two events after it.")
        for flow in spec.outgoing:
            target = flow.target
            if not isinstance(target, events.IntermediateCatchEvent) or target.event.kind not in _EVENTS_AFTER_GATEWAY:
                self.error(
                    spec,
                    "After an event-based gateway only message, timer, signal and conditional catch events can follow, not {target}.",
                    target=target.bpmn_id,
                )
            elif len(target.incoming) > 1:
                self.error(
                    target,
                    "Only the event-based gateway can lead to {target}. Draw a second event for the other flow.",
                    target=target.bpmn_id,
                )

    def _boundary(self, spec: events.BoundaryEvent) -> None:
        host = getattr(spec, "attached_to", None)
        plain = (events.Event, gateways.Choosing, gateways.Joining, gateways.EventBasedGateway, containers.EventSubProcess)
        activity = isinstance(host, (events.SendTask, events.ReceiveTask)) or (host is not None and not isinstance(host, plain))
        if not activity:
            self.error(
                spec,
                "The boundary event {element} is not attached to a task, sub-process or call activity beside it.",
                element=spec.bpmn_id,
            )
        if spec.event.kind == "compensation" and spec.outgoing:
            self.error(
                spec, "No flow can leave {element}: an association leads to what undoes the activity.", element=spec.bpmn_id
            )
        if spec.event.kind == "cancel":
            self._cancel_boundary(spec, host)

    def _cancel_boundary(self, spec: events.BoundaryEvent, host: Element | None) -> None:
        inner = host.inner if isinstance(host, Body) else host
        if not isinstance(inner, containers.Transaction):
            self.error(
                spec, "The cancel event {element} is not attached to a transaction. Use an error event.", element=spec.bpmn_id
            )
        elif isinstance(host, Body):
            self.error(
                spec,
                "The transaction {transaction} cannot be cancelled and repeated at once. Put it into a sub-process with the marker.",
                transaction=inner.bpmn_id,
            )

    def _cancel_end(self, spec: events.EndEvent) -> None:
        scope = self.parser.containers[spec.bpmn_id]
        while isinstance(scope, containers.EventSubProcess):
            scope = self.parser.containers[scope.bpmn_id]
        if not isinstance(scope, containers.Transaction):
            self.error(
                spec, "The cancel end event {element} does not stand in a transaction. Use an error event.", element=spec.bpmn_id
            )
            return
        body = self.parser.entries[scope.bpmn_id]
        if not any(boundary.event.kind == "cancel" for boundary in body.boundary):
            self.error(
                spec,
                "The transaction {transaction} has no cancel boundary event, so {element} leads nowhere. Draw one.",
                transaction=scope.bpmn_id,
                element=spec.bpmn_id,
            )

    def _links(self, inside: list[Element]) -> None:
        catches = [spec for spec in inside if isinstance(spec, events.IntermediateCatchEvent) and spec.event.kind == "link"]
        names = Counter(spec.event.name.text for spec in catches if spec.event.name)
        for catch in catches:
            if catch.event.name and names[catch.event.name.text] > 1:
                self.error(catch, "The link {name} has several targets here. Keep one.", name=catch.event.name.text)
            if catch.incoming:
                self.error(catch, "No flow can lead to {element}: it is the target of a link.", element=catch.bpmn_id)
        for spec in inside:
            if isinstance(spec, events.IntermediateThrowEvent) and spec.event.kind == "link":
                if spec.link_target is None:
                    self.error(
                        spec,
                        "The link {name} has no target in the same scope. Draw a link catch event with that name.",
                        name=spec.event.name.text if spec.event.name else "",
                    )
                if spec.outgoing:
                    self.error(spec, "No flow can leave {element}: its link leads on.", element=spec.bpmn_id)

    def _same_codes(self, catching: Iterable[events.Catching]) -> None:
        seen: set[tuple[str, str | None]] = set()
        for spec in catching:
            if spec.event.kind not in {"error", "escalation", "cancel"}:
                continue
            mark = (spec.event.kind, spec.event.code.text if spec.event.code else None)
            if mark in seen:
                self.error(spec, "Two events here catch the same {kind}. Keep one.", kind=spec.event.kind)
            seen.add(mark)

    def _reachable(self, container: containers.Container, inside: list[Element]) -> None:
        open_ends: list[Element] = [*container.starts.values(), *container.event_sub_processes]
        if isinstance(container, AdHocSubProcess):
            open_ends += container.activities.values()
        reached: set[Element] = set()
        while open_ends:
            spec = open_ends.pop()
            if spec in reached:
                continue
            reached.add(spec)
            open_ends += [flow.target for flow in spec.outgoing]
            open_ends += spec.boundary
            if spec.undone_by is not None:
                open_ends.append(spec.undone_by)
            if isinstance(spec, events.IntermediateThrowEvent) and spec.link_target is not None:
                open_ends.append(spec.link_target)
            if isinstance(spec, Body):
                reached.add(spec.inner)
        for spec in inside:
            if spec not in reached:
                self.error(
                    spec, "The element {element} can never be reached. Draw a flow to it, or delete it.", element=spec.bpmn_id
                )
