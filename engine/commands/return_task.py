"""Send a task back to an earlier step of the same process, with the reason everybody will read."""

from __future__ import annotations

from collections.abc import Collection

from engine.commands.answers import Command
from engine.commands.running import in_case
from engine.commands.step import Step
from engine.commands.workshop import Workshop
from engine.errors import FieldError, InvalidInput
from engine.model import Actor, CommandResult
from engine.store import cases


def return_task(
    workshop: Workshop,
    task_key: int,
    target_element_id: str,
    reason: str,
    *,
    keep: Collection[str] = (),
    actor: Actor,
    command_id: str | None = None,
) -> CommandResult:
    """Raises NotFound, NotPermitted, TaskClosed, InvalidInput without a reason, CannotReturn when the diagram allows no way back."""

    def work(step: Step) -> CommandResult:
        task = step.open_task(task_key)
        workshop.duties.require_worker_on(actor, task)
        if not reason.strip():
            raise InvalidInput(fields=(FieldError("reason", "Say why: whoever gets it back will read it."),))
        step.note_task("user_task_returned", task, target=target_element_id, reason=reason)
        step.execution.return_to(task_key, target_element_id, reason)
        return step.result()

    command = Command("return_task", f"{task_key} {target_element_id}", command_id)
    return in_case(workshop, cases.BY_TASK, task_key, work, actor=actor, command=command)
