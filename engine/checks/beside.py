"""What something that runs at the same time may have written already: parallel branches, boundaries, event sub-processes, repeats."""

from __future__ import annotations

from collections.abc import Iterable

from engine.checks.graph import Flow, held, written_inside
from engine.spiff.specs import containers, gateways
from engine.spiff.specs.body import Body
from engine.spiff.specs.element import Element


def run_beside(flow: Flow) -> None:
    """Names that something running at the same time may have written already."""
    for node in flow.nodes:
        if len(node.outgoing) > 1 and not isinstance(node, (gateways.ExclusiveGateway, gateways.EventBasedGateway)):
            _side_by_side(flow, [_from(drawn.target) for drawn in node.outgoing])
        for boundary in node.boundary:
            _add_beside(flow, [boundary], written_inside(flow, node))
            if not boundary.interrupting:
                _side_by_side(flow, [_from(node), _from(boundary)])
                _again(flow, _from(boundary))
        if isinstance(node, Body):
            _again(flow, [node.inner])
        if node in flow.undoing:
            everything = written_inside(flow, flow.model.root)
            for other in flow.nodes:  # the scopes it ran in are brought back with what they owned
                everything |= flow.masks[other][2]
            _add_beside(flow, [node], everything)
        if isinstance(node, containers.Container):
            _event_sub_processes(flow, node)


def _side_by_side(flow: Flow, branches: list[frozenset[Element]]) -> None:
    common = frozenset.intersection(*branches) if branches else frozenset()
    for branch in branches:
        others = frozenset().union(*(other for other in branches if other is not branch)) - common
        written = 0
        for other in others - branch:
            written |= flow.masks[other][1] | written_inside(flow, other)
        _add_beside(flow, branch - common, written)


def _event_sub_processes(flow: Flow, container: containers.Container) -> None:
    written = written_inside(flow, container)
    for sub in container.event_sub_processes:
        _add_beside(flow, [sub], written)
        if not sub.start.interrupting:
            _again(flow, [sub])
            beside = [one for one in held(flow, container) if one is not sub]
            _add_beside(flow, beside, flow.masks[sub][1] | written_inside(flow, sub))
    inner = getattr(container, "activities", None)
    if inner:
        _add_beside(flow, inner.values(), written)


def _again(flow: Flow, nodes: Iterable[Element]) -> None:
    """They may have run before, each time anew."""
    nodes = list(nodes)
    written = 0
    for node in nodes:
        written |= flow.masks[node][1] | written_inside(flow, node)
    _add_beside(flow, nodes, written)


def _add_beside(flow: Flow, nodes: Iterable[Element], written: int) -> None:
    """The nodes and, through the state they begin with, everything inside them."""
    if written:
        for node in nodes:
            flow.beside[node] = flow.beside.get(node, 0) | written


def _from(node: Element) -> frozenset[Element]:
    """The node and everything on some way out of it, in the same scope."""
    found = {node}
    pending = [node]
    while pending:
        here = pending.pop()
        following = [drawn.target for drawn in here.outgoing]
        if here is not node:
            following += here.boundary
        target = getattr(here, "link_target", None)
        for other in [*following, *([target] if target is not None else [])]:
            if other not in found:
                found.add(other)
                pending.append(other)
    return frozenset(found)
