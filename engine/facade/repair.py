"""Mending cases by hand: standing still, changing where they stand, moving to another version."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import partial
from typing import Any

from engine.commands import migrate_instance, migration_batch, modify_instance, suspend_instance, uploads
from engine.facade.part import Part
from engine.model import (
    Actor,
    BatchOperation,
    Change,
    CommandResult,
    MigrationPreview,
    Page,
    Resource,
    ReturnTarget,
)
from engine.queries import migration, returns, tasks
from engine.queries.paging import Cut
from engine.store.unit_of_work import UnitOfWork


class Repair(Part):
    """Mending cases by hand: standing still, changing where they stand, moving to another version."""

    def suspend_instance(self, instance_key: int, *, actor: Actor, reason: str, command_id: str | None = None) -> CommandResult:
        return suspend_instance.suspend_instance(self._workshop, instance_key, actor=actor, reason=reason, command_id=command_id)

    def resume_instance(self, instance_key: int, *, actor: Actor, reason: str, command_id: str | None = None) -> CommandResult:
        return suspend_instance.resume_instance(self._workshop, instance_key, actor=actor, reason=reason, command_id=command_id)

    def modify_instance(
        self, instance_key: int, changes: Sequence[Change], *, actor: Actor, reason: str, command_id: str | None = None
    ) -> CommandResult:
        return modify_instance.modify_instance(
            self._workshop, instance_key, changes, actor=actor, reason=reason, command_id=command_id
        )

    def return_targets(self, task_key: int, *, actor: Actor) -> tuple[ReturnTarget, ...]:
        """Where a task can be sent back to, the step done last first, and what could be kept (``return_task(keep=…)``).

        Raises NotFound, NotPermitted.
        """
        with self.database.unit_of_work() as uow:
            task = tasks.task(uow.session, task_key)
            self._workshop.duties.require_sight_of(actor, task)
            return returns.return_targets(uow.session, self._reading_host(uow), task)

    def _reading_host(self, uow: UnitOfWork) -> migration.ReadingHost:
        return migration.ReadingHost(partial(self._workshop.catalogue.process, uow), self._workshop.feel, self.clock.now())

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
        """``mapping``: element id in the source → element id in the target, where they differ. All running instances are
        judged, and counted; ``limit`` of them, beyond the cursor ``after``, are told one by one. Raises NotFound, InvalidInput.
        """
        with self.database.unit_of_work() as uow:
            _, target = migrate_instance.versions(self._workshop, uow, source_key, target_key, mapping or {})
            host = self._reading_host(uow)
            return migration.preview(
                uow.session, host, source_key, target, mapping or {}, instance_keys=instance_keys, limit=limit, after=after
            )

    def preview_migration_of(
        self,
        source_key: int,
        file: Resource,
        mapping: Mapping[str, str] | None = None,
        *,
        limit: int = 50,
        after: str | None = None,
    ) -> MigrationPreview:
        """The same for a diagram that is not deployed yet; ``target_key`` of the answer is 0.

        Raises NotFound (also when the process is not in the file), InvalidInput, DefinitionInvalid.
        """
        with self.database.unit_of_work() as uow:
            source = self._workshop.catalogue.process(uow, source_key)
            target = uploads.process_in(file, source.id, self._workshop.feel)
            migrate_instance.require_fit(source, target, mapping or {})
            return migration.preview(
                uow.session, self._reading_host(uow), source_key, target, mapping or {}, limit=limit, after=after
            )

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
        return migrate_instance.migrate_instance(
            self._workshop, instance_key, target_key, mapping or {}, actor=actor, reason=reason, command_id=command_id
        )

    def undo_migration(self, instance_key: int, *, actor: Actor, reason: str, command_id: str | None = None) -> CommandResult:
        """Raises Conflict when something has happened since."""
        return migrate_instance.undo_migration(
            self._workshop, instance_key, actor=actor, reason=reason, history=self.history, command_id=command_id
        )

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
        key = migration_batch.start_migration(
            self._workshop, source_key, target_key, mapping or {}, actor=actor, reason=reason, instance_keys=instance_keys
        )
        return self.batch_operation(key)

    def run_batch(self, key: int) -> bool:
        """For the worker: some more of a batch. True when there is more to do."""
        return migration_batch.run_batch(self._workshop, key)

    def cancel_batch(self, key: int, *, actor: Actor) -> BatchOperation:
        """What is not done yet will not be done."""
        migration_batch.cancel_batch(self._workshop, key, actor=actor)
        return self.batch_operation(key)

    def batch_operation(self, key: int) -> BatchOperation:
        with self._reading() as session:
            return migration.batch(session, key)

    def batch_operations(
        self, *, order: str = "-created", limit: int | None = 50, after: str | None = None, offset: int = 0, **filters: Any
    ) -> Page:
        """Filters: key, kind, state, source_key, target_key, started_by."""
        with self._reading() as session:
            return migration.batches(session, Cut(order, limit, after, offset), **filters)

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
        """``state``: pending, done, failed, canceled."""
        with self._reading() as session:
            return migration.items(session, Cut(order, limit, after, offset), key, state=state)
