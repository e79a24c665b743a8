"""Let a running instance go on in another version of its process, and take that back while nothing has happened since.

What is open keeps what it was opened with: a task its form, people and dates, a timer its moment, a job its type. To open
a task anew as the new version says, move it onto itself (``modify_instance``).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from engine.commands.answers import Command
from engine.commands.running import in_case
from engine.commands.step import Step
from engine.commands.suspend_instance import require_reason
from engine.commands.workshop import Workshop
from engine.errors import Conflict, FieldError, InstanceEnded, InvalidInput
from engine.model import Actor, CommandResult, Definition, Finding, HistoryEntry
from engine.spiff import CannotMove, ProcessModel
from engine.store import cases, moved, undo
from engine.store.case import RunningInstance
from engine.store.undo import Migrated
from engine.store.unit_of_work import UnitOfWork

Happened = Callable[[int], list[HistoryEntry]]  # the history of a case by its root key


class MigrationRefused(Conflict):
    """The process instance cannot go on in that version as it stands."""

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        """The worst finding is the message; ``findings`` has all of them."""
        super().__init__(findings[0].template, **findings[0].params)
        self.findings = findings


class NothingToTakeBack(Conflict):
    """Process instance {instance} has not been migrated, or its last migration cannot be taken back any more."""


class HappenedSince(Conflict):
    """The migration of process instance {instance} cannot be taken back: {happened} since then. Migrate it again instead."""


def migrate_instance(
    workshop: Workshop,
    instance_key: int,
    target_key: int,
    mapping: Mapping[str, str],
    *,
    actor: Actor,
    reason: str,
    command_id: str | None = None,
) -> CommandResult:
    """The root or a called instance, by itself. Raises NotFound, NotPermitted, InvalidInput, InstanceEnded, MigrationRefused."""
    workshop.duties.require_operator(actor)
    require_reason(reason)

    def work(step: Step) -> CommandResult:
        instance = _running(step, instance_key)
        source, target = versions(workshop, step.uow, instance.definition_key, target_key, mapping)
        definition = workshop.catalogue.definition(step.uow, target_key)
        before, snapshot = step.execution.places(instance_key), step.execution.snapshot()
        said = {"reason": reason, "mapping": dict(mapping), "source_key": source.definition_key, "target_key": target_key}
        said |= {"source_version": instance.version, "target_version": definition.version, "forms": _forms(step, instance_key)}
        step.note("instance_migrated", said, instance_key=instance_key)
        try:
            went_on = step.execution.migrate(instance_key, target, mapping)
        except CannotMove as error:
            raise MigrationRefused(error.findings) from error
        _follow(step, instance_key, definition, before)
        if not went_on:
            kept = Migrated(step.case.version + 1, instance_key, source.definition_key, target_key, snapshot, step.now)
            undo.keep(step.uow, step.case, kept)
        return step.result()

    command = Command("migrate_instance", f"{instance_key} {target_key}", command_id)
    return in_case(workshop, cases.BY_INSTANCE, instance_key, work, actor=actor, command=command)


def undo_migration(
    workshop: Workshop, instance_key: int, *, actor: Actor, reason: str, history: Happened, command_id: str | None = None
) -> CommandResult:
    """Raises NotFound, NotPermitted, InvalidInput, InstanceEnded, NothingToTakeBack, HappenedSince."""
    workshop.duties.require_operator(actor)
    require_reason(reason)

    def work(step: Step) -> CommandResult:
        _running(step, instance_key)
        last = undo.last(step.uow, step.case.root_key)
        if last is None:
            raise NothingToTakeBack(instance=instance_key)
        if last.version != step.case.version or last.instance_key != instance_key:
            raise HappenedSince(instance=instance_key, happened=_since(history(step.case.root_key), instance_key))
        before = step.execution.places(instance_key)
        said = {"reason": reason, "source_key": last.source_key, "target_key": last.target_key}
        step.note("migration_undone", said, instance_key=instance_key)
        step.execution.put_back(last.snapshot)
        _follow(step, instance_key, workshop.catalogue.definition(step.uow, last.source_key), before)
        undo.taken_back(step.uow, step.case, last)
        return step.result()

    command = Command("undo_migration", str(instance_key), command_id)
    return in_case(workshop, cases.BY_INSTANCE, instance_key, work, actor=actor, command=command)


def versions(
    workshop: Workshop, uow: UnitOfWork, source_key: int, target_key: int, mapping: Mapping[str, str]
) -> tuple[ProcessModel, ProcessModel]:
    """Both models. Raises NotFound, and InvalidInput when they or the mapping do not fit together."""
    source, target = workshop.catalogue.process(uow, source_key), workshop.catalogue.process(uow, target_key)
    require_fit(source, target, mapping, same=source_key == target_key)
    return source, target


def require_fit(source: ProcessModel, target: ProcessModel, mapping: Mapping[str, str], *, same: bool = False) -> None:
    """Raises InvalidInput when the versions or the mapping do not fit together."""
    errors = []
    if source.id != target.id:
        names = {"other": target.id, "process": source.id}
        errors.append(
            FieldError("target_key", "This is a version of {other}, not of {process}. Choose another version of it.", names)
        )
    elif same:
        errors.append(FieldError("target_key", "It runs in this version already. Choose another one."))
    for before, after in mapping.items():
        path = f"mapping.{before}"
        if before not in source.elements:
            errors.append(FieldError(path, "There is no {element} in the running version.", {"element": before}))
        if after not in target.elements:
            errors.append(FieldError(path, "There is no {element} in the new version.", {"element": after}))
    if errors:
        raise InvalidInput(fields=tuple(errors))


def _running(step: Step, instance_key: int) -> RunningInstance:
    instance = step.case.instances.get(instance_key)
    if instance is None:
        raise InstanceEnded(instance=instance_key)
    return instance


def _forms(step: Step, instance_key: int) -> dict[str, int | None]:
    """The forms that stay with the open tasks, by the task's key."""
    return {str(task.key): task.form_key for task in step.case.tasks.values() if task.instance_key == instance_key}


def _follow(step: Step, instance_key: int, definition: Definition, before: Mapping[int, tuple[str, str]]) -> None:
    """Every row and value that tells what is open follows the runner."""
    case, changes = step.case, step.recorder.changes
    case.instances[instance_key] = RunningInstance(instance_key, definition.key, definition.id, definition.version)
    changes.instances.change(
        instance_key, definition_key=definition.key, version=definition.version, process_name=definition.name
    )
    step.record()
    after = step.execution.places(instance_key)
    moved.rows(step.uow, case.root_key, instance_key, definition, after)
    same = {key: place for key, place in after.items() if key in before and place != before[key]}
    moved.renamed(step.uow, case.root_key, {key: place[0] for key, place in same.items()})
    for key, (element_id, name) in same.items():
        changes.elements.change(key, element_id=element_id, name=name)
    for task in [task for task in case.tasks.values() if task.instance_key == instance_key]:
        element_id, name = after[task.key]
        case.tasks[task.key] = replace(task, definition_key=definition.key, element_id=element_id, name=name or element_id)
        changes.tasks.change(task.key, definition_key=definition.key, element_id=element_id, name=name or element_id)
    for incident in [one for one in case.incidents.values() if one.element_key in same]:
        case.incidents[incident.key] = replace(incident, element_id=same[incident.element_key][0])
        changes.incidents.change(incident.key, element_id=same[incident.element_key][0])


def _since(entries: list[HistoryEntry], instance_key: int) -> str:
    """What the history tells after the last migration of the instance."""
    place = max(
        (n for n, e in enumerate(entries) if e.kind == "instance_migrated" and e.instance_key == instance_key), default=-1
    )
    said = entries[place].at if place >= 0 else None
    later = [entry for entry in entries[place + 1 :] if entry.at != said]
    return ", ".join(dict.fromkeys(f"{entry.kind} ({entry.actor}, {entry.at:%Y-%m-%d %H:%M})" for entry in later)) or "something"
