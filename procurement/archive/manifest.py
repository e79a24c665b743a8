"""A case file's contents list: one line per document with its SHA-256, and one SHA-256 over the list."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from engine import json_codec


@dataclass(frozen=True)
class Document:
    """Something that goes into the file; ``sha256`` is of the file's bytes or of a register row's canonical JSON."""

    title: str
    kind: str
    sha256: str
    at: dt.datetime


def listed(documents: Iterable[Document]) -> list[dict[str, Any]]:
    """The lines ``{n, title, kind, sha256, at}`` in order of time, numbered from 1."""
    ordered = sorted(documents, key=lambda d: (d.at, d.kind, d.title, d.sha256))
    return [
        {"n": n, "title": d.title, "kind": d.kind, "sha256": d.sha256, "at": d.at.isoformat()} for n, d in enumerate(ordered, 1)
    ]


def sealed(lines: list[dict[str, Any]]) -> str:
    """SHA-256 over the canonical JSON of the whole list."""
    return json_codec.digest(lines)


def keep_until(closed_on: dt.date, years: int) -> dt.date:
    """The last day of the retention period; 29 February ends on 28 February."""
    try:
        return closed_on.replace(year=closed_on.year + years)
    except ValueError:
        return closed_on.replace(year=closed_on.year + years, day=28)
