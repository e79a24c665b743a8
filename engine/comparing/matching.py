"""Which of the old things is which of the new ones."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


def by_trait(before: Mapping[K, V], after: Mapping[K, V], known: dict[K, K], trait: Callable[[V], Hashable | None]) -> None:
    """Add to ``known`` (old key → new key) every pair that alone has the same trait on both sides; None is no trait."""
    old = _unique({key: value for key, value in before.items() if key not in known}, trait)
    taken = set(known.values())
    new = _unique({key: value for key, value in after.items() if key not in taken}, trait)
    known.update({key: new[found] for found, key in old.items() if found in new})


def _unique(things: Mapping[K, V], trait: Callable[[V], Hashable | None]) -> dict[Hashable, K]:
    found: dict[Hashable, list[K]] = {}
    for key, value in things.items():
        mark = trait(value)
        if mark is not None:
            found.setdefault(mark, []).append(key)
    return {mark: keys[0] for mark, keys in found.items() if len(keys) == 1}


def out_of_order(before: Sequence[K], after: Sequence[K]) -> set[K]:
    """Those that stand in both and changed their place among the others: as few as explain the new order."""
    places: dict[K, int] = {key: place for place, key in enumerate(before)}
    both = [key for key in after if key in places]
    in_order = _longest_rising(both, places)
    return {key for key in both if key not in in_order}


def _longest_rising(keys: Sequence[K], places: dict[K, int]) -> set[K]:
    """A longest subsequence whose places rise (patience sorting)."""
    tails: list[int] = []
    last: list[K] = []
    above: dict[K, K | None] = {}
    for key in keys:
        at = bisect_left(tails, places[key])
        above[key] = last[at - 1] if at else None
        tails[at : at + 1] = [places[key]]
        last[at : at + 1] = [key]
    found: set[K] = set()
    one: K | None = last[-1] if last else None
    while one is not None:
        found.add(one)
        one = above[one]
    return found
