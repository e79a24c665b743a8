"""Two models of one process side by side: which node of the other stands for a node of this one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.spiff.model import ProcessModel
from engine.spiff.specs.containers import Container
from engine.spiff.specs.element import Element, Flow

BODY = "#body"  # as the parser names the body of a multi-instance activity


def is_body(node: Element) -> bool:
    """It stands in the flow for an activity that is done several times."""
    return node.name.endswith(BODY)


class Places:
    """Where each node of a model stands."""

    def __init__(self, model: ProcessModel) -> None:
        self.model = model
        containers = [model.root, *(node for node in model.nodes.values() if isinstance(node, Container))]
        insides = [(container, getattr(container, "inside", model.spec)) for container in containers]
        self._containers = {id(inside): container for container, inside in insides}
        self.flows: dict[str, Flow] = {flow.id: flow for node in model.nodes.values() for flow in node.outgoing}

    def container(self, node: Element) -> Container:
        """The process or sub-process a node is drawn in."""
        return self._containers[id(node._wf_spec)]  # noqa: SLF001 - SpiffWorkflow's only way from a node to its process

    def scope(self, node: Element) -> Element:
        """The node whose token a token of ``node`` runs in: the body for what runs once for each item."""
        body = self.model.nodes.get(node.bpmn_id + BODY)
        return body if body is not None and node.name == node.bpmn_id else self.container(node)

    def inside(self, container: Container) -> list[Element]:
        """What is drawn directly in it."""
        return [node for node in self.model.nodes.values() if self.container(node) is container]


class Versions:
    """``mapping``: element id in the source → element id in the target, for those whose ids differ."""

    def __init__(self, source: ProcessModel, target: ProcessModel, mapping: Mapping[str, str] | None = None) -> None:
        self.source, self.target = source, target
        self.mapping = dict(mapping or {})
        self.at_source, self.at_target = Places(source), Places(target)

    def element_id(self, element_id: str) -> str:
        return self.mapping.get(element_id, element_id)

    def node(self, node: Element) -> Element | None:
        """The node of the target that stands for a node of the source; None when there is none."""
        if node is self.source.root:
            return self.target.root
        suffix = node.name[len(node.bpmn_id) :]
        return self.target.nodes.get(self.element_id(node.bpmn_id) + suffix)

    def inside(self, container: Element) -> tuple[list[Element], list[Element]]:
        """What is drawn directly in a process or sub-process of the source, and in the one that stands for it."""
        target = self.node(container)
        assert isinstance(container, Container)
        assert isinstance(target, Container)
        return self.at_source.inside(container), self.at_target.inside(target)

    def flow(self, flow_id: str) -> Flow | None:
        """The flow of the target that stands for a flow of the source; None when that cannot be told."""
        flow = self.at_source.flows[flow_id]
        target = self.node(flow.target)
        return None if target is None else self._incoming(flow.target, target).get(flow_id)

    def _incoming(self, source: Element, target: Element) -> dict[str, Flow]:
        """Flows into an element: of the same id, else the only one from the same element, else the only ones left."""
        found = {flow.id: flow for flow in target.incoming if any(flow.id == one.id for one in source.incoming)}
        for flow in source.incoming:
            start = self.node(flow.source)
            between = [one for one in target.incoming if one.source is start and one not in found.values()]
            if flow.id not in found and len(between) == 1:
                found[flow.id] = between[0]
        left = [flow for flow in source.incoming if flow.id not in found]
        free = [flow for flow in target.incoming if flow not in found.values()]
        if len(left) == len(free) == 1:
            found[left[0].id] = free[0]
        return found


def said(value: Any) -> Any:
    """A definition as the diagram says it, so that two of them can be compared."""
    if hasattr(value, "text"):
        return value.text
    if isinstance(value, (list, tuple)):
        return tuple(said(one) for one in value)
    if hasattr(value, "__dataclass_fields__"):
        return tuple(said(getattr(value, name)) for name in value.__dataclass_fields__)
    return value
