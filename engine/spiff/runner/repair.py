"""Sending a case back by hand."""

from __future__ import annotations

from engine.errors import Conflict
from engine.spiff.runner.token import Token


class CannotReturn(Conflict):
    """{element} cannot be sent back to {target}: {why}"""


def return_to(token: Token, target_id: str, reason: str) -> None:
    """Cancel the user task ``token`` and open ``target_id`` of the same scope again."""
    scope = token.scope
    element = token.task_spec.bpmn_id
    if target_id not in scope.memo.get("done", []):
        raise CannotReturn(element=element, target=target_id, why="that task has not been completed in the same scope.")
    if token.beside():
        others = ", ".join(sorted({other.task_spec.bpmn_id for other in token.beside()}))
        raise CannotReturn(element=element, target=target_id, why=f"{others} is active beside it. Finish that first.")
    runner = scope.runner
    runner.terminate(token, reason)
    scope.workflow.model.entries[target_id].arrive(scope)
