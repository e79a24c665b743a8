"""Mending running instances: suspend, resume, modify, migrate."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from fastapi import APIRouter, Response

from engine.errors import NotFound
from engine.facade import ProcessEngine
from engine.model import Activate, Change, Comparisons, Move, Terminate
from web.api import process_instances
from web.api.callers import CommandId, Engine, Operator
from web.api.exact import ExactRoute
from web.api.problems import BadRequest, NotOffered
from web.api.shapes.batches import BatchStarted
from web.api.shapes.repair import (
    ANY_SCOPE,
    ActivateInstruction,
    Mapped,
    Migration,
    MigrationBatch,
    Modification,
    MoveInstruction,
    SourceById,
    TerminateById,
    VariableInstruction,
)
from web.api.shapes.wire import Key, Operation

router = APIRouter(prefix="/v2", tags=["repair"], route_class=ExactRoute)


@router.post("/process-instances/{key}/suspension", status_code=204, response_class=Response)
def suspend(key: Key, caller: Operator, engine: Engine, command_id: CommandId, body: Operation | None = None) -> Response:
    """The whole case stands still; every other command is answered 409 until it is resumed."""
    engine.suspend_instance(int(key), actor=caller.actor, reason=(body or Operation()).reason, command_id=command_id)
    return Response(status_code=204)


@router.post("/process-instances/{key}/resumption", status_code=204, response_class=Response)
def resume(key: Key, caller: Operator, engine: Engine, command_id: CommandId, body: Operation | None = None) -> Response:
    engine.resume_instance(int(key), actor=caller.actor, reason=(body or Operation()).reason, command_id=command_id)
    return Response(status_code=204)


@router.post("/process-instances/{key}/modification", status_code=204, response_class=Response)
def modify(key: Key, body: Modification, caller: Operator, engine: Engine, command_id: CommandId) -> Response:
    """All instructions or none, in the order activate, move, terminate."""
    changes = list(_changes(body, engine, int(key)))
    engine.modify_instance(int(key), changes, actor=caller.actor, reason=body.reason, command_id=command_id)
    return Response(status_code=204)


@router.post("/process-instances/{key}/migration", status_code=204, response_class=Response)
def migrate(key: Key, body: Migration, caller: Operator, engine: Engine, command_id: CommandId) -> Response:
    """409 with the reasons when the instance cannot be moved safely."""
    target, mapping = int(body.target_process_definition_key), _mapping(body.mapping_instructions)
    engine.migrate_instance(int(key), target, mapping, actor=caller.actor, reason=body.reason, command_id=command_id)
    return Response(status_code=204)


@router.post("/process-instances/migration")
def migrate_many(body: MigrationBatch, caller: Operator, engine: Engine) -> BatchStarted:
    """The worker does it, one instance after another; look at the batch operation for its progress."""
    source, instances = _running(engine, body.filter)
    plan = body.migration_plan
    batch = engine.start_migration(
        source,
        int(plan.target_process_definition_key),
        _mapping(plan.mapping_instructions),
        actor=caller.actor,
        reason=body.reason,
        instance_keys=instances,
    )
    return BatchStarted.of(batch)


def _changes(body: Modification, engine: ProcessEngine, instance_key: int) -> Iterator[Change]:
    for activate in body.activate_instructions:
        scope = activate.ancestor_element_instance_key
        yield Activate(activate.element_id, _own(activate, activate.element_id), None if scope == ANY_SCOPE else int(scope))
    for move in body.move_instructions:
        source, values = move.source_element_instruction, _own(move, move.target_element_id)
        if isinstance(source, SourceById):
            keys = _active(engine, instance_key, source.source_element_id)
        else:
            keys = [int(source.source_element_instance_key)]
        yield from (Move(key, move.target_element_id, values) for key in keys)
    for terminate in body.terminate_instructions:
        if isinstance(terminate, TerminateById):
            yield from map(Terminate, _active(engine, instance_key, terminate.element_id))
        else:
            yield Terminate(int(terminate.element_instance_key))


def _own(instruction: ActivateInstruction | MoveInstruction, element_id: str) -> dict[str, Any]:
    given: list[VariableInstruction] = instruction.variable_instructions
    if any(one.scope_id != element_id for one in given):
        raise NotOffered(what="A variable instruction for another scope than the element that begins")
    return {name: value for one in given for name, value in one.variables.items()}


def _active(engine: ProcessEngine, instance_key: int, element_id: str) -> list[int]:
    """Raises NotFound when nothing of this id is active."""
    found = engine.elements(of=instance_key, instance_key=instance_key, element_id=element_id, state="active")
    if not found.items:
        raise NotFound("Nothing called {element} is active in process instance {key}.", element=element_id, key=instance_key)
    return [element.key for element in found]


def _mapping(instructions: list[Mapped]) -> dict[str, str]:
    mapping = {one.source_element_id: one.target_element_id for one in instructions}
    if len(mapping) < len(instructions):
        raise BadRequest(cause="an element is mapped twice")
    return mapping


def _running(engine: ProcessEngine, wanted: dict[str, Any]) -> tuple[int, list[int] | None]:
    """The version the filter speaks of and the instances of it; None are all of them. Raises BadRequest, NotFound."""
    conditions = process_instances.conditions(wanted)
    if conditions.keys() == {"definition_key"} and not isinstance(conditions["definition_key"], Comparisons):
        return conditions["definition_key"], None
    if not conditions:
        raise BadRequest(cause="the filter is empty; name a processDefinitionKey or processInstanceKey")
    found = engine.instances(running=True, limit=None, **conditions).items
    versions = {instance.definition_key for instance in found}
    if not versions:
        raise NotFound("No running process instance matches the filter.")
    if len(versions) > 1:
        raise BadRequest(cause="the filter matches instances of several versions; name one processDefinitionKey")
    return versions.pop(), [instance.key for instance in found]
