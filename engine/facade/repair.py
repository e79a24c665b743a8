"""Mending cases by hand: standing still, changing where they stand, moving to another version."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from engine.commands import suspend_instance
from engine.errors import EngineError
from engine.facade.part import Part
from engine.model import (
    Actor,
    BatchOperation,
    Change,
    CommandResult,
    MigrationPreview,
    Page,
    ReturnTarget,
)


class NotYet(EngineError):
    """This part of the engine is still being built."""


class Repair(Part):
    """Mending cases by hand: standing still, changing where they stand, moving to another version."""

    def suspend_instance(self, instance_key: int, *, actor: Actor, reason: str, command_id: str | None = None) -> CommandResult:
        return suspend_instance.suspend_instance(self._workshop, instance_key, actor=actor, reason=reason, command_id=command_id)

    def resume_instance(self, instance_key: int, *, actor: Actor, reason: str, command_id: str | None = None) -> CommandResult:
        return suspend_instance.resume_instance(self._workshop, instance_key, actor=actor, reason=reason, command_id=command_id)

    def modify_instance(
        self, instance_key: int, changes: Sequence[Change], *, actor: Actor, reason: str, command_id: str | None = None
    ) -> CommandResult:
        raise NotYet

    def return_targets(self, task_key: int, *, actor: Actor) -> tuple[ReturnTarget, ...]:
        """Where a task can be sent back to, the nearest step first, and what could be kept on the way back here."""
        raise NotYet

    def preview_migration(
        self,
        source_key: int,
        target_key: int,
        mapping: Mapping[str, str] | None = None,
        *,
        instance_keys: Collection[int] | None = None,
        limit: int = 50,
        after: str | None = None,
    ) -> MigrationPreview:
        """``mapping``: element id in the source → element id in the target, where they differ."""
        raise NotYet

    def migrate_instance(
        self,
        instance_key: int,
        target_key: int,
        mapping: Mapping[str, str] | None = None,
        *,
        actor: Actor,
        reason: str,
        command_id: str | None = None,
    ) -> CommandResult:
        raise NotYet

    def undo_migration(self, instance_key: int, *, actor: Actor, reason: str, command_id: str | None = None) -> CommandResult:
        """Raises Conflict when something has happened since."""
        raise NotYet

    def start_migration(
        self,
        source_key: int,
        target_key: int,
        mapping: Mapping[str, str] | None = None,
        *,
        actor: Actor,
        reason: str,
        instance_keys: Collection[int] | None = None,
    ) -> BatchOperation:
        """All running instances of the source version (or those named), by the worker."""
        raise NotYet

    def batch_operation(self, key: int) -> BatchOperation:
        raise NotYet

    def batch_operations(
        self, *, order: str = "-created", limit: int | None = 50, after: str | None = None, offset: int = 0, **filters: object
    ) -> Page:
        """Filters: key, kind, state, source_key, target_key, started_by."""
        raise NotYet

    def batch_items(
        self,
        key: int,
        *,
        state: str | None = None,
        order: str = "key",
        limit: int | None = 50,
        after: str | None = None,
        offset: int = 0,
    ) -> Page:
        raise NotYet

    def cancel_batch(self, key: int, *, actor: Actor) -> BatchOperation:
        """What is not done yet will not be done."""
        raise NotYet
