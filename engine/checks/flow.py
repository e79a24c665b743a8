"""Which variables have been written when an element begins: surely, on every way there, or on some way.

Every node of the token graph gets two bit masks over the names: ``sure`` (written on all ways) and ``maybe`` (written on some
way, or by something that runs beside it). The masks of a node follow from those before it; they are worked out again until
nothing changes.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from engine.checks import results
from engine.checks.results import Result, Surroundings
from engine.checks.uses import local_names
from engine.spiff import ProcessModel
from engine.spiff.specs import containers, events, gateways
from engine.spiff.specs.ad_hoc import AdHocSubProcess
from engine.spiff.specs.body import Body
from engine.spiff.specs.element import Element
from engine.spiff.specs.multi_instance import MultiInstanceBody
from engine.spiff.specs.standard_loop import StandardLoopBody

_ALL = -1  # every bit: nothing is known yet of a way that has not been followed
_ANYTHING = 1  # the lowest bit stands for "and whatever nobody told us of"


@dataclass(frozen=True)
class State:
    """Masks of what has been written."""

    sure: int = _ALL
    maybe: int = 0


@dataclass(frozen=True)
class Edge:
    """Where a node takes its state from: what ``source`` leaves (``after``), or what it found (``before``)."""

    source: Element
    kind: str  # after, before, inside


@dataclass
class Flow:
    """The token graph of one process and its solution."""

    model: ProcessModel
    around: Surroundings
    start: Result
    names: dict[str, int] = field(default_factory=dict)
    edges: dict[Element, list[Edge]] = field(default_factory=dict)
    before: dict[Element, State] = field(default_factory=dict)
    after: dict[Element, State] = field(default_factory=dict)
    given: dict[Element, Result] = field(default_factory=dict)
    masks: dict[Element, tuple[int, int, int]] = field(default_factory=dict)  # of what it gives surely, perhaps, and owns
    beside: dict[Element, int] = field(default_factory=dict)
    inside_of: dict[Element, list[Element]] = field(default_factory=dict)
    undoing: set[Element] = field(default_factory=set)  # what compensation begins
    holder: dict[Element, Element] = field(default_factory=dict)

    @property
    def nodes(self) -> list[Element]:
        return [self.model.root, *self.model.nodes.values()]

    def mask(self, names: Iterable[str]) -> int:
        found = 0
        for name in names:
            bit = self.names.get(name)
            if bit is None:
                bit = self.names[name] = len(self.names) + 1
            found |= 1 << bit
        return found

    def is_sure(self, state: State, name: str) -> bool:
        bit = self.names.get(name)
        return bit is not None and bool(state.sure >> bit & 1)

    def is_possible(self, state: State, name: str) -> bool:
        bit = self.names.get(name)
        return bit is not None and bool(state.maybe >> bit & 1)

    def is_open(self, state: State) -> bool:
        """Something before it brings variables nobody told us of."""
        return bool(state.maybe & _ANYTHING)

    def known(self, node: Element, *, inside: bool = True) -> dict[str, bool]:
        """The names there when ``node`` begins (``inside``: after its input mappings), and whether surely."""
        state = self.inside(node) if inside else self.before[node]
        return {name: bool(state.sure >> bit & 1) for name, bit in self.names.items() if state.maybe >> bit & 1}

    def inside(self, node: Element) -> State:
        state, local = self.before[node], self.masks[node][2]
        return State(state.sure | local, state.maybe | local)

    def locals(self, node: Element) -> frozenset[str]:
        """Names the element itself owns while it runs."""
        names = local_names(node.input_mappings)
        if isinstance(node, MultiInstanceBody):
            names |= {"loopCounter"} | ({node.loop.input_element} if node.loop.input_element else set())
        elif isinstance(node, StandardLoopBody):
            names |= {"loopCounter"}
        return names

    def result(self) -> Result:
        """What the process hands to who called it, beside what it was started with."""
        state = self.after[self.model.root]
        sure = {name for name, bit in self.names.items() if state.sure >> bit & 1}
        maybe = {name for name, bit in self.names.items() if state.maybe >> bit & 1}
        return Result(frozenset(sure & maybe), frozenset(maybe), bool(state.maybe & _ANYTHING))


def solve(model: ProcessModel, around: Surroundings, start: Result) -> Flow:
    flow = Flow(model, around, start)
    for node in flow.nodes:
        flow.given[node] = results.of(node, around, model)
        flow.mask([*flow.locals(node), *flow.given[node].maybe])
    flow.mask(start.maybe)
    for node, given in flow.given.items():
        anything = _ANYTHING if given.anything else 0
        flow.masks[node] = flow.mask(given.sure), flow.mask(given.maybe) | anything, flow.mask(flow.locals(node))
    _draw(flow)
    _run_beside(flow)
    _settle(flow)
    return flow


def _settle(flow: Flow) -> None:
    """Work the states out, and again those that follow from one that changed."""
    following: dict[Element, list[Element]] = {node: [] for node in flow.nodes}
    for node, edges in flow.edges.items():
        for edge in edges:
            following[edge.source].append(node)
    for node, holder in flow.holder.items():
        following[node].append(holder)
    for node in flow.nodes:
        flow.before[node] = flow.after[node] = State()
    pending = deque(flow.nodes)
    waiting = set(pending)
    while pending:
        node = pending.popleft()
        waiting.discard(node)
        before = _before(flow, node)
        after = _after(flow, node, before)
        if (before, after) != (flow.before[node], flow.after[node]):
            flow.before[node], flow.after[node] = before, after
            for other in following[node]:
                if other not in waiting:
                    waiting.add(other)
                    pending.append(other)


def _draw(flow: Flow) -> None:
    """The edges between nodes, those into and out of what holds others included."""
    for node in flow.nodes:
        flow.edges.setdefault(node, [])
        for drawn in node.incoming:
            flow.edges[node].append(Edge(drawn.source, "after"))
        if isinstance(node, Body):
            flow.holder[node.inner] = node
            flow.edges.setdefault(node.inner, []).append(Edge(node, "inside"))
        if isinstance(node, events.BoundaryEvent):
            compensating = node.event.kind == "compensation"
            flow.edges[node].append(Edge(node.attached_to, "after" if compensating else "before"))
        if isinstance(node, events.IntermediateThrowEvent) and node.link_target is not None:
            flow.edges.setdefault(node.link_target, []).append(Edge(node, "after"))
        for handler in (node.undone_by, node.brought_back_by):
            if handler is not None:  # runs long after: of what was there, only what the process began with is sure
                flow.edges.setdefault(handler, []).append(Edge(flow.model.root, "before"))
                flow.undoing.add(handler)
        if isinstance(node, containers.Container):
            _draw_inside(flow, node)


def _draw_inside(flow: Flow, container: containers.Container) -> None:
    begun: list[Element] = [*container.starts.values(), *container.event_sub_processes]
    if isinstance(container, AdHocSubProcess):
        begun += [one for one in container.activities.values() if not one.incoming]
    for node in begun:
        late = isinstance(node, containers.EventSubProcess) and node.is_compensation
        flow.edges.setdefault(node, []).append(Edge(flow.model.root, "before") if late else Edge(container, "inside"))
        if late:
            flow.undoing.add(node)
    pending, seen = list(begun), set(begun)
    while pending:  # all that stands directly inside
        node = pending.pop()
        flow.holder.setdefault(node, container)
        following = [drawn.target for drawn in node.outgoing] + list(node.boundary)
        following += [one for one in (node.undone_by, getattr(node, "link_target", None)) if one is not None]
        for other in following:
            if other not in seen:
                seen.add(other)
                pending.append(other)


def held(flow: Flow, holder: Element) -> list[Element]:
    """What stands directly in ``holder``."""
    if not flow.inside_of:
        for node in flow.nodes:
            if node in flow.holder:
                flow.inside_of.setdefault(flow.holder[node], []).append(node)
    return flow.inside_of.get(holder, [])


def _before(flow: Flow, node: Element) -> State:
    if node is flow.model.root:
        anything = _ANYTHING if flow.start.anything else 0
        return State(flow.mask(flow.start.sure), flow.mask(flow.start.maybe) | anything)
    edges = flow.edges[node]
    together = isinstance(node, gateways.ParallelGateway)
    sure, maybe = (0 if together and edges else _ALL), flow.beside.get(node, 0)
    for edge in edges:
        state = flow.after[edge.source] if edge.kind == "after" else flow.before[edge.source]
        if edge.kind == "inside":
            state = flow.inside(edge.source)
        if state.sure == _ALL and state.maybe == 0:
            sure = _ALL if together else sure  # not followed yet
        else:
            sure = sure | state.sure if together else sure & state.sure
        maybe |= state.maybe
    return State(sure, maybe)


def _after(flow: Flow, node: Element, before: State) -> State:
    if before.sure == _ALL and before.maybe == 0:
        return State()
    sure, maybe, local = flow.masks[node]
    inner = _from_inside(flow, node, before)
    if isinstance(node, MultiInstanceBody):
        own = local & ~before.maybe
        return State(before.sure | sure, before.maybe | (inner.maybe & ~own) | maybe)
    if isinstance(node, (containers.Container, Body)):
        own = local & ~before.sure
        return State((inner.sure & ~own) | sure, before.maybe | (inner.maybe & ~own) | maybe)
    if isinstance(node, events.Event) and node.event.kind in {"compensation", "cancel"}:
        maybe |= _written_inside(flow, flow.model.root)  # what is undone before it goes on
    return State(before.sure | sure, before.maybe | maybe)


def _from_inside(flow: Flow, node: Element, before: State) -> State:
    """What has been written when everything inside has ended."""
    if isinstance(node, Body):
        inner = flow.after[node.inner]
        always = isinstance(node, StandardLoopBody) and not node.loop.test_before
        return State(inner.sure if always else before.sure, inner.maybe)
    if not isinstance(node, containers.Container):
        return State(before.sure, before.maybe)
    inside = held(flow, node)
    ends = [flow.after[one].sure for one in inside if ends_normally(one)]
    if isinstance(node, AdHocSubProcess):
        ends.append(before.sure)
    sure = _ALL
    for end in ends:
        sure &= end
    maybe = 0
    for one in inside:
        maybe |= flow.after[one].maybe
    return State(sure, maybe)


def ends_normally(node: Element) -> bool:
    """Whether a token that ends here leaves the rest of the scope to go on or end."""
    if node.outgoing or getattr(node, "link_target", None) is not None:
        return False
    if isinstance(node, containers.EventSubProcess):
        return not node.is_compensation and node.start.interrupting
    if isinstance(node, events.EndEvent):
        return node.event.kind not in {"error", "cancel"}
    is_undoing = isinstance(node, events.BoundaryEvent) and node.event.kind == "compensation"
    return not is_undoing and bool(node.incoming or isinstance(node, events.Catching))


def _written_inside(flow: Flow, node: Element) -> int:
    """Everything something inside ``node`` may have written by the time it is interrupted."""
    found = 0
    for inner in [node.inner] if isinstance(node, Body) else held(flow, node):
        found |= flow.masks[inner][1] | _written_inside(flow, inner)
    return found


def _run_beside(flow: Flow) -> None:
    """Names that something running at the same time may have written already."""
    for node in flow.nodes:
        if len(node.outgoing) > 1 and not isinstance(node, (gateways.ExclusiveGateway, gateways.EventBasedGateway)):
            _side_by_side(flow, [_from(drawn.target) for drawn in node.outgoing])
        for boundary in node.boundary:
            _add_beside(flow, [boundary], _written_inside(flow, node))
            if not boundary.interrupting:
                _side_by_side(flow, [_from(node), _from(boundary)])
                _again(flow, _from(boundary))
        if isinstance(node, Body):
            _again(flow, [node.inner])
        if node in flow.undoing:
            everything = _written_inside(flow, flow.model.root)
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
            written |= flow.masks[other][1] | _written_inside(flow, other)
        _add_beside(flow, branch - common, written)


def _event_sub_processes(flow: Flow, container: containers.Container) -> None:
    written = _written_inside(flow, container)
    for sub in container.event_sub_processes:
        _add_beside(flow, [sub], written)
        if not sub.start.interrupting:
            _again(flow, [sub])
            beside = [one for one in held(flow, container) if one is not sub]
            _add_beside(flow, beside, flow.masks[sub][1] | _written_inside(flow, sub))
    inner = getattr(container, "activities", None)
    if inner:
        _add_beside(flow, inner.values(), written)


def _again(flow: Flow, nodes: Iterable[Element]) -> None:
    """They may have run before, each time anew."""
    nodes = list(nodes)
    written = 0
    for node in nodes:
        written |= flow.masks[node][1] | _written_inside(flow, node)
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


def way(flow: Flow, node: Element, name: str) -> tuple[str, ...]:
    """The shortest way to ``node`` on which nothing writes ``name`` for sure: element ids from the start on; () if there is none."""
    writers = {one for one in flow.nodes if name in flow.given[one].sure}
    came: dict[Element, Element | None] = {node: None}
    pending = [node]
    for here in pending:
        sources = [edge.source for edge in flow.edges.get(here, ())]
        if here is flow.model.root:
            return _shown(here, came)
        for source in sources:
            if source not in came and source not in writers:
                came[source] = here
                pending.append(source)
    return ()


def _shown(start: Element, came: Mapping[Element, Element | None]) -> tuple[str, ...]:
    found: list[str] = []
    here: Element | None = start
    while here is not None:
        if not isinstance(here, containers.Process) and here.bpmn_id not in found[-1:]:
            found.append(here.bpmn_id)
        here = came[here]
    return tuple(found)
