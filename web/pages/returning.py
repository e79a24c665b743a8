"""退回: to which earlier steps a task can be sent back."""

from __future__ import annotations

from engine.errors import FieldError, InvalidInput
from engine.model import UserTask
from web.pages.services import engine

LONGEST_REASON = 2_000


def targets(task: UserTask) -> list[tuple[str, str]]:
    """Id and name of each user task completed before in the same process instance, in the order they were first done."""
    done = [
        (element.element_id, element.name or element.element_id)
        for element in engine().elements(instance_key=task.instance_key, root_key=task.root_key, element_type="userTask", state="completed")
        if element.element_id != task.element_id
    ]
    return list(dict.fromkeys(done))


def check(target: str, reason: str) -> None:
    """Raises InvalidInput with the field that is missing."""
    errors = []
    if not target:
        errors.append(FieldError("target", "Choose the step to return to."))
    if not reason:
        errors.append(FieldError("reason", "Write the reason; whoever gets the task back reads it."))
    if len(reason) > LONGEST_REASON:
        errors.append(FieldError("reason", "Enter at most {max} characters; there are {length}.", {"max": LONGEST_REASON, "length": len(reason)}))
    if errors:
        raise InvalidInput(fields=tuple(errors))
