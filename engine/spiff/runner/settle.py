"""When nothing can move any more: who waited for just that goes on, and joins that wait for ever say so."""

from __future__ import annotations

from typing import TYPE_CHECKING

from engine.spiff.runner import compensation
from engine.spiff.runner.failures import StepFailed

if TYPE_CHECKING:
    from engine.spiff.runner.runner import Runner

JOIN = "join"


def settle(runner: Runner) -> bool:
    """True when there is something to run again: the next thing to undo, or a join that was let go."""
    if runner.undoing and _undo_further(runner):
        return True
    for token in list(runner.joins.values()):
        if token.task_spec.may_go_on(token):
            token.task_spec.go_on(token)
            return True
    for token in list(runner.joins.values()):
        if not token.in_incident and all(other.key in runner.joins for other in token.scope.inside()):
            runner.raise_incident(
                token,
                JOIN,
                StepFailed(
                    "join_deadlock", f"The join {token.task_spec.bpmn_id} waits for a flow on which nothing can come any more."
                ),
            )
    return False


def _undo_further(runner: Runner) -> bool:
    for key, token in list(runner.undoing.items()):
        if key not in runner.tokens:
            del runner.undoing[key]
        elif compensation.go_on(token):
            return True
    return False
