"""Works out which variables have been written when an element begins: surely, on every way there, or on some way.

The masks of a node follow from those before it; they are worked out again until nothing changes.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping

from engine.checks import results
from engine.checks.beside import run_beside
from engine.checks.graph import ALL, ANYTHING, Edge, Flow, State, held, written_inside
from engine.checks.results import Result, Surroundings
from engine.spiff import ProcessModel
from engine.spiff.specs import containers, events, gateways
from engine.spiff.specs.ad_hoc import AdHocSubProcess
from engine.spiff.specs.body import Body
from engine.spiff.specs.element import Element
from engine.spiff.specs.multi_instance import MultiInstanceBody
from engine.spiff.specs.standard_loop import StandardLoopBody


def solve(model: ProcessModel, around: Surroundings, start: Result) -> Flow:
    flow = Flow(model, around, start)
    for node in flow.nodes:
        flow.given[node] = results.of(node, around, model)
        flow.mask([*flow.locals(node), *flow.given[node].maybe])
    flow.mask(start.maybe)
    for node, given in flow.given.items():
        anything = ANYTHING if given.anything else 0
        flow.masks[node] = flow.mask(given.sure), flow.mask(given.maybe) | anything, flow.mask(flow.locals(node))
    _draw(flow)
    run_beside(flow)
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


def _before(flow: Flow, node: Element) -> State:
    if node is flow.model.root:
        anything = ANYTHING if flow.start.anything else 0
        return State(flow.mask(flow.start.sure), flow.mask(flow.start.maybe) | anything)
    edges = flow.edges[node]
    together = isinstance(node, gateways.ParallelGateway)
    sure, maybe = (0 if together and edges else ALL), flow.beside.get(node, 0)
    for edge in edges:
        state = flow.after[edge.source] if edge.kind == "after" else flow.before[edge.source]
        if edge.kind == "inside":
            state = flow.inside(edge.source)
        if state.sure == ALL and state.maybe == 0:
            sure = ALL if together else sure  # not followed yet
        else:
            sure = sure | state.sure if together else sure & state.sure
        maybe |= state.maybe
    return State(sure, maybe)


def _after(flow: Flow, node: Element, before: State) -> State:
    if before.sure == ALL and before.maybe == 0:
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
        maybe |= written_inside(flow, flow.model.root)  # what is undone before it goes on
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
    sure = ALL
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
