"""Walking along a chain: the same eyes for rows of the database and for lines of an exported file.

A row is a mapping of its columns with ``at`` as the text that was signed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from engine import json_codec
from engine.model import BrokenRecord
from engine.store.chain import Head, hash_of, hash_of_single, words


@dataclass(frozen=True)
class Link:
    """One row: the numbers of its first and last entry, its place in the chain, and what is wrong with it by itself."""

    first: int
    seq: int
    previous: str
    hash: str
    wrong: str | None


def of(row: Mapping[str, Any]) -> Link:
    """Either kind of row."""
    return _of_record(row) if "entries" in row else _of_single(row)


def _of_single(row: Mapping[str, Any]) -> Link:
    """A row of one entry."""
    wrong = None if hash_of_single(dict(row)) == row["hash"] else "hash"
    return Link(row["seq"], row["seq"], row["previous"], row["hash"], wrong)


def _of_record(row: Mapping[str, Any]) -> Link:
    """A row of one command."""
    wrong = "hash" if hash_of(dict(row)) != row["hash"] else _misfiled(row)
    return Link(row["first_seq"], row["seq"], row["previous"], row["hash"], wrong)


def _misfiled(row: Mapping[str, Any]) -> str | None:
    """The words a record is found by must be those of its entries, which are signed."""
    entries = json_codec.loads(row["entries"])
    is_so = row["kinds"] == words(kind for kind, *_ in entries) and row["elements"] == words(entry[2] for entry in entries)
    return None if is_so else "words"


def walk(root_key: int, links: Iterable[Link], head: Head | None) -> tuple[int, BrokenRecord | None]:
    """How many entries there are, and the first that is not what was written."""
    last, count = Head(0, ""), 0
    broken: BrokenRecord | None = None
    for link in links:
        count += link.seq - link.first + 1
        if broken is not None:
            continue
        reason = _unlinked(last, link) or link.wrong
        if reason is not None:
            broken = BrokenRecord(root_key, last.seq + 1, reason)
        last = Head(link.seq, link.hash)
    if broken is None and last != head:
        broken = BrokenRecord(root_key, last.seq, "tail")
    return count, broken


def _unlinked(last: Head, link: Link) -> str | None:
    if link.first != last.seq + 1 or link.seq < link.first:
        return "missing"
    return None if link.previous == last.hash else "link"
