"""The token graph of a process, and which variables have been written when each of its nodes begins and ends.

Every node gets two bit masks over the names: ``sure`` (written on all ways to it) and ``maybe`` (written on some way, or by
something that runs beside it).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from engine.checks.results import Result, Surroundings
from engine.checks.uses import local_names
from engine.spiff import ProcessModel
from engine.spiff.specs.body import Body
from engine.spiff.specs.element import Element
from engine.spiff.specs.multi_instance import MultiInstanceBody
from engine.spiff.specs.standard_loop import StandardLoopBody

ALL = -1  # every bit: nothing is known yet of a way that has not been followed
ANYTHING = 1  # the lowest bit stands for "and whatever nobody told us of"


@dataclass(frozen=True)
class State:
    """Masks of what has been written."""

    sure: int = ALL
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
        return bool(state.maybe & ANYTHING)

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
        return Result(frozenset(sure & maybe), frozenset(maybe), bool(state.maybe & ANYTHING))


def held(flow: Flow, holder: Element) -> list[Element]:
    """What stands directly in ``holder``."""
    if not flow.inside_of:
        for node in flow.nodes:
            if node in flow.holder:
                flow.inside_of.setdefault(flow.holder[node], []).append(node)
    return flow.inside_of.get(holder, [])


def written_inside(flow: Flow, node: Element) -> int:
    """Everything something inside ``node`` may have written by the time it is interrupted."""
    found = 0
    for inner in [node.inner] if isinstance(node, Body) else held(flow, node):
        found |= flow.masks[inner][1] | written_inside(flow, inner)
    return found
