"""The hash chain of a case: every history entry signs its own content and the entry before it.

``hash`` is SHA-256, in hexadecimal, over the UTF-8 bytes of ``previous`` followed by the canonical JSON (sorted keys, no
spaces) of the entry's other fields; ``at`` is written in UTC. The first entry follows the empty text.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

from engine import json_codec


@dataclass
class Head:
    """Where a chain ends now."""

    seq: int
    hash: str


class Fact(NamedTuple):
    """What an entry says, before it takes its place in the chain."""

    kind: str
    instance_key: int
    element_id: str
    element_key: int
    data: dict[str, Any]


def link(head: Head, root_key: int, at: str, actor: str, fact: Fact) -> dict[str, Any]:
    """The row of the next entry; ``head`` moves on to it. ``at`` is ``moment_text`` of its moment."""
    row: dict[str, Any] = {
        "root_key": root_key,
        "seq": head.seq + 1,
        "at": at,
        "kind": fact.kind,
        "instance_key": fact.instance_key,
        "element_id": fact.element_id,
        "element_key": fact.element_key,
        "actor": actor,
        "data": _data_text(fact.data),
        "previous": head.hash,
    }
    row["hash"] = hash_of(row)
    head.seq, head.hash = head.seq + 1, row["hash"]
    return row


def hash_of(row: dict[str, Any]) -> str:
    """``row`` holds every field but the hash; ``at`` and ``data`` as the text that was signed."""
    signed = (
        f'{row["previous"]}{{"actor":{_text(row["actor"])},"at":"{row["at"]}","data":{row["data"]}'
        f',"element_id":{_text(row["element_id"])},"element_key":{row["element_key"]},"instance_key":{row["instance_key"]}'
        f',"kind":{_text(row["kind"])},"root_key":{row["root_key"]},"seq":{row["seq"]}}}'
    )
    return hashlib.sha256(signed.encode()).hexdigest()


def moment_text(at: dt.datetime) -> str:
    """A moment as it is signed: UTC, microseconds always written."""
    return at.astimezone(dt.UTC).isoformat(timespec="microseconds")


def _data_text(data: dict[str, Any]) -> str:
    """Canonical JSON. Most entries say a few words only, and the same ones again and again."""
    if all(type(value) in _PLAIN for value in data.values()):
        return _said_before(tuple(data.items()))
    return json_codec.canonical(data).decode()


_PLAIN = {str, int, type(None)}  # and no subclasses: True equals 1 and would be taken for it


@lru_cache(maxsize=8192)
def _said_before(items: tuple[tuple[str, Any], ...]) -> str:
    return json_codec.canonical(dict(items)).decode()


@lru_cache(maxsize=8192)
def _text(value: str) -> str:
    """Kinds, element ids and people come again and again."""
    return json_codec.dumps(value)
