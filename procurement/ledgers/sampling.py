"""Samples anybody can draw again: the list is fixed first, then the seed is made, then procurement.draw.sampling takes from it."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from procurement.draw.sampling import drawn

ALGORITHM = "bixuan-sample/1: SHA-256(seed:n), Fisher-Yates, ids by UTF-8 bytes (docs/reference/draw-file.md)"


def frame_sha256(population: Sequence[str]) -> str:
    """Of the ids in ascending order of their UTF-8 bytes, one a line."""
    return hashlib.sha256("\n".join(sorted(population, key=str.encode)).encode()).hexdigest()


def sample(seed: str, frame: str, population: Sequence[str], size: int) -> list[str]:
    """At most ``size`` ids, in ascending order. The list itself is part of what decides, so that it cannot be changed afterwards."""
    unique = list(dict.fromkeys(population))
    return sorted(drawn(f"{seed}:{frame}", unique, min(size, len(unique))), key=str.encode)
