"""Every table of the engine, imported so that ``metadata`` is complete."""

from __future__ import annotations

from engine.store.tables.definitions import definition, deployment, deployment_definition, picture, resource
from engine.store.tables.history import history, history_record
from engine.store.tables.instances import element_instance, instance_state, process_instance, variable
from engine.store.tables.messages import delivery, message, message_correlation, subscription
from engine.store.tables.repair import batch_item, batch_operation, migration_undo
from engine.store.tables.work import command_log, demo_clock, incident, job, task_draft, timer, user_task
from engine.store.types import metadata

__all__ = [
    "batch_item",
    "batch_operation",
    "command_log",
    "definition",
    "delivery",
    "demo_clock",
    "deployment",
    "deployment_definition",
    "element_instance",
    "history",
    "history_record",
    "incident",
    "instance_state",
    "job",
    "message",
    "message_correlation",
    "metadata",
    "migration_undo",
    "picture",
    "process_instance",
    "resource",
    "subscription",
    "task_draft",
    "timer",
    "user_task",
    "variable",
]
