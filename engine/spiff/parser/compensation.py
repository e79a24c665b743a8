"""Compensation: which activity undoes which, drawn by associations, and which scopes can be undone from inside."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from lxml import etree

from engine.spiff.parser.build import directly_inside
from engine.spiff.parser.graph import DialectParser
from engine.spiff.parser.problems import Problems
from engine.spiff.parser.xml import bpmn
from engine.spiff.specs import containers, events
from engine.spiff.specs.body import Body
from engine.spiff.specs.element import Element
from engine.spiff.specs.undoing import Undoing

UNDO = "#undo"  # no XML id contains it


class Compensation:
    """Of one file. First ``link``, then the linter, then ``complete`` on what has no errors."""

    def __init__(self, parser: DialectParser, problems: Problems, nodes: dict[str, etree._Element]) -> None:
        self.parser = parser
        self.problems = problems
        self.nodes = nodes
        self.undoable: dict[Element, bool] = {}

    def link(self, root: etree._Element) -> None:
        """Give every activity its handler, and every throw event the one activity it names."""
        drawn = _associations(root)
        used: set[Element] = set()
        for spec in list(self.parser.elements.values()):
            if isinstance(spec, events.BoundaryEvent) and spec.event.kind == "compensation" and hasattr(spec, "attached_to"):
                used |= self._boundary(spec, [self.parser.entries[name] for name in drawn[spec.bpmn_id] if self._handles(name)])
        for name in self.nodes:
            if self._handles(name):
                self._handler(self.parser.entries[name], used)
        for spec in list(self.parser.elements.values()):
            if isinstance(spec, events.Throwing) and spec.event.kind == "compensation":
                self._throw(spec)
            elif isinstance(spec, containers.EventSubProcess) and spec.is_compensation:
                self._event_sub_process(spec)

    def complete(self) -> None:
        """Mark what is remembered when it completes, and make what brings a completed scope back."""
        for spec in list(self.parser.elements.values()):
            if not self._can_be_undone(spec):
                continue
            spec.compensable = True
            if isinstance(spec, (containers.Container, Body)) and spec.undone_by is None:
                spec.brought_back_by = Undoing(spec._wf_spec, spec.name + UNDO, spec, self._own_undoing(spec))  # noqa: SLF001 # the library has no other name for it
                self.parser.elements[spec.brought_back_by.name] = spec.brought_back_by

    def error(self, spec: Element, template: str, **params: object) -> None:
        self.problems.error(self.nodes[spec.bpmn_id], template, element=spec.bpmn_id, **params)

    def _handles(self, name: str) -> bool:
        node = self.nodes.get(name)
        return node is not None and node.get("isForCompensation") == "true" and name in self.parser.entries

    def _boundary(self, spec: events.BoundaryEvent, handlers: list[Element]) -> set[Element]:
        if len(handlers) != 1:
            self.error(
                spec,
                "The compensation event {element} must lead to exactly one activity marked for compensation, by an association; it leads to {count}.",
                count=len(handlers),
            )
            return set(handlers)
        (handler,) = handlers
        if self.parser.containers[handler.bpmn_id] is not self.parser.containers[spec.bpmn_id]:
            self.error(spec, "The activity that undoes must stand in the same scope as the compensation event {element}.")
        if spec.attached_to.undone_by is not None:
            self.error(spec, "The activity of {element} has two compensation events. Keep one.")
        spec.attached_to.undone_by = handler
        return {handler}

    def _handler(self, spec: Element, used: set[Element]) -> None:
        if isinstance(spec, containers.EventSubProcess):
            self.error(
                spec, "The event sub-process {element} cannot be marked for compensation. Give it a compensation start event."
            )
        elif spec not in used:
            self.error(
                spec,
                "Nothing leads to {element}, which is marked for compensation. Draw an association from a compensation boundary event to it.",
            )
        if spec.incoming or spec.outgoing:
            self.error(spec, "No flow can lead to or leave {element}: it only undoes. Put several steps into a sub-process.")
        if spec.boundary:
            self.error(
                spec,
                "{element} undoes another activity and cannot have boundary events. Put it into a sub-process marked for compensation, with the events inside.",
            )
        for one in (spec, getattr(spec, "inner", spec)):
            one.may_be_returned_to = False

    def _throw(self, spec: events.Throwing) -> None:
        around = list(self._scopes(self.parser.containers[spec.bpmn_id]))
        if spec.event.activity is None:
            if not any(self._can_be_undone(inner) for scope in around for inner in directly_inside(self.parser, scope)):
                self.problems.warning(
                    self.nodes[spec.bpmn_id],
                    "The event {element} undoes nothing: no activity of its scope has a compensation event.",
                    element=spec.bpmn_id,
                )
            return
        wanted = self.parser.entries.get(spec.event.activity)
        if wanted is None or self.parser.containers[wanted.bpmn_id] not in around or not self._can_be_undone(wanted):
            self.error(
                spec,
                "The event {element} wants to undo {activity}. Name an activity of the same scope that has a compensation event, or a sub-process with one inside.",
                activity=spec.event.activity,
            )
            return
        spec.undoes_only = wanted

    def _scopes(self, container: containers.Container) -> Iterator[containers.Container]:
        """A throw event in an event sub-process also undoes what the scope round it has done."""
        yield container
        while isinstance(container, containers.EventSubProcess):
            container = self.parser.containers[container.bpmn_id]
            yield container

    def _event_sub_process(self, spec: containers.EventSubProcess) -> None:
        scope = self.parser.containers[spec.bpmn_id]
        if not isinstance(scope, containers.SubProcess):
            self.error(
                spec,
                "The compensation event sub-process {element} never starts: only a completed sub-process is undone. Draw it inside one.",
            )
            return
        if self._own_undoing(scope) is not spec:
            self.error(spec, "The sub-process {scope} has two compensation event sub-processes. Keep one.", scope=scope.bpmn_id)
        if self.parser.entries[scope.bpmn_id].undone_by is not None:
            self.error(
                spec,
                "The sub-process {scope} is undone by its compensation boundary event, so {element} never starts. Keep one of them.",
                scope=scope.bpmn_id,
            )

    def _own_undoing(self, spec: Element) -> containers.EventSubProcess | None:
        subs = spec.event_sub_processes if isinstance(spec, containers.SubProcess) else []
        return next((sub for sub in subs if sub.is_compensation), None)

    def _can_be_undone(self, spec: Element) -> bool:
        """Nothing inside what undoes is undone again once it is done."""
        if spec not in self.undoable:
            only_undoes = self._handles(spec.bpmn_id) or (isinstance(spec, containers.EventSubProcess) and spec.is_compensation)
            self.undoable[spec] = not only_undoes and (
                spec.undone_by is not None
                or self._own_undoing(spec) is not None
                or any(self._can_be_undone(inner) for inner in self._held_by(spec))
            )
        return self.undoable[spec]

    def _held_by(self, spec: Element) -> list[Element]:
        if isinstance(spec, Body):
            return [spec.inner]
        return directly_inside(self.parser, spec) if isinstance(spec, containers.Container) else []


def _associations(root: etree._Element) -> defaultdict[str, list[str]]:
    """What each element is associated with; the direction of the line means nothing more."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for association in root.iter(bpmn("association")):
        source, target = str(association.get("sourceRef")), str(association.get("targetRef"))
        found[source].append(target)
        found[target].append(source)
    return found
