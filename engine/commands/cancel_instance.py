"""End a case before its end."""

from __future__ import annotations

from engine.commands.answers import Command
from engine.commands.running import in_case
from engine.commands.step import Step
from engine.commands.workshop import Workshop
from engine.errors import Conflict
from engine.model import Actor, CommandResult
from engine.store import cases


class NotARoot(Conflict):
    """Process instance {instance} was called by another one. Cancel the case as a whole: {root}."""


def cancel_instance(
    workshop: Workshop, instance_key: int, *, actor: Actor, reason: str, command_id: str | None = None
) -> CommandResult:
    """Ends every open task, timer and job of it. Raises NotFound, NotPermitted, NotARoot, InstanceEnded."""
    workshop.duties.require_operator(actor)

    def work(step: Step) -> CommandResult:
        if instance_key != step.case.root_key:
            raise NotARoot(instance=instance_key, root=step.case.root_key)
        step.note("instance_canceled", {"reason": reason})
        step.execution.cancel(reason)
        return step.result()

    command = Command("cancel_instance", str(instance_key), command_id)
    return in_case(workshop, cases.BY_INSTANCE, instance_key, work, actor=actor, command=command)
