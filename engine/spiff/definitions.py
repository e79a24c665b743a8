"""The modelling dialect as plain values: what the extension elements of one diagram element say."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from engine.feel import Expression
from engine.spiff.host import Binding


@dataclass(frozen=True)
class Value:
    """A text in the diagram. One rule: a text that starts with ``=`` is FEEL, any other text means itself."""

    text: str
    expression: Expression | None = None


@dataclass(frozen=True)
class VariableMapping:
    """``target`` is a variable name, or the path into an object (``contract.amount``)."""

    source: Value
    target: tuple[str, ...]


@dataclass(frozen=True)
class UserTaskDefinition:
    assignee: Value | None = None
    candidate_groups: Value | None = None
    candidate_users: Value | None = None
    due: Value | None = None
    follow_up: Value | None = None
    priority: Value | None = None
    form_id: Value | None = None
    form_binding: Binding = field(default_factory=Binding)


@dataclass(frozen=True)
class JobDefinition:
    type: Value
    retries: Value


@dataclass(frozen=True)
class ScriptDefinition:
    expression: Expression
    result_variable: str


@dataclass(frozen=True)
class DecisionDefinition:
    decision_id: Value
    result_variable: str
    binding: Binding


@dataclass(frozen=True)
class CallDefinition:
    process_id: Value
    binding: Binding
    propagate_all_child_variables: bool = True
    propagate_all_parent_variables: bool = True


@dataclass(frozen=True)
class LoopDefinition:
    sequential: bool
    input_collection: Expression
    input_element: str | None = None
    output_collection: str | None = None
    output_element: Expression | None = None
    completion_condition: Expression | None = None


@dataclass(frozen=True)
class StandardLoopDefinition:
    """``test_before``: the condition is asked before the first turn too. None: no condition, no maximum."""

    test_before: bool
    condition: Expression | None = None
    maximum: int | None = None


@dataclass(frozen=True)
class TimerDefinition:
    kind: str  # date, duration, cycle
    value: Value


@dataclass(frozen=True)
class EventDefinition:
    """``kind``: none, message, timer, signal, error, escalation, terminate, link, compensation, cancel, conditional.

    ``name`` is the message, signal or link name; ``code`` the error or escalation code a catch event waits for (None catches
    all) or a throw event throws; ``activity`` the id of the only activity that is undone;
    ``watched`` the variables whose changes (``create``, ``update``) let ``condition`` be asked again.
    """

    kind: str = "none"
    name: Value | None = None
    code: Value | None = None
    correlation_key: Value | None = None
    timer: TimerDefinition | None = None
    time_to_live: dt.timedelta | None = None
    activity: str | None = None
    condition: Expression | None = None
    watched: frozenset[str] = frozenset()
    watched_changes: frozenset[str] = frozenset({"create", "update"})
