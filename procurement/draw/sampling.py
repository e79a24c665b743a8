"""Deterministic sampling from a seed, simple enough to repeat in any language.

Take the keys in ascending order of their UTF-8 bytes. For n = 0, 1, 2 … the n-th random number is SHA-256 of the text
``seed:n`` read as an unsigned big-endian integer. Fisher-Yates from the front: position i is exchanged with position
i + (next number below the largest multiple of (length - i), modulo (length - i)); larger numbers are skipped, so that no
position is favoured. The first keys of the result are drawn.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator

SPAN = 2**256


def shuffled(seed: str, keys: Iterable[str]) -> list[str]:
    """All keys in the order the seed gives."""
    order = sorted(keys, key=str.encode)
    if len(set(order)) != len(order):
        raise ValueError("a key appears twice")
    numbers = _numbers(seed)
    for i in range(len(order) - 1):
        j = i + _below(len(order) - i, numbers)
        order[i], order[j] = order[j], order[i]
    return order


def drawn(seed: str, keys: Iterable[str], number: int) -> list[str]:
    """The first ``number`` of the shuffled keys. Raises ValueError when there are fewer."""
    order = shuffled(seed, keys)
    if not 0 <= number <= len(order):
        raise ValueError(f"cannot draw {number} of {len(order)}")
    return order[:number]


def _numbers(seed: str) -> Iterator[int]:
    n = 0
    while True:
        yield int.from_bytes(hashlib.sha256(f"{seed}:{n}".encode()).digest())
        n += 1


def _below(limit: int, numbers: Iterator[int]) -> int:
    fair = SPAN - SPAN % limit
    return next(number for number in numbers if number < fair) % limit
