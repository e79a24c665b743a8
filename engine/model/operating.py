"""What operators look at: how much stands where and for how long. Durations are seconds."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from engine.model.cases import ElementInstance


@dataclass(frozen=True)
class Overview:
    """The numbers of one glance. ``late_tasks`` are open beyond their due date, ``overdue_timers`` beyond their moment."""

    running: int  # root instances
    suspended: int
    incidents: int
    open_tasks: int
    late_tasks: int
    timers: int
    overdue_timers: int
    next_due: dt.datetime | None
    open_jobs: int
    failed_jobs: int
    worker_seen: dt.datetime | None  # real time, whatever the office's clock shows


@dataclass(frozen=True)
class LiveCaseUse:
    """Of one process: cases commands found in memory, those they had to read, and how many are held now."""

    hits: int
    misses: int
    held: int


@dataclass(frozen=True)
class ElementStatistics:
    """Tokens at one element of a definition or of an instance; the multi-instance body is not counted beside its children."""

    element_id: str
    active: int
    incidents: int
    completed: int
    terminated: int


@dataclass(frozen=True)
class ElementDuration:
    """How long finished passes of one element took."""

    element_id: str
    element_type: str
    name: str
    count: int
    median: float
    p90: float
    longest: float


@dataclass(frozen=True)
class ElementWaiting:
    """How long the tokens that stand at one element now have been there."""

    element_id: str
    count: int
    incidents: int
    median: float
    longest: float


@dataclass(frozen=True)
class Standing:
    """A token, and the case it belongs to."""

    element: ElementInstance
    business_key: str
    definition_key: int
    process_id: str


@dataclass(frozen=True)
class SlowStep:
    """How long one user task takes from its opening to its completion. ``days`` are working days, None without a calendar."""

    process_id: str
    element_id: str
    name: str
    groups: tuple[str, ...]
    completed: int
    median: float | None
    p90: float | None
    median_days: float | None
    p90_days: float | None
    open: int
    oldest_open: dt.datetime | None


@dataclass(frozen=True)
class VersionInUse:
    """One version of a process and the instances that run on it (roots and called ones)."""

    definition_key: int
    process_id: str
    name: str
    version: int
    version_tag: str
    deployed_at: dt.datetime
    is_newest: bool
    running: int
    incidents: int


@dataclass(frozen=True)
class DueTimer:
    """``root_key`` 0: it starts a case. ``suspended``: it failed, and waits for its incident to be resolved."""

    element_key: int
    root_key: int
    instance_key: int
    definition_key: int
    process_id: str
    process_name: str
    business_key: str
    element_id: str
    due_at: dt.datetime
    suspended: bool


@dataclass(frozen=True)
class TimerCount:
    """The timers of one process."""

    process_id: str
    process_name: str
    total: int
    overdue: int
    suspended: int
    next_due: dt.datetime


@dataclass(frozen=True)
class JobCount:
    """Unfinished jobs of one type in one state. ``is_effect``: our own worker runs them."""

    type: str
    state: str
    is_effect: bool
    count: int


@dataclass(frozen=True)
class Cause:
    """Active incidents that say the same about the same element. ``example`` is the key of the newest."""

    kind: str
    process_id: str
    element_id: str
    message: str
    count: int
    first: dt.datetime
    last: dt.datetime
    example: int
