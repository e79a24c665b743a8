"""The history of a case, and whether it is still what was written."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class HistoryEntry:
    """One thing that happened. ``previous`` and ``hash`` are those of its record, the link of the case's chain it is part of:
    all entries of one command share them (before records, each entry was a link of its own).
    """

    root_key: int
    seq: int
    at: dt.datetime
    kind: str  # snake_case name of the event or command: user_task_completed, conditions_evaluated …
    instance_key: int
    element_id: str
    element_key: int
    actor: str
    data: dict[str, Any]
    previous: str
    hash: str


@dataclass(frozen=True)
class BrokenRecord:
    """The first record of a case's history that is not what was written; ``seq`` is the number of its first entry.

    ``reason``: a key of ``BROKEN``.
    """

    root_key: int
    seq: int
    reason: str

    def __str__(self) -> str:
        return f"case {self.root_key}, entry {self.seq}: {BROKEN[self.reason]}"


BROKEN = {
    "hash": "its content was altered",
    "words": "the words it is found by were altered",
    "link": "it does not follow the entry before it",
    "missing": "an entry is missing here",
    "tail": "entries at the end are missing or were added",
    "anchor": "it is not what was anchored outside",
    "file": "the file as a whole was altered",
}


@dataclass(frozen=True)
class VerificationReport:
    """Result of recomputing hash chains; the history is sound when ``broken`` is empty."""

    cases: int
    entries: int
    broken: tuple[BrokenRecord, ...]

    @property
    def sound(self) -> bool:
        return not self.broken
