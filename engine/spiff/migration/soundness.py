"""Whether a join could wait for ever: all ways on from where the tokens of one scope stand, on the drawn graph.

Conditions are not asked: every flow may be taken, every interrupting event may come. A token that stands at no join is
moved on alone, since nothing another one does can take its ways away; so only choices multiply, and the number of places
visited stays small. What stands at joins that can never be complete is reported by the joins' element ids.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache

from engine.spiff.runner.token import Token
from engine.spiff.specs.element import Element, Flow
from engine.spiff.specs.events import EndEvent, IntermediateThrowEvent
from engine.spiff.specs.gateways import (
    EventBasedGateway,
    ExclusiveGateway,
    InclusiveGateway,
    Joining,
    ParallelGateway,
)
from engine.spiff.specs.reach import leads_to

MOST_STATES = 20_000
MOST_SUBSETS = 5  # of the flows out of an inclusive gateway

Place = Element | Flow  # a token at an element, or one that has come over a flow to a join
State = frozenset[tuple[Place, int]]


class TooManyWays(Exception):
    """Nothing can be said in time."""


def standing(scope: Token) -> list[Place]:
    """Where the tokens of a live scope stand; undoing and event sub-processes go no way on the drawn graph."""
    places: list[Place] = []
    for token in scope.inside():
        arrived = token.memo.get("arrived")
        if arrived is None:
            places.append(token.task_spec)
            continue
        flows = {flow.id: flow for flow in token.task_spec.incoming}
        places += [flows[flow_id] for flow_id, count in arrived.items() for _ in range(count)]
    return places


Hangs = tuple[frozenset[str], ...]  # by the ways looked at


def may_hang(places: Iterable[Place]) -> Hangs:
    """Joins at which tokens could be left waiting for ever, by four ways of looking; compare like with like (``new_hangs``).

    With interruptions and without; and with an end event that ends the whole scope, which may come before or after whatever
    else happens there: once it ends all, once only its own token. Raises TooManyWays.
    """
    start = _state(places)
    return tuple(_may_hang(start, interruptions=one, ends_all=other) for one in (False, True) for other in (False, True))


def new_hangs(before: Hangs, after: Hangs, name: Callable[[str], str] = str) -> set[str]:
    """Joins that could wait for ever after a change, and could not in the same way before; ``name``: what a join is called now."""
    return {join for old, new in zip(before, after, strict=True) for join in new - set(map(name, old))}


@lru_cache(maxsize=4096)  # a thousand cases of a version stand at a few places
def _may_hang(start: State, *, interruptions: bool, ends_all: bool) -> frozenset[str]:
    open_states, seen, hanging = [start], {start}, set[str]()
    while open_states:
        state = open_states.pop()
        following = _following(state, interruptions=interruptions, ends_all=ends_all)
        if following is None:
            hanging |= {place.target.bpmn_id for place, _ in state if isinstance(place, Flow)}
            continue
        for one in following:
            if one not in seen:
                seen.add(one)
                open_states.append(one)
        if len(seen) > MOST_STATES:
            raise TooManyWays
    return frozenset(hanging)


def _state(places: Iterable[Place]) -> State:
    return frozenset(Counter(places).items())


def _following(state: State, *, interruptions: bool, ends_all: bool) -> list[State] | None:
    """The states one step on, none at a proper end; None when what is left waits for ever."""
    if not state:
        return []
    left = Counter(dict(state))
    moving = sorted((place for place in left if isinstance(place, Element)), key=lambda node: node.name)
    if moving:
        return [_moved(left, moving[0], way) for way in _ways(moving[0], interruptions=interruptions, ends_all=ends_all)]
    for join in sorted({place.target for place in left if isinstance(place, Flow)}, key=lambda node: node.name):
        if _complete(join, left):
            return [_state((left - Counter(flow for flow in join.incoming if left[flow]) + Counter([join])).elements())]
    return None


def _moved(left: Counter[Place], node: Element, way: list[Place] | None) -> State:
    """``way`` None: everything in the scope ends."""
    if way is None:
        return frozenset()
    return _state((left - Counter([node]) + Counter(way)).elements())


def _ways(node: Element, *, interruptions: bool, ends_all: bool) -> Iterator[list[Place] | None]:
    """Where a token at ``node`` may go, one alternative after the other."""
    if isinstance(node, EndEvent):
        yield None if ends_all and node.event.kind in {"terminate", "error", "cancel"} else []
    elif isinstance(node, IntermediateThrowEvent) and node.link_target is not None:
        yield [node.link_target]
    elif isinstance(node, (ExclusiveGateway, EventBasedGateway)):
        yield from ([_over(flow)] for flow in node.outgoing)
    elif isinstance(node, InclusiveGateway) and any(flow.condition for flow in node.outgoing):
        yield from ([_over(flow) for flow in chosen] for chosen in _subsets(node.outgoing))
    else:
        yield [_over(flow) for flow in node.outgoing]
    if interruptions:
        for event in node.boundary:
            if event.interrupting:
                yield [event]


def _over(flow: Flow) -> Place:
    joins = isinstance(flow.target, Joining) and len(flow.target.incoming) > 1
    return flow if joins else flow.target


def _subsets(flows: list[Flow]) -> Iterator[tuple[Flow, ...]]:
    if len(flows) > MOST_SUBSETS:
        yield from ((flow,) for flow in flows)
        yield tuple(flows)
        return
    for size in range(1, len(flows) + 1):
        yield from itertools.combinations(flows, size)


def _complete(join: Element, left: Counter[Place]) -> bool:
    """Everything else is at rest at joins."""
    if isinstance(join, ParallelGateway):
        return all(left[flow] for flow in join.incoming)
    assert isinstance(join, InclusiveGateway)
    others = {place.target for place in left if isinstance(place, Flow)} - {join}
    empty = tuple(flow for flow in join.incoming if not left[flow])
    full = tuple(flow for flow in join.incoming if left[flow])
    return not any(leads_to(join, empty, other) and not leads_to(join, full, other) for other in others)


def reaches(start: Element, *, but: frozenset[Element] = frozenset()) -> set[Element]:
    """Every node of the same scope a token at ``start`` can come to, ``start`` only by way of a loop; never through ``but``."""
    found: set[Element] = set()
    open_ends = _next(start)
    while open_ends:
        node = open_ends.pop()
        if node in found or node in but:
            continue
        found.add(node)
        open_ends += _next(node)
    return found


def follows(start: Element, other: Element) -> bool:
    """Whether ``other`` comes after ``start``; not when the way leads through a parallel join that waits for ``other`` too."""
    ways = reaches(start)
    if other not in ways:
        return False
    joins = [join for join in ways & reaches(other) if isinstance(join, ParallelGateway) and len(join.incoming) > 1]
    return other in reaches(start, but=frozenset(join for join in joins if _meets(start, other, join)))


def _meets(start: Element, other: Element, join: Element) -> bool:
    """Tokens at both come together at ``join``: neither leads to the other before it, and each brings a flow of its own."""
    brings_more = flows_to(other, join) - flows_to(start, join)
    return bool(brings_more) and start not in reaches(other, but=frozenset({join}))


def flows_to(start: Element, join: Element) -> set[Flow]:
    """The flows into ``join`` over which a token at ``start`` can come the next time."""
    ways = {start, *reaches(start, but=frozenset({join}))}
    return {flow for flow in join.incoming if flow.source in ways}


def may_be_together(one: Element, other: Element, inside: Iterable[Element]) -> bool:
    """Whether the diagram ever has a token at both: some element begins two ways at once, one to each. ``inside``: their scope."""
    for node in inside:
        ways = [{way, *reaches(way)} for way in _at_once(node)]
        here = [one in way for way in ways], [other in way for way in ways]
        if any(left and right for n, left in enumerate(here[0]) for m, right in enumerate(here[1]) if n != m):
            return True
    return False


def _at_once(node: Element) -> list[Element]:
    """What begins side by side when a token leaves an element, or while it is there."""
    if isinstance(node, (ExclusiveGateway, EventBasedGateway)):
        return []
    beside: list[Element] = [event for event in node.boundary if not event.interrupting]
    following = [flow.target for flow in node.outgoing]
    return [node, *beside] if beside else following if len(following) > 1 else []


def _next(node: Element) -> list[Element]:
    following = [flow.target for flow in node.outgoing] + list(node.boundary)
    if isinstance(node, IntermediateThrowEvent) and node.link_target is not None:
        following.append(node.link_target)
    return following
