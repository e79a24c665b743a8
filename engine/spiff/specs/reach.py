"""Whether an inclusive join may still be reached: the rule of the BPMN specification, on the drawn graph."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.spiff.runner.token import Token

if TYPE_CHECKING:
    from engine.spiff.specs.element import Element, Flow
    from engine.spiff.specs.gateways import InclusiveGateway


def must_still_wait(gateway: InclusiveGateway, token: Token) -> bool:
    """True while a token of the same scope can come on an empty flow, and not only by way of a flow that already has one.

    A token that can also reach the gateway over a flow where one waits does not count: otherwise two joins in a row, or a
    loop round the gateway, would wait for each other for ever.
    """
    arrived = token.memo["arrived"]
    empty = tuple(flow for flow in gateway.incoming if not arrived.get(flow.id))
    full = tuple(flow for flow in gateway.incoming if arrived.get(flow.id))
    for other in token.beside():
        if leads_to(gateway, empty, other.task_spec) and not leads_to(gateway, full, other.task_spec):
            return True
    return False


def leads_to(gateway: InclusiveGateway, flows: tuple[Flow, ...], element: Element) -> bool:
    """Whether a token at ``element`` can come to the gateway over one of ``flows``."""
    return not _sources(gateway, flows).isdisjoint((element, *element.boundary))


def _sources(gateway: InclusiveGateway, flows: tuple[Flow, ...]) -> frozenset[Element]:
    """Every element from which one of ``flows`` can be reached without passing the gateway; the graph never changes."""
    if flows not in gateway.sources:
        gateway.sources[flows] = _walk_back(gateway, flows)
    return gateway.sources[flows]


def _walk_back(gateway: InclusiveGateway, flows: tuple[Flow, ...]) -> frozenset[Element]:
    found: set[Element] = set()
    open_ends = [flow.source for flow in flows]
    while open_ends:
        element = open_ends.pop()
        if element is gateway or element in found:
            continue
        found.add(element)
        open_ends += [flow.source for flow in element.incoming]
        open_ends += element.link_sources
        host = getattr(element, "attached_to", None)
        if host is not None:
            open_ends.append(host)
    return frozenset(found)
