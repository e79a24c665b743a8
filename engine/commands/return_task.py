"""Send a task back to an earlier step, with the reason everybody will read, and what stays valid on the way back here."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

from engine.commands.answers import Command
from engine.commands.running import in_case
from engine.commands.step import Step
from engine.commands.workshop import Workshop
from engine.errors import FieldError, InvalidInput
from engine.model import Actor, CommandResult, HistoryEntry
from engine.spiff import WayBack, kept_name
from engine.store import cases, returns
from engine.store.returns import Completed

Signed = Callable[[int, int], list[HistoryEntry]]  # by root key and task key: the entries of its completion


def return_task(
    workshop: Workshop,
    task_key: int,
    target_element_id: str,
    reason: str,
    *,
    keep: Collection[str] = (),
    actor: Actor,
    signed: Signed,
    command_id: str | None = None,
) -> CommandResult:
    """``keep``: ids of user tasks done between the target and here; they complete by themselves when the case comes to them.

    Raises NotFound, NotPermitted, TaskClosed, InvalidInput without a reason or with nothing to keep, CannotReturn.
    """

    def work(step: Step) -> CommandResult:
        task = step.open_task(task_key)
        workshop.duties.require_worker_on(actor, task)
        if not reason.strip():
            raise InvalidInput(fields=(FieldError("reason", "Say why: whoever gets it back will read it."),))
        way = step.execution.way_back(task_key, target_element_id)
        chosen = _chosen(step, way, keep)
        step.note_task("user_task_returned", task, target=target_element_id, reason=reason, kept=sorted(set(keep)))
        kept = {kept_name(done.process_id, done.element_id, list(done.counters)): _record(step, done, signed) for done in chosen}
        step.execution.return_to(task_key, target_element_id, reason, kept)
        return step.result()

    command = Command("return_task", f"{task_key} {target_element_id}", command_id)
    return in_case(workshop, cases.BY_TASK, task_key, work, actor=actor, command=command)


def _chosen(step: Step, way: WayBack, keep: Collection[str]) -> list[Completed]:
    """The last completion of each kept task. Raises InvalidInput for a task that was not completed in between."""
    if not keep:
        return []
    done = returns.completed_in(step.uow.session, step.case.root_key, way.scope_key)
    between = returns.between(done, way.element_id, way.comes_again)
    known = {done.element_id for done in between}
    errors = [
        FieldError("keep", "{element} was not completed between {target} and here, so there is nothing to keep.", ids)
        for ids in ({"element": element, "target": way.element_id} for element in keep if element not in known)
    ]
    if errors:
        raise InvalidInput(fields=tuple(errors))
    last = {(done.process_id, done.element_id, done.counters): done for done in between if done.element_id in set(keep)}
    return list(last.values())


def _record(step: Step, done: Completed, signed: Signed) -> dict[str, Any]:
    """What is remembered of a completion: exactly what was signed, and on which form."""
    entry = signed(step.case.root_key, done.task_key)[-1]
    record: dict[str, Any] = {
        "name": done.name,
        "task_key": done.task_key,
        "form_key": done.form_key,
        "values": entry.data["values"],
        "completed_by": done.completed_by,
        "completed_at": done.completed_at.isoformat(),
    }
    body = step.workshop.catalogue.process(step.uow, done.definition_key).nodes.get(f"{done.element_id}#body")
    item = getattr(getattr(body, "loop", None), "input_element", None)
    if item is not None:
        record["item"] = returns.local(step.uow.session, step.case.root_key, done.task_key, item)
    return record
