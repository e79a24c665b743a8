"""What a run was and where it stands: everything a page, a test or a comparison may want to know of it.

``step`` counts the steps of the case from 1; 0 is the start. ``at`` is the sandbox's own clock. Keys are of this run only.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.sandbox.answers import Call
from engine.sandbox.case import Case


@dataclass(frozen=True)
class Stop:
    """Why the run did not go on.

    ``kind``: step (a step of the case cannot be done), answer (an operation has no answer), new_task (a task has no values,
    ``element`` names it), limit, definition, incident. ``params`` fill ``template``, which interfaces translate.
    """

    kind: str
    template: str
    params: Mapping[str, Any]
    step: int
    element: str | None = None

    @property
    def message(self) -> str:
        return self.template.format(**self.params) if self.params else self.template


@dataclass
class Visit:
    """One element instance: ``outcome`` is active, completed or terminated."""

    step: int
    at: dt.datetime
    process: str
    instance_key: int
    element_id: str
    element_key: int
    type: str
    name: str
    scope_key: int
    outcome: str = "active"
    ended_at: dt.datetime | None = None
    ended_step: int | None = None


@dataclass(frozen=True)
class FlowTaken:
    step: int
    process: str
    flow: str
    target: str


@dataclass
class Task:
    """One user task: who could act, when it was due, what was entered. ``outcome`` as of a visit."""

    step: int
    at: dt.datetime
    process: str
    instance_key: int
    element_id: str
    key: int
    name: str
    assignee: str | None
    candidate_groups: tuple[str, ...]
    candidate_users: tuple[str, ...]
    due: dt.datetime | None
    follow_up: dt.datetime | None
    priority: int
    form_id: str | None
    outcome: str = "active"
    ended_at: dt.datetime | None = None
    values: Mapping[str, Any] | None = None
    context: dict[str, Any] = field(default_factory=dict)  # what is visible there; of open tasks only


@dataclass
class Timer:
    """``outcome``: active, fired or withdrawn. A repeating one has an entry for each time."""

    step: int
    at: dt.datetime
    process: str
    element_id: str
    key: int
    due_at: dt.datetime
    repetitions_left: int | None
    outcome: str = "active"
    ended_at: dt.datetime | None = None


@dataclass(frozen=True)
class Awaited:
    """A message or signal somebody waits for; ``correlation_key`` is None for signals."""

    process: str
    element_id: str
    key: int
    kind: str
    name: str
    correlation_key: str | None


@dataclass(frozen=True)
class Job:
    """Work of somebody outside, or a called process whose end the case decides; it waits for a job step."""

    process: str
    element_id: str
    key: int
    type: str
    variables: Mapping[str, Any]


@dataclass(frozen=True)
class Decided:
    """``explanation`` is engine.dmn's: what was read, the matched rules with their annotations."""

    step: int
    at: dt.datetime
    process: str
    element_id: str
    element_key: int
    decision: str
    output: Any
    explanation: Mapping[str, Any]


@dataclass(frozen=True)
class Chosen:
    """A gateway's conditions in the order asked: {flow, expression, inputs, result}; ``taken`` are flow ids."""

    step: int
    at: dt.datetime
    process: str
    element_id: str
    conditions: tuple[Mapping[str, Any], ...]
    taken: tuple[str, ...]


@dataclass(frozen=True)
class Written:
    step: int
    scope_key: int
    name: str
    before: Any
    value: Any
    is_new: bool


@dataclass(frozen=True)
class Thrown:
    """An error or escalation; a message has ``caught_by`` "delivered" once somebody in the run took it."""

    step: int
    process: str
    element_id: str
    kind: str  # error, message, signal
    name: str
    correlation_key: str | None = None
    message: str = ""
    caught_by: str | None = None
    variables: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Incident:
    step: int
    process: str
    element_id: str
    element_key: int
    kind: str
    message: str


@dataclass(frozen=True)
class Instance:
    key: int
    process: str
    parent_key: int | None
    parent_element_key: int | None


@dataclass(frozen=True)
class Scope:
    """The live variables of an instance or of an element with its own."""

    key: int
    process: str
    element_id: str
    name: str
    is_instance: bool
    variables: Mapping[str, Any]


@dataclass(frozen=True)
class Token:
    """Where something stands. ``incident`` is what stopped it there."""

    process: str
    instance_key: int
    element_id: str
    element_key: int
    incident: str | None = None


@dataclass(frozen=True)
class StepDone:
    number: int
    step: Mapping[str, Any]  # {} for the start
    began_at: dt.datetime
    ended_at: dt.datetime


@dataclass(frozen=True)
class Played:
    """``state``: active, completed, terminated, or stopped (see ``stop``). ``instance_key`` is that of the case's process."""

    case: Case
    state: str
    now: dt.datetime
    instance_key: int
    stop: Stop | None
    steps: tuple[StepDone, ...]
    instances: Mapping[int, Instance]
    visits: tuple[Visit, ...]
    flows: tuple[FlowTaken, ...]
    tasks: tuple[Task, ...]  # all, in the order created
    timers: tuple[Timer, ...]
    awaited: tuple[Awaited, ...]
    jobs: tuple[Job, ...]
    decisions: tuple[Decided, ...]
    choices: tuple[Chosen, ...]
    calls: tuple[tuple[int, Call], ...]  # (step, call)
    written: tuple[Written, ...]
    thrown: tuple[Thrown, ...]
    incidents: tuple[Incident, ...]
    scopes: tuple[Scope, ...]
    tokens: tuple[Token, ...]
    variables: Mapping[str, Any]  # of the case's process, as they were last

    @property
    def path(self) -> list[str]:
        """Element ids in the order they were reached, called processes included."""
        return [visit.element_id for visit in self.visits]

    @property
    def ends(self) -> list[str]:
        """End events reached."""
        reached = [v for v in self.visits if v.type == "endEvent" and v.outcome == "completed"]
        order = sorted([(v.ended_step or 0, v.element_key, v.element_id) for v in reached])
        return [*(element for _, _, element in order), *(t.element_id for t in self.thrown if t.kind == "error")]

    @property
    def errors(self) -> list[str]:
        return [thrown.name for thrown in self.thrown if thrown.kind == "error"]

    @property
    def open_tasks(self) -> list[Task]:
        return [task for task in self.tasks if task.outcome == "active"]

    @property
    def waiting(self) -> list[str]:
        return sorted(task.element_id for task in self.open_tasks)

    @property
    def open_timers(self) -> list[Timer]:
        return sorted((timer for timer in self.timers if timer.outcome == "active"), key=lambda timer: (timer.due_at, timer.key))
