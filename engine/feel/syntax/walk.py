"""Going over a whole syntax tree."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from typing import Any

from engine.feel.syntax.nodes import Located, Name

_CHILD_FIELDS: dict[type, tuple[str, ...]] = {}
_LEAVES = frozenset({"at", "name", "names", "operator", "type", "value_type", "external", "every", "negated", "text"})


def children(node: Located) -> Iterator[Located]:
    """The nodes directly below ``node``, in the order of the text."""
    kind = type(node)
    if kind not in _CHILD_FIELDS:
        _CHILD_FIELDS[kind] = tuple(entry.name for entry in fields(node) if entry.name not in _LEAVES)
    for name in _CHILD_FIELDS[kind]:
        yield from _nodes(getattr(node, name))


def _nodes(value: Any) -> Iterator[Located]:
    if isinstance(value, Located):
        yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from _nodes(item)


def walk(node: Located) -> Iterator[Located]:
    """``node`` and every node below it, without recursion."""
    pending = [node]
    while pending:
        here = pending.pop()
        yield here
        pending.extend(children(here))


def mentions(node: Located, name: str) -> bool:
    """Whether ``name`` is read anywhere in the tree."""
    return any(isinstance(found, Name) and found.name == name for found in walk(node))
