"""Ways backwards through a diagram and through the processes that call it or that it calls."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from engine.checks.flow import ends_normally
from engine.checks.world import World
from engine.spiff import ProcessModel
from engine.spiff.specs import containers, events
from engine.spiff.specs.body import Body
from engine.spiff.specs.element import Element


@dataclass(frozen=True)
class Step:
    """One element of one process."""

    process: str
    node: Element

    @property
    def id(self) -> str:
        return self.node.bpmn_id


Way = Callable[[], tuple[Step, ...]]


def back(world: World, start: Step, stops: Callable[[Step], bool]) -> Iterator[tuple[Step, Way]]:
    """Every element some way to ``start`` comes through, nearest first, each with that way on demand (``start`` is its last).

    A way is not followed beyond an element that ``stops``; that element itself is given.
    """
    came: dict[Step, Step | None] = {start: None}
    pending = [start]
    for here in pending:
        if here is not start:
            yield here, partial(_way, here, came)
            if stops(here):
                continue
        for other in before(world, here):
            if other not in came:
                came[other] = here
                pending.append(other)


def _way(here: Step | None, came: dict[Step, Step | None]) -> tuple[Step, ...]:
    found: list[Step] = []
    while here is not None:
        found.append(here)
        here = came[here]
    return tuple(found)


def before(world: World, step: Step) -> Iterator[Step]:
    """The elements a token was at just before; inside called processes where one of them was called."""
    model, node = world.processes[step.process], step.node
    for flow in node.incoming:
        yield from _done(world, step.process, flow.source)
    for source in node.link_sources:
        yield Step(step.process, source)
    if isinstance(node, events.BoundaryEvent):
        yield from before(world, Step(step.process, node.attached_to))
    holder = world.holder(model, node)
    if not node.incoming and holder is not None and not isinstance(node, events.BoundaryEvent):
        if holder is model.root:
            for caller, call in world.callers(step.process):
                yield from before(world, Step(caller, world.entry(caller, call)))
        else:
            yield from before(world, Step(step.process, holder))


def _done(world: World, process: str, node: Element) -> Iterator[Step]:
    """Where a token was when it left ``node``: at the ends of what is inside, when something is."""
    inner = node.inner if isinstance(node, Body) else node
    if isinstance(inner, containers.CallActivity) and inner.call.process_id.text in world.processes:
        called = world.processes[inner.call.process_id.text]
        yield from (Step(called.id, end) for end in _ends(world, called, called.root))
    elif isinstance(inner, containers.Container):
        yield from (Step(process, end) for end in _ends(world, world.processes[process], inner))
    else:
        yield Step(process, inner)


def _ends(world: World, model: ProcessModel, holder: Element) -> list[Element]:
    return [node for node in model.nodes.values() if world.holder(model, node) is holder and ends_normally(node)]
