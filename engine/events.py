"""What a run reports: the only thing that passes from the runner (engine.spiff) to whoever keeps it (engine.store).

The runner does no I/O. It changes tokens and scopes in memory and appends these events in the order things happened;
the store turns them into rows and history entries in the same transaction. Keys are 64-bit integers from ``Host.new_key``.

Nobody changes an event. They are not frozen all the same: making a frozen one takes three times as long, and every step makes
a dozen.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class Event:
    """Something that happened to one element instance (or to the instance itself: ``element_key == instance_key``)."""

    instance_key: int  # the (possibly called) process instance the element belongs to
    element_key: int
    element_id: str


@dataclass(slots=True)
class InstanceStarted(Event):
    """A process instance began; a called one names the call activity that called it."""

    definition_key: int
    process_id: str
    parent_instance_key: int | None = None
    parent_element_key: int | None = None


@dataclass(slots=True)
class InstanceEnded(Event):
    """``outcome`` is completed or terminated."""

    outcome: str


@dataclass(slots=True)
class ElementActivated(Event):
    """``scope_key`` is the element instance of the enclosing sub-process, multi-instance body, or the instance itself."""

    element_type: (
        str  # BPMN name: userTask, serviceTask, exclusiveGateway, boundaryEvent, subProcess, callActivity, multiInstanceBody …
    )
    scope_key: int
    name: str = ""


@dataclass(slots=True)
class ElementCompleted(Event):
    element_type: str


@dataclass(slots=True)
class ElementTerminated(Event):
    """Interrupted by a boundary event, an event sub-process, a terminate end, a completion condition, a return or a cancellation."""

    element_type: str
    reason: str = ""


@dataclass(slots=True)
class FlowTaken(Event):
    """``element_id`` is the sequence flow's id; ``element_key`` is the element it leaves."""

    target_id: str


@dataclass(slots=True)
class VariableWritten(Event):
    """``scope_key`` owns the variable: an instance key or the key of an element with a local scope."""

    scope_key: int
    name: str
    value: Any


@dataclass(slots=True)
class ConditionsEvaluated(Event):
    """A gateway chose: every condition it looked at, what each read, what it gave, and the flows taken."""

    conditions: tuple[dict[str, Any], ...]  # {"flow", "expression", "inputs", "result"} in the order evaluated
    taken: tuple[str, ...]  # sequence flow ids


@dataclass(slots=True)
class DecisionEvaluated(Event):
    """A business rule task asked a decision; ``explanation`` is ``engine.dmn``'s own (inputs, matched rules, sources)."""

    decision_id: str
    decision_key: int
    version: int
    output: Any
    explanation: dict[str, Any]


@dataclass(slots=True)
class UserTaskCreated(Event):
    """A person has to act. All FEEL is evaluated already; ``due`` and ``follow_up`` are aware datetimes."""

    name: str
    assignee: str | None
    candidate_groups: tuple[str, ...]
    candidate_users: tuple[str, ...]
    due: dt.datetime | None
    follow_up: dt.datetime | None
    priority: int
    form_key: int | None  # the deployed form, pinned by the diagram's binding type
    form_id: str | None
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class UserTaskKept(Event):
    """The case was sent back before this task, and its earlier completion (the task ``task_key``) stays valid."""

    name: str
    task_key: int
    form_key: int | None
    values: dict[str, Any]
    completed_by: str | None
    completed_at: str


@dataclass(slots=True)
class TimerScheduled(Event):
    """``element_key`` is the waiting event's own key (a boundary event has its own, beside its host's)."""

    due_at: dt.datetime
    repetitions_left: int | None = None  # None once, -1 for ever


@dataclass(slots=True)
class MessageAwaited(Event):
    """``interrupting`` tells whether the subscription is gone after the first message."""

    message_name: str
    correlation_key: str
    interrupting: bool = True


@dataclass(slots=True)
class SignalAwaited(Event):
    signal_name: str
    interrupting: bool = True


@dataclass(slots=True)
class ConditionAwaited(Event):
    """Only the runner watches conditions: nobody outside has to deliver anything."""

    expression: str
    interrupting: bool = True


@dataclass(slots=True)
class ConditionMet(Event):
    """The condition of ``element_id`` became true with these values, so the event happened."""

    expression: str
    inputs: dict[str, Any]


@dataclass(slots=True)
class ConditionFailed(Event):
    """The condition could not be asked, or gave neither true nor false; it counts as not true."""

    reason: str


@dataclass(slots=True)
class SignalThrown(Event):
    signal_name: str
    variables: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class MessageThrown(Event):
    """A message throw event or send task that names a message (the diagram sends to another instance)."""

    message_name: str
    correlation_key: str
    variables: dict[str, Any] = field(default_factory=dict)
    time_to_live: dt.timedelta | None = None


@dataclass(slots=True)
class WaitEnded(Event):
    """The timer, message, signal or condition this element waited for is no longer awaited (fired for good, or its host ended)."""


@dataclass(slots=True)
class JobCreated(Event):
    """Work for an effect of ours or an outside worker; ``variables`` are those visible after the input mapping."""

    job_type: str
    retries: int
    headers: dict[str, str]
    variables: dict[str, Any]


@dataclass(slots=True)
class OperationPerformed(Event):
    """A service task ran one of the registered operations inside the transaction."""

    operation: str
    inputs: dict[str, Any]
    output: dict[str, Any]


@dataclass(slots=True)
class ErrorThrown(Event):
    """A BPMN error or escalation was thrown here and (perhaps) caught by ``caught_by``."""

    error_code: str
    message: str
    caught_by: str | None


@dataclass(slots=True)
class CompensationTriggered(Event):
    """A throw event (or a cancel end event) began to undo ``activity_id``, completed as ``activity_key``.

    ``handler_id`` is the activity that undoes it, or ``activity_id`` itself when what was done inside it is undone;
    ``handler_key`` is the element that now does so.
    """

    activity_id: str
    activity_key: int
    handler_id: str
    handler_key: int


@dataclass(slots=True)
class IncidentRaised(Event):
    """The token stays at the element until somebody mends the cause and retries."""

    kind: str  # condition_error, io_mapping_error, operation_failed, decision_error, job_no_retries, unhandled_error, form_not_found, timer_error, message_error, called_element_error
    message: str


@dataclass(slots=True)
class IncidentResolved(Event):
    """A retry moved the token on."""
