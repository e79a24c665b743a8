"""Conditional events: asked when they begin to wait, and again after each step that changed a variable they read.

An event fires when its answer turns from not true to true; while it stays true it does not fire again. Null is not true: what
a condition reads may not exist yet.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from engine.errors import EngineError
from engine.events import ConditionMet
from engine.spiff.runner import evaluate
from engine.spiff.runner.failures import StepFailed
from engine.spiff.runner.token import Token
from engine.spiff.runner.values import shown

if TYPE_CHECKING:
    from engine.spiff.runner.runner import Runner
    from engine.spiff.runner.waits import Wait


@dataclass(frozen=True)
class Change:
    """The scope ``owner`` got a new value of ``name``."""

    owner: Token
    name: str
    created: bool


def first_look(wait: Wait) -> None:
    """A condition that is true when the event begins to wait fires at once."""
    if _turned_true(wait):
        wait.owner.runner.alerts.append(wait)


def interrupt_at_once(token: Token) -> bool:
    """True when a boundary event that was true from the start is about to interrupt ``token``, so that its work must not begin."""
    return any(
        not isinstance(alert, Change) and alert.owner is token and alert.spec.interrupting for alert in token.runner.alerts
    )


def look_again(runner: Runner) -> None:
    """Fire what became true, outer scopes first; what those interrupt fires no more."""
    alerts, runner.alerts = runner.alerts, []
    changes: defaultdict[int, list[Change]] = defaultdict(list)
    for alert in alerts:
        if isinstance(alert, Change):
            changes[alert.owner.key].append(alert)
    true_from_the_start = {alert.key for alert in alerts if not isinstance(alert, Change)}
    concerned = [wait for wait in runner.conditions.values() if wait.key in true_from_the_start or _is_concerned(wait, changes)]
    for wait in sorted(concerned, key=lambda wait: sum(1 for _ in wait.owner.chain())):
        if wait.key in runner.conditions:
            runner.attempt(wait.owner, partial(_look, wait, known_true=wait.key in true_from_the_start))


def _look(wait: Wait, *, known_true: bool) -> None:
    if known_true or _turned_true(wait):
        _fire(wait)


def _is_concerned(wait: Wait, changes: Mapping[int, list[Change]]) -> bool:
    event = wait.spec.event
    return any(
        change.name in event.watched and ("create" if change.created else "update") in event.watched_changes
        for scope in wait.owner.chain()
        for change in changes.get(scope.key, ())
    )


def _turned_true(wait: Wait) -> bool:
    was = wait.met
    wait.met = False
    try:
        wait.met = _holds(wait)
    except EngineError as failure:
        wait.spec.cannot_be_asked(wait, failure)
    return wait.met and not was


def _holds(wait: Wait) -> bool:
    expression = wait.spec.event.condition
    assert expression is not None
    found = evaluate.feel(wait.owner, expression, "condition_error")
    if found is None or isinstance(found, bool):
        return bool(found)
    raise StepFailed(
        "condition_error",
        f"The condition ={expression.text} gives {shown(found)}, neither true nor false. Set the variables it reads.",
    )


def _fire(wait: Wait) -> None:
    owner, expression = wait.owner, wait.spec.event.condition
    assert expression is not None
    where = (owner.workflow.key, wait.key, wait.spec.bpmn_id)
    owner.runner.emit(ConditionMet(*where, expression.text, evaluate.read_by(expression, owner.visible())))
    wait.spec.triggered(wait, {})
