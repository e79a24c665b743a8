"""How the checks of the inside read documents."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypeAlias

from procurement.archive.checking.opened import Opened
from procurement.archive.layout import Entry

Said: TypeAlias = Iterator[str | int]  # numbers are counted, texts are what is wrong


def of_kind(entries: list[Entry], kind: str) -> Iterator[Entry]:
    """The JSON documents of a kind, in the order of their numbers."""
    return (entry for entry in entries if entry.kind == kind and entry.path.endswith(".json"))


def rows(archive: Opened, entries: list[Entry], kind: str) -> Iterator[tuple[Entry, Any]]:
    """Each document of a kind with what it says."""
    return ((entry, archive.json(entry.path)) for entry in of_kind(entries, kind))


def same(one: Any, other: Any) -> bool:
    """Whether two JSON values say the same; 1 and 1.00 do, as money does before and after it was stored."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(value, other[name]) for name, value in one.items())
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    return bool(one == other)
