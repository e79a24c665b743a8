"""Start a case."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.commands.answers import Command
from engine.commands.running import in_new_case
from engine.commands.step import Step
from engine.commands.transaction import Start
from engine.commands.workshop import Workshop
from engine.errors import NotFound
from engine.model import Actor, Definition, ProcessInstance
from engine.store import definitions
from engine.store.unit_of_work import UnitOfWork


def start_process(
    workshop: Workshop,
    process_id: str,
    variables: Mapping[str, Any],
    *,
    actor: Actor,
    business_key: str = "",
    version: int | None = None,
    definition_key: int | None = None,
    command_id: str | None = None,
) -> ProcessInstance:
    """Answers when everything waits. Raises NotFound when that process or version is not deployed."""

    def start(uow: UnitOfWork, generation: int) -> Start:
        definition = _definition(workshop, uow, generation, process_id, version, definition_key)
        return Start(definition, variables, business_key)

    def work(step: Step) -> ProcessInstance:
        step.record()
        return _instance(step)

    command = Command("start_process", business_key or process_id, command_id)
    return in_new_case(workshop, start, work, actor=actor, command=command)


def _definition(
    workshop: Workshop, uow: UnitOfWork, generation: int, process_id: str, version: int | None, key: int | None
) -> Definition:
    if key is not None:
        found = workshop.catalogue.definition(uow, key)
        if found.kind == "process" and found.id == process_id:
            return found
        raise NotFound("Definition {key} is not a version of the process {id}.", key=key, id=process_id)
    newest = (
        workshop.catalogue.newest(uow, "process", process_id, generation)
        if version is None
        else definitions.version(uow.session, "process", process_id, version)
    )
    if newest is None:
        shown = process_id if version is None else f"{process_id} version {version}"
        raise NotFound("The process {id} is not deployed. Deploy it first.", id=shown)
    return newest


def _instance(step: Step) -> ProcessInstance:
    case, row = step.case, step.recorder.changes.instances.new[step.case.root_key]
    return ProcessInstance(
        key=case.root_key,
        root_key=case.root_key,
        parent_key=None,
        parent_element_key=None,
        definition_key=row["definition_key"],
        process_id=row["process_id"],
        process_name=row["process_name"],
        version=row["version"],
        business_key=case.business_key,
        state=case.state,
        started_at=step.now,
        ended_at=step.now if case.state in {"completed", "terminated"} else None,
        started_by=case.started_by,
    )
