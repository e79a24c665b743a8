"""A past case as it has to be known to let it happen again: what came from outside, and which way it went.

What people entered is in it. It is for running again, not for reading: interfaces show the way and the decisions only.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class RecordedInput:
    """Something from outside, in the order it came. ``kind``: task, message, signal, job (also the end of a called process,
    then ``element`` is the process id). ``name`` and ``key``: of messages and signals; ``name`` of a job
    is its type. ``who``: who did the task.
    """

    at: dt.datetime
    kind: str
    element: str
    values: Mapping[str, Any]
    name: str = ""
    key: str = ""
    error: str | None = None
    who: str | None = None


@dataclass(frozen=True)
class RecordedDecision:
    """``rules``: (table id, rule id) of every rule that matched, in the order of the tables."""

    element_id: str
    decision_id: str
    decision_key: int
    rules: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class RecordedTask:
    element_id: str
    created_at: dt.datetime
    due: dt.datetime | None
    assignee: str | None
    candidate_groups: tuple[str, ...]
    completed_at: dt.datetime | None
    completed_by: str | None


@dataclass(frozen=True)
class Recording:
    """One instance of one process, also a called one; processes it called itself count as something outside.

    ``answers``: what each operation gave, by element id in the order of the calls ({error: code} for a business error).
    ``start``: the message, timer or signal start event it began with. ``path`` and ``flows``: element and flow ids in order.
    ``interventions``: kinds of history entries by which people changed the course by hand; it cannot happen again by itself.
    """

    instance_key: int
    root_key: int
    process_id: str
    definition_key: int
    version: int
    business_key: str
    started_at: dt.datetime
    ended_at: dt.datetime | None
    outcome: str  # completed, terminated, or active and incident while it runs
    start: str | None
    variables: Mapping[str, Any]
    inputs: tuple[RecordedInput, ...]
    answers: Mapping[str, tuple[Mapping[str, Any], ...]]
    called: frozenset[str]
    path: tuple[str, ...]
    flows: tuple[str, ...]
    decisions: tuple[RecordedDecision, ...]
    tasks: tuple[RecordedTask, ...]
    interventions: tuple[str, ...]
