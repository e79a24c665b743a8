"""What waits to be done, by people, by workers and by operators."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class UserTask:
    """``state`` is created, completed, canceled; ``key`` is also its element instance key."""

    key: int
    instance_key: int
    root_key: int
    definition_key: int
    process_id: str
    business_key: str
    element_id: str
    name: str
    state: str
    assignee: str | None
    candidate_groups: tuple[str, ...]
    candidate_users: tuple[str, ...]
    due: dt.datetime | None
    follow_up: dt.datetime | None
    priority: int
    form_key: int | None
    form_id: str | None
    created_at: dt.datetime
    ended_at: dt.datetime | None
    completed_by: str | None = None
    headers: dict[str, str] = field(default_factory=dict)
    suspended: bool = False  # its case is; it cannot be worked on until that is resumed


@dataclass(frozen=True)
class TaskCounts:
    """One person's open tasks: ``all`` are theirs and those they may take; ``late`` are overdue, ``soon`` due within two days."""

    all: int
    mine: int
    late: int
    soon: int
    processes: tuple[tuple[str, str], ...]  # id and name of every process that has one of them
    steps: tuple[tuple[str, str], ...]  # element id and name


@dataclass(frozen=True)
class Job:
    """``state`` is created, activated, completed, failed, error_thrown, canceled."""

    key: int
    type: str
    instance_key: int
    root_key: int
    process_id: str
    definition_key: int
    version: int
    element_id: str
    element_key: int
    retries: int
    state: str
    worker: str
    deadline: dt.datetime | None
    headers: dict[str, str]
    variables: dict[str, Any]
    error_message: str = ""
    suspended: bool = False
    error_code: str = ""
    created_at: dt.datetime | None = None
    ended_at: dt.datetime | None = None
    handed_out: int = 0  # how often a worker took it: the lease of whoever has it now


@dataclass(frozen=True)
class Incident:
    """``state`` is active or resolved."""

    key: int
    instance_key: int
    root_key: int
    process_id: str
    element_id: str
    element_key: int
    job_key: int | None
    kind: str
    message: str
    state: str
    raised_at: dt.datetime
    resolved_at: dt.datetime | None
