"""What the engine needs from outside, and hands to whoever plugs in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from sqlalchemy.orm import Session

from engine.model import Deployment, Resource


class Clock(Protocol):
    """The only source of time."""

    def now(self) -> dt.datetime:
        """The present moment, aware, in the office's zone (Asia/Shanghai unless set otherwise)."""


@dataclass(frozen=True)
class OperationCall:
    """What a registered operation is told. ``session`` is inside the command's transaction: never commit it."""

    operation: str
    inputs: Mapping[str, Any]  # the variables visible after the input mapping
    headers: Mapping[str, str]  # zeebe:taskHeaders
    instance_key: int
    root_instance_key: int
    business_key: str
    element_id: str
    element_key: int
    actor_id: str
    now: dt.datetime
    session: Session
    effects: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    decide: Callable[[str, Mapping[str, Any]], Any] | None = None  # value of the newest deployed decision of that id; NotFound
    form: Callable[[str], tuple[Any, int]] | None = None  # newest deployed form of that id and its version; NotFound
    tools: Mapping[str, Any] = field(default_factory=dict)  # what the application gave the engine for its operations
    # deploys the files in the command's transaction, in the name of the login given, with a note; DefinitionInvalid
    deploy: Callable[[Sequence[Resource], str, str], Deployment] | None = None
    process_id: str = ""  # the process the case began with

    def enqueue(self, effect: str, payload: dict[str, Any]) -> None:
        """Ask for a registered effect on the outside; it runs after commit, at least once, with an idempotency key."""
        self.effects.append((effect, payload))


class Operation(Protocol):
    """Python a service task may call. It returns the variables the output mapping sees; BpmnError is a business outcome."""

    def __call__(self, call: OperationCall) -> Mapping[str, Any]: ...


class Effect(Protocol):
    """Work on the outside, run by a worker after commit; ``idempotency_key`` is the same on every retry."""

    def __call__(self, payload: Mapping[str, Any], idempotency_key: str) -> Mapping[str, Any] | None: ...
