"""Hand in a user task: what was entered is checked against the very form the task was opened with, and the case goes on."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from engine import json_codec
from engine.commands.answers import Command
from engine.commands.running import in_case
from engine.commands.step import Step
from engine.commands.workshop import Workshop
from engine.errors import FieldError, InvalidInput
from engine.model import Actor, CommandResult, UserTask
from engine.store import cases


def complete_task(
    workshop: Workshop,
    task_key: int,
    values: Mapping[str, Any],
    *,
    actor: Actor,
    command_id: str | None = None,
    files: Collection[str] | None = None,
) -> CommandResult:
    """``files``: SHA-256 of the uploads this person may refer to; None checks only the shape of references.

    Raises NotFound, NotPermitted, TaskClosed, InvalidInput (with the fields that are wrong).
    """

    def work(step: Step) -> CommandResult:
        task = step.open_task(task_key)
        workshop.duties.require_worker_on(actor, task)
        accepted = _accepted(step, task, values, files)
        step.note_task("user_task_completed", task, values=accepted, form_key=task.form_key)
        step.execution.complete_user_task(task_key, accepted)
        return step.result()

    command = Command("complete_task", str(task_key), command_id)
    return in_case(workshop, cases.BY_TASK, task_key, work, actor=actor, command=command)


def _accepted(step: Step, task: UserTask, values: Mapping[str, Any], files: Collection[str] | None) -> dict[str, Any]:
    """What may be stored. A task without a form takes any JSON object."""
    if task.form_key is None:
        return storable(values)
    form = step.workshop.catalogue.form(step.uow, task.form_key)
    checked = form.validate(values, step.seen(task.key), files, now=step.now)
    if checked.errors:
        raise InvalidInput(fields=checked.errors)
    return checked.values


def storable(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values as they come back from storage. Raises InvalidInput for what is not JSON."""
    errors = []
    for name, value in values.items():
        try:
            json_codec.dumps(value)
        except (TypeError, ValueError) as error:
            errors.append(FieldError(name, "This value cannot be stored: {cause}", {"cause": str(error)}))
    if errors:
        raise InvalidInput(fields=tuple(errors))
    kept: dict[str, Any] = json_codec.loads(json_codec.dumps(dict(values)))
    return kept
