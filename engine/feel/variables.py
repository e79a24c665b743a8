"""Which names an expression reads from outside."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from engine.feel.syntax.nodes import Call, ContextLiteral, Filter, For, FunctionLiteral, Located, Name, Quantified
from engine.feel.syntax.walk import children


@dataclass(frozen=True)
class Reading:
    """One place where a name is read that the expression itself does not define."""

    node: Name
    called: bool  # as the function of a call
    maybe_entry: bool  # inside a filter, where it may be an entry of the elements


def readings(tree: Located) -> Iterator[Reading]:
    """Every reading of an outer name, in no particular order."""
    yield from _readings(tree, frozenset({"?"}), inside_filter=False)


def _readings(node: Located, own: frozenset[str], *, inside_filter: bool) -> Iterator[Reading]:
    if isinstance(node, Name):
        if node.name not in own:
            yield Reading(node, called=False, maybe_entry=inside_filter)
        return
    if isinstance(node, Call) and isinstance(node.function, Name):
        if node.function.name not in own:
            yield Reading(node.function, called=True, maybe_entry=inside_filter)
        for argument in node.arguments:
            yield from _readings(argument, own, inside_filter=inside_filter)
        return
    for child, names, filtered in _scopes(node):
        yield from _readings(child, own | names, inside_filter=inside_filter or filtered)


_NONE: frozenset[str] = frozenset()


def _scopes(node: Located) -> Iterator[tuple[Located, frozenset[str], bool]]:
    """The children of a node, with the names each of them sees in addition, and whether it is a filter's condition."""
    if isinstance(node, Filter):
        yield node.source, _NONE, False
        yield node.condition, frozenset({"item"}), True
    elif isinstance(node, (For, Quantified)):
        names: frozenset[str] = _NONE
        for iterator in node.iterators:
            yield iterator.source, names, False
            names |= {iterator.name}
        if isinstance(node, For):
            yield node.body, names | {"partial"}, False
        else:
            yield node.condition, names, False
    elif isinstance(node, FunctionLiteral):
        yield node.body, frozenset(parameter.name for parameter in node.parameters), False
    elif isinstance(node, ContextLiteral):
        keys: frozenset[str] = _NONE
        for key, value in node.entries:
            keys |= {key}  # its own key too: a function may call itself
            yield value, keys, False
    else:
        for child in children(node):
            yield child, _NONE, False
