"""Suspending, modifying and migrating instances."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from web.api.shapes.wire import Key, Operation, Request

ElementId = Annotated[str, Field(min_length=1)]
ANY_SCOPE = "-1"


class VariableInstruction(Request):
    """``scopeId`` must be the element itself: its own variables."""

    variables: dict[str, Any]
    scope_id: str = ""


class ActivateInstruction(Request):
    element_id: ElementId
    variable_instructions: list[VariableInstruction] = []
    ancestor_element_instance_key: Key = ANY_SCOPE


class SourceById(Request):
    """Every active element of this id."""

    source_type: Literal["byId"] = "byId"
    source_element_id: ElementId


class SourceByKey(Request):
    source_type: Literal["byKey"] = "byKey"
    source_element_instance_key: Key


class Ancestor(Request):
    """The target begins in the scope of what is moved, whatever the type says; a key of its own is not offered."""

    ancestor_scope_type: Literal["direct", "inferred", "sourceParent"]
    ancestor_element_instance_key: Literal["-1"] = "-1"


class MoveInstruction(Request):
    source_element_instruction: SourceById | SourceByKey
    target_element_id: ElementId
    ancestor_scope_instruction: Ancestor | None = None
    variable_instructions: list[VariableInstruction] = []


class TerminateById(Request):
    element_id: ElementId


class TerminateByKey(Request):
    element_instance_key: Key


class Modification(Operation):
    activate_instructions: list[ActivateInstruction] = []
    move_instructions: list[MoveInstruction] = []
    terminate_instructions: list[TerminateById | TerminateByKey] = []


class Mapped(Request):
    source_element_id: ElementId
    target_element_id: ElementId


class MigrationPlan(Request):
    """Elements that keep their id need no instruction."""

    target_process_definition_key: Key
    mapping_instructions: list[Mapped]


class Migration(Operation, MigrationPlan):
    """Of one instance."""


class MigrationBatch(Operation):
    """Of every running instance the filter matches; they must be of one version."""

    filter: dict[str, Any]
    migration_plan: MigrationPlan
