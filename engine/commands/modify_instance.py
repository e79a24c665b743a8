"""Change by hand where a case stands: begin, end, move and skip elements, all at once or not at all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from engine.commands.answers import Command
from engine.commands.complete_task import storable
from engine.commands.running import in_case
from engine.commands.step import Step
from engine.commands.suspend_instance import require_reason
from engine.commands.workshop import Workshop
from engine.errors import FieldError, InstanceEnded, InvalidInput
from engine.model import Activate, Actor, Change, CommandResult, Skip, Terminate
from engine.store import cases


def modify_instance(
    workshop: Workshop,
    instance_key: int,
    changes: Sequence[Change],
    *,
    actor: Actor,
    reason: str,
    command_id: str | None = None,
) -> CommandResult:
    """The root or a called instance. Raises NotFound, NotPermitted, InvalidInput, InstanceEnded, CannotModify with the sentence."""
    workshop.duties.require_operator(actor)
    require_reason(reason)
    if not changes:
        raise InvalidInput(fields=(FieldError("changes", "Say at least one change."),))
    wanted = [_stored(change) for change in changes]

    def work(step: Step) -> CommandResult:
        if instance_key not in step.case.instances:
            raise InstanceEnded(instance=instance_key)
        skipped = [change.element_key for change in wanted if isinstance(change, Skip)]
        tasks = [key for key in skipped if key in step.case.tasks]
        before = step.execution.places(instance_key)
        said = {"reason": reason, "changes": [_said(change, before) for change in wanted]}
        step.note("instance_modified", said, instance_key=instance_key)
        step.execution.modify(instance_key, wanted, f"modified by hand: {reason}")
        step.record()
        for key in skipped:
            step.recorder.cancel_jobs(key)
        for key in tasks:  # nobody has signed it
            if key not in step.case.tasks:
                step.recorder.changes.tasks.change(key, state="canceled", completed_by=None)
        return step.result()

    command = Command("modify_instance", str(instance_key), command_id)
    return in_case(workshop, cases.BY_INSTANCE, instance_key, work, actor=actor, command=command)


def _stored(change: Change) -> Change:
    """With variables as they can be stored. Raises InvalidInput."""
    return change if isinstance(change, Terminate) else replace(change, variables=storable(change.variables))


def _said(change: Change, places: dict[int, tuple[str, str]]) -> dict[str, Any]:
    """What the history keeps of a change."""
    said: dict[str, Any] = {"change": type(change).__name__.lower()}
    if isinstance(change, Activate):
        return said | {"element_id": change.element_id, "scope_key": change.scope_key, "variables": change.variables}
    said |= {"element_key": change.element_key, "element_id": places.get(change.element_key, ("", ""))[0]}
    if isinstance(change, Terminate):
        return said
    if isinstance(change, Skip):
        return said | {"flow_id": change.flow_id, "variables": change.variables}
    return said | {"target_element_id": change.target_element_id, "variables": change.variables}
