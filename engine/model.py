"""The words of the engine as plain values: what commands take and queries give back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from engine.errors import Problem


@dataclass(frozen=True)
class Actor:
    """Who acts: a login name, the candidate groups they stand in, and whether the engine itself acts."""

    user_id: str
    groups: frozenset[str] = frozenset()
    system: bool = False  # the worker, a deployment at start; may do everything

    def may_work_on(self, task: UserTask) -> bool:
        """True when the task is theirs, or open to them: an unassigned task without any candidates is open to nobody."""
        if self.system or task.assignee == self.user_id:
            return True
        if task.assignee is not None:
            return False
        return self.is_candidate(task)

    def is_candidate(self, task: UserTask) -> bool:
        return self.user_id in task.candidate_users or bool(self.groups & set(task.candidate_groups))


SYSTEM = Actor("system", system=True)


@dataclass(frozen=True)
class Resource:
    """One uploaded file. ``name`` ends in .bpmn, .dmn or .form."""

    name: str
    content: bytes


@dataclass(frozen=True)
class Definition:
    """One immutable version of a process, decision or form."""

    key: int
    kind: str  # process, decision, form
    id: str
    version: int
    name: str
    version_tag: str
    resource_name: str
    deployment_key: int
    deployed_at: dt.datetime


@dataclass(frozen=True)
class Deployment:
    key: int
    deployed_at: dt.datetime
    deployed_by: str
    note: str
    definitions: tuple[Definition, ...]  # also those whose content had not changed
    warnings: tuple[Problem, ...] = ()


@dataclass(frozen=True)
class ProcessInstance:
    """``state`` is active, incident, completed or terminated. Called instances name their parent and their root."""

    key: int
    root_key: int
    parent_key: int | None
    parent_element_key: int | None
    definition_key: int
    process_id: str
    process_name: str
    version: int
    business_key: str
    state: str
    started_at: dt.datetime
    ended_at: dt.datetime | None
    started_by: str


@dataclass(frozen=True)
class ElementInstance:
    """``state`` is active, incident, completed or terminated."""

    key: int
    instance_key: int
    root_key: int
    scope_key: int
    element_id: str
    element_type: str
    name: str
    state: str
    started_at: dt.datetime
    ended_at: dt.datetime | None


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


@dataclass(frozen=True)
class Variable:
    key: int
    name: str
    value: Any
    scope_key: int
    instance_key: int
    root_key: int


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


@dataclass(frozen=True)
class Timer:
    key: int
    root_key: int
    instance_key: int
    element_key: int
    element_id: str
    due_at: dt.datetime


@dataclass(frozen=True)
class HistoryEntry:
    """One link of a case's chain: ``hash`` is SHA-256 over ``previous`` and the canonical form of the rest."""

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
class Page:
    """A page of results by key: ``total`` counts all matches; ``after`` is the cursor for the next page, None at the end."""

    items: tuple[Any, ...]
    total: int
    after: str | None

    def __iter__(self) -> Iterator[Any]:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)


@dataclass(frozen=True)
class CommandResult:
    """What a step of a case led to: the state of the case, and every task that is open in it now."""

    root_key: int
    instance_key: int
    state: str  # of the root instance: active, incident, completed, terminated
    open_tasks: tuple[UserTask, ...]


@dataclass(frozen=True)
class MessageResult:
    """``correlated`` names the process instances that got the message; ``expires_at`` is set while it may reach more."""

    key: int
    name: str
    correlation_key: str
    correlated: tuple[int, ...]
    expires_at: dt.datetime | None = None

    @property
    def instance_key(self) -> int | None:
        """The first instance that got it."""
        return self.correlated[0] if self.correlated else None


@dataclass(frozen=True)
class DecisionOutcome:
    """The answer of a decision asked outside any case; ``explanation`` names inputs, matched rules and their notes."""

    decision_key: int
    decision_id: str
    name: str
    version: int
    value: Any
    explanation: dict[str, Any]


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
class BrokenRecord:
    """The first history entry of a case that is not what was written. ``reason``: hash, link, missing, tail."""

    root_key: int
    seq: int
    reason: str

    def __str__(self) -> str:
        return f"case {self.root_key}, entry {self.seq}: {BROKEN[self.reason]}"


BROKEN = {
    "hash": "its content was altered",
    "link": "it does not follow the entry before it",
    "missing": "an entry is missing here",
    "tail": "entries at the end are missing or were added",
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
