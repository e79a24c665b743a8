"""Process instances and what lies in them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from engine.model.work import UserTask


@dataclass(frozen=True)
class ProcessInstance:
    """``state`` is active, incident, completed or terminated. Called instances name their parent and their root.

    While ``suspended_at`` is set nothing in the case can change until it is resumed.
    """

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
    suspended_at: dt.datetime | None = None
    suspended_by: str | None = None
    suspended_reason: str | None = None

    @property
    def suspended(self) -> bool:
        return self.suspended_at is not None


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
class Variable:
    key: int
    name: str
    value: Any
    scope_key: int
    instance_key: int
    root_key: int


@dataclass(frozen=True)
class Timer:
    key: int
    root_key: int
    instance_key: int
    element_key: int
    element_id: str
    due_at: dt.datetime


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
class SignalResult:
    """``received``: how many got the signal; said again after a repeated command, how many waited when it was first sent."""

    key: int
    name: str
    received: int
