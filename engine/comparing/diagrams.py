"""Diagrams: which elements and flows are new, gone, different, or only drawn elsewhere."""

from __future__ import annotations

from engine.comparing import matching, things
from engine.comparing.diagram_reading import read
from engine.comparing.model import Change
from engine.comparing.things import Thing, Things

__all__ = ["changes", "read"]
FLOWS = frozenset({"sequenceFlow", "messageFlow", "association"})
UNNAMED = frozenset({"id"})


def changes(before: Things, after: Things) -> tuple[Change, ...]:
    """In the order of the new diagram: nodes first, then flows."""
    found = things.changes(before, after, same(before, after))
    return tuple(sorted(found, key=lambda change: change.what in {"sequence flow", "message flow", "association"}))


def same(before: Things, after: Things) -> dict[str, str]:
    """Old id → new id. What has another id now is recognised by its name, by everything it does, or by the ends of the flow."""
    known = {id_: id_ for id_ in before if id_ in after and _is_flow(before[id_]) == _is_flow(after[id_])}
    old, new = _nodes(before), _nodes(after)
    matching.by_trait(old, new, known, lambda thing: (thing.kind, thing.name) if thing.name else None)
    matching.by_trait(old, new, known, lambda thing: (thing.kind, *thing.properties.items()) if thing.properties else None)
    matching.by_trait(
        {id_: thing for id_, thing in before.items() if _is_flow(thing)},
        {id_: thing for id_, thing in after.items() if _is_flow(thing)},
        known,
        lambda thing: _ends(thing, known if thing is before.get(thing.id) else {}),
    )
    return known


def _nodes(side: Things) -> dict[str, Thing]:
    return {id_: thing for id_, thing in side.items() if not _is_flow(thing)}


def _is_flow(thing: Thing) -> bool:
    return thing.kind in FLOWS


def _ends(thing: Thing, known: dict[str, str]) -> tuple[str, ...]:
    """Where a flow leads from and to, in the ids of the new diagram."""
    ends = [thing.properties.get((word, ""), "") for word in ("from", "to")]
    return (thing.kind, *(known.get(end, end) for end in ends))
