"""What a token waits for: timers, messages and signals from outside, conditions on its variables; each under a key of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.events import ConditionAwaited, MessageAwaited, SignalAwaited, TimerScheduled, WaitEnded
from engine.spiff.definitions import EventDefinition
from engine.spiff.runner import conditions, evaluate
from engine.spiff.runner.failures import StepFailed, failing
from engine.spiff.runner.timers import Due, first_due
from engine.spiff.runner.token import Token

if TYPE_CHECKING:
    from engine.spiff.specs.events import Catching

KINDS = frozenset({"timer", "message", "signal", "conditional"})  # errors and escalations are thrown, not awaited


@dataclass
class Wait:
    """``owner`` is the token that goes on, is interrupted, or gets a branch beside it when ``spec`` is triggered."""

    key: int
    spec: Catching
    owner: Token
    due: Due | None = None
    name: str = ""
    correlation_key: str = ""
    met: bool = False  # what the condition gave when it was last asked

    @property
    def kind(self) -> str:
        return self.spec.event.kind


def open_waits(owner: Token, specs: Sequence[Catching], *, own_key: bool = False) -> None:
    """Find out what each event waits for, and only when all are known open them, so that a failure leaves nothing half open."""
    found = [_prepare(owner, spec, owner.key if own_key else 0) for spec in specs if spec.event.kind in KINDS]
    for wait in found:
        wait.key = wait.key or owner.runner.host.new_key()
        owner.runner.waits[wait.key] = wait
        owner.waits.append(wait.key)
        announce(wait)
        if wait.kind == "conditional":
            owner.runner.conditions[wait.key] = wait
            conditions.first_look(wait)


def _prepare(owner: Token, spec: Catching, key: int) -> Wait:
    event: EventDefinition = spec.event
    if event.timer is not None:
        with failing("timer_error"):
            return Wait(key, spec, owner, first_due(event.timer, owner.visible(), owner.runner.host.now()))
    if event.kind == "conditional":
        return Wait(key, spec, owner)
    if event.name is None:
        raise StepFailed("message_error", f"{spec.bpmn_id} names nothing to wait for.")
    if event.kind == "signal":
        return Wait(key, spec, owner, name=evaluate.text(owner, event.name, "message_error", "signal name"))
    name = evaluate.text(owner, event.name, "message_error", "message name")
    if event.correlation_key is None:
        raise StepFailed("message_error", f"The message {name} has no correlation key.")
    return Wait(
        key,
        spec,
        owner,
        name=name,
        correlation_key=evaluate.text(owner, event.correlation_key, "message_error", "correlation key"),
    )


def announce(wait: Wait) -> None:
    """Tell the host what is awaited (again, for the next turn of a repeating timer)."""
    place = (wait.owner.workflow.key, wait.key, wait.spec.bpmn_id)
    emit = wait.owner.runner.emit
    if wait.due is not None:
        emit(TimerScheduled(*place, wait.due.at, wait.due.repetitions_left))
    elif wait.kind == "message":
        emit(MessageAwaited(*place, wait.name, wait.correlation_key, wait.spec.interrupting))
    elif wait.spec.event.condition is not None:
        emit(ConditionAwaited(*place, wait.spec.event.condition.text, wait.spec.interrupting))
    else:
        emit(SignalAwaited(*place, wait.name, wait.spec.interrupting))


def close_wait(wait: Wait) -> None:
    del wait.owner.runner.waits[wait.key]
    wait.owner.runner.conditions.pop(wait.key, None)
    wait.owner.waits.remove(wait.key)
    wait.owner.runner.emit(WaitEnded(wait.owner.workflow.key, wait.key, wait.spec.bpmn_id))


def close_waits(owner: Token) -> None:
    for key in list(owner.waits):
        close_wait(owner.runner.waits[key])


def used_up(wait: Wait) -> bool:
    """A non-interrupting event fired: True when it will not fire again, else it waits for its next turn."""
    if wait.due is None:
        return False
    following = wait.due.next()
    if following is None:
        return True
    wait.due = following
    announce(wait)
    return False
