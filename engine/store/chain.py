"""The hash chain of a case: every record of its history signs its own content and the record before it.

A record tells what one command did, as a list of entries. Its ``hash`` is SHA-256, in hexadecimal, over the UTF-8 bytes of
seven lines, parted by single line feeds: ``previous`` (the hash of the record before; empty for the first), ``root_key``,
``first_seq`` and ``seq`` (numbers of its first and last entry), ``at`` (UTC), ``actor``, and ``entries`` as they are stored.

What was written before records (migration 0004) has one row for each entry, whose hash is over ``previous`` followed by
the canonical JSON (sorted keys, no spaces) of the entry's other fields. One chain may begin with those and go on with these.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from engine import json_codec

# an entry before it takes its place in the chain: kind, instance key, element id, element key, data; stored as a JSON array
Fact: TypeAlias = tuple[str, int, str, int, dict[str, Any]]

MAX_ENTRIES = 500  # of one record: a command that does more makes several, so that reading one stays cheap


@dataclass
class Head:
    """Where a chain ends now."""

    seq: int
    hash: str


def records(head: Head, root_key: int, at: str, actor: str, facts: Sequence[Fact]) -> Iterator[dict[str, Any]]:
    """The rows that tell ``facts``, usually one; ``head`` moves on. ``at`` is ``moment_text`` of their moment."""
    for start in range(0, len(facts), MAX_ENTRIES):
        some = facts[start : start + MAX_ENTRIES]
        row: dict[str, Any] = {
            "root_key": root_key,
            "seq": head.seq + len(some),
            "first_seq": head.seq + 1,
            "at": at,
            "actor": actor,
            "kinds": words([fact[0] for fact in some]),
            "elements": words([fact[2] for fact in some]),
            "entries": json_codec.dumps_stored(some),
            "previous": head.hash,
        }
        row["hash"] = hash_of(row)
        head.seq, head.hash = row["seq"], row["hash"]
        yield row


def words(found: Iterable[str]) -> list[str]:
    """What a search finds a record by: each word once, in the order of its first use, nothing empty."""
    each = dict.fromkeys(found)
    each.pop("", None)
    return list(each)


def hash_of(row: dict[str, Any]) -> str:
    """Of a record; ``at`` and ``entries`` as the text that was signed."""
    signed = "\n".join(
        (row["previous"], str(row["root_key"]), str(row["first_seq"]), str(row["seq"]), row["at"], row["actor"], row["entries"])
    )
    return hashlib.sha256(signed.encode()).hexdigest()


def hash_of_single(row: dict[str, Any]) -> str:
    """Of an entry older than records; ``row`` holds every field but the hash; ``at`` and ``data`` as the text that was signed."""
    text = json_codec.dumps
    signed = (
        f'{row["previous"]}{{"actor":{text(row["actor"])},"at":"{row["at"]}","data":{row["data"]}'
        f',"element_id":{text(row["element_id"])},"element_key":{row["element_key"]},"instance_key":{row["instance_key"]}'
        f',"kind":{text(row["kind"])},"root_key":{row["root_key"]},"seq":{row["seq"]}}}'
    )
    return hashlib.sha256(signed.encode()).hexdigest()


def moment_text(at: dt.datetime) -> str:
    """A moment as it is signed: UTC, microseconds always written."""
    return at.astimezone(dt.UTC).isoformat(timespec="microseconds")
