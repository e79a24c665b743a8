"""The hashes of a draw by commit and reveal, simple enough to repeat in any language (docs/reference/draw-file.md).

Each text that is hashed begins with what it is for, so that no hash of one kind can pass for another. Parts are joined by line
feeds and hold none themselves. All hashes are SHA-256 of UTF-8, as 64 lower-case hexadecimal digits.
"""

from __future__ import annotations

import hashlib
import json
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

VERSION = 1
DOMAIN = f"bixuan-draw/{VERSION}"
HEX = re.compile(r"[0-9a-f]{64}")
LONGEST = 2000
ENOUGH_BITS = 128
# bits per character: dice, digits, hexadecimal; prose carries far less than its letters seem to
STRENGTHS = (
    (re.compile(r"[1-6]+"), math.log2(6)),
    (re.compile(r"[0-9]+"), math.log2(10)),
    (re.compile(r"[0-9a-f]+"), 4.0),
    (re.compile(r"[!-~]*[0-9][!-~]*"), 3.0),
)
PROSE = 1.3


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def canonical(value: Any) -> str:
    """JSON with sorted keys, no blanks and no escapes beyond what JSON needs; texts, whole numbers, lists, objects, null only."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def digest(value: Any) -> str:
    """SHA-256 of the canonical JSON."""
    return sha256(canonical(value))


def is_hash(text: str) -> bool:
    return HEX.fullmatch(text) is not None


def normal(contribution: str) -> str:
    """A contribution as it is hashed: blanks and line feeds, which get lost in copying, do not count."""
    return re.sub(r"\s+", "", contribution)[:LONGEST]


def bits(contribution: str) -> int:
    """A careful estimate of how much chance a contribution carries; 128 bits cannot be guessed."""
    text = normal(contribution)
    per_character = next((value for pattern, value in STRENGTHS if pattern.fullmatch(text)), PROSE)
    return int(len(text) * per_character) if len(set(text)) > 3 else 0


def candidate_commitment(purchase: str, round_: int, expert: Mapping[str, str], salt: str) -> str:
    """``expert``: expert_id, name, unit."""
    who = (expert["expert_id"], expert["name"], expert["unit"])
    return _joined("candidate", purchase, str(round_), *who, salt)


def contribution_commitment(purchase: str, round_: int, contributor: str, contribution: str) -> str:
    return _joined("contribution", purchase, str(round_), contributor, normal(contribution))


def candidates_sha256(commitments: Iterable[str]) -> str:
    """Of the commitments in ascending order, one a line."""
    return sha256("\n".join(sorted(commitments)))


def seed(announcement_sha256: str, reveals: Mapping[str, str], outside_value: str) -> str:
    """``reveals``: contributor → contribution. Nobody chooses it alone: every part was fixed before the others were known."""
    parts: Sequence[str] = [f"{contributor} {reveals[contributor]}" for contributor in sorted(reveals)]
    return _joined("seed", announcement_sha256, *parts, outside_value)


def _joined(purpose: str, *parts: str) -> str:
    if any("\n" in part for part in parts):
        raise ValueError("a part holds a line feed")
    return sha256("\n".join((f"{DOMAIN} {purpose}", *parts)))
