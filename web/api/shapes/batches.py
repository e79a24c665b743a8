"""Batch operations: work on many instances, one after another."""

from __future__ import annotations

from engine.model import BatchItem, BatchOperation
from web.api.shapes.wire import Key, Shape, key, moment

# published words and the engine's
TYPES: dict[str, tuple[str, ...]] = {
    "MIGRATE_PROCESS_INSTANCE": ("migration",),
    **dict.fromkeys(
        (
            "ADD_VARIABLE", "CANCEL_PROCESS_INSTANCE", "DELETE_DECISION_DEFINITION", "DELETE_DECISION_INSTANCE",
            "DELETE_PROCESS_DEFINITION", "DELETE_PROCESS_INSTANCE", "MODIFY_PROCESS_INSTANCE", "RESOLVE_INCIDENT",
            "RESUME_PROCESS_INSTANCE", "SUSPEND_PROCESS_INSTANCE", "UPDATE_JOB", "UPDATE_VARIABLE",
        ),
        (),
    ),
}  # fmt: skip
STATES: dict[str, tuple[str, ...]] = {
    "CREATED": ("created",),
    "ACTIVE": ("running",),
    "COMPLETED": ("completed",),
    "CANCELED": ("canceled",),
    **dict.fromkeys(("FAILED", "SUSPENDED"), ()),
}
ITEM_STATES: dict[str, tuple[str, ...]] = {
    "ACTIVE": ("pending",),
    "COMPLETED": ("done",),
    "FAILED": ("failed",),
    "CANCELED": ("canceled",),
}
_TYPE_OF = {own: published for published, owns in TYPES.items() for own in owns}
_STATE_OF = {own: published for published, owns in STATES.items() for own in owns}
_ITEM_STATE_OF = {own: published for published, owns in ITEM_STATES.items() for own in owns}


class BatchStarted(Shape):
    batch_operation_key: Key
    batch_operation_type: str

    @classmethod
    def of(cls, it: BatchOperation) -> BatchStarted:
        return cls(batch_operation_key=str(it.key), batch_operation_type=_TYPE_OF[it.kind])


class Batch(BatchStarted):
    """COMPLETED also with failed items; how many there are is in the count."""

    state: str
    start_date: str | None
    end_date: str | None
    actor_type: str | None = "USER"
    actor_id: str | None
    operations_total_count: int
    operations_failed_count: int
    operations_completed_count: int
    errors: list[str] = []

    @classmethod
    def of(cls, it: BatchOperation) -> Batch:
        return cls(
            batch_operation_key=str(it.key),
            batch_operation_type=_TYPE_OF[it.kind],
            state=_STATE_OF[it.state],
            start_date=moment(it.created_at),
            end_date=moment(it.ended_at),
            actor_id=it.started_by,
            operations_total_count=it.total,
            operations_failed_count=it.failed,
            operations_completed_count=it.done,
        )


class Item(Shape):
    operation_type: str
    batch_operation_key: Key
    item_key: Key
    process_instance_key: Key | None
    root_process_instance_key: Key | None
    state: str
    processed_date: str | None
    error_message: str | None

    @classmethod
    def of(cls, it: BatchItem, kind: str) -> Item:
        return cls(
            operation_type=_TYPE_OF[kind],
            batch_operation_key=str(it.batch_key),
            item_key=str(it.instance_key),
            process_instance_key=str(it.instance_key),
            root_process_instance_key=key(it.root_key),
            state=_ITEM_STATE_OF[it.state],
            processed_date=moment(it.ended_at),
            error_message=it.message or None,
        )
