"""From selected columns to the values of ``engine.model``. Each list of columns stands beside the function that reads it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator
from typing import Any

from sqlalchemy import Row

from engine import json_codec
from engine.model import Definition, ElementInstance, HistoryEntry, Incident, Job, ProcessInstance, Timer, UserTask, Variable
from engine.store import tables as t
from engine.store.types import ZONE

TASK = tuple(t.user_task.c[name] for name in (
    "key", "instance_key", "root_key", "definition_key", "process_id", "business_key", "element_id", "name", "state", "assignee",
    "candidate_groups", "candidate_users", "due", "follow_up", "priority", "form_key", "form_id", "created_at", "ended_at",
    "completed_by", "headers", "suspended",
))  # fmt: skip


def task(row: Row[Any]) -> UserTask:
    values = _named(row, TASK)
    values["candidate_groups"] = tuple(values["candidate_groups"])
    values["candidate_users"] = tuple(values["candidate_users"])
    return UserTask(**values)


def task_of(values: dict[str, Any]) -> UserTask:
    """From the values of a JSON array, where moments and the headers are text."""
    for name in ("due", "follow_up", "created_at", "ended_at"):
        values[name] = values[name] and moment(values[name])
    values["candidate_groups"] = tuple(values["candidate_groups"])
    values["candidate_users"] = tuple(values["candidate_users"])
    values["headers"] = json_codec.loads(values["headers"])
    return UserTask(**values)


def moment(text: str) -> dt.datetime:
    """As JSON writes it, in the office's zone."""
    return dt.datetime.fromisoformat(text).astimezone(ZONE)


INSTANCE = tuple(t.process_instance.c[name] for name in (
    "key", "root_key", "parent_key", "parent_element_key", "definition_key", "process_id", "process_name", "version",
    "business_key", "state", "started_at", "ended_at", "started_by", "suspended_at", "suspended_by", "suspended_reason",
))  # fmt: skip


def instance(row: Row[Any]) -> ProcessInstance:
    return ProcessInstance(**_named(row, INSTANCE))


ELEMENT = tuple(t.element_instance.c[name] for name in (
    "key", "instance_key", "root_key", "scope_key", "element_id", "element_type", "name", "state", "started_at", "ended_at",
))  # fmt: skip


def element(row: Row[Any]) -> ElementInstance:
    return ElementInstance(**_named(row, ELEMENT))


VARIABLE = tuple(t.variable.c[name] for name in ("key", "name", "value", "scope_key", "instance_key", "root_key"))


def variable(row: Row[Any]) -> Variable:
    return Variable(**_named(row, VARIABLE))


JOB = tuple(t.job.c[name] for name in (
    "key", "type", "instance_key", "root_key", "process_id", "definition_key", "version", "element_id", "element_key", "retries",
    "state", "worker", "deadline", "headers", "variables", "error_message",
    "error_code", "created_at", "ended_at", "suspended", "handed_out",
))  # fmt: skip


def job(row: Row[Any]) -> Job:
    return Job(**_named(row, JOB))


INCIDENT = tuple(t.incident.c[name] for name in (
    "key", "instance_key", "root_key", "process_id", "element_id", "element_key", "job_key", "kind", "message", "state",
    "raised_at", "resolved_at",
))  # fmt: skip


def incident(row: Row[Any]) -> Incident:
    return Incident(**_named(row, INCIDENT))


TIMER = tuple(t.timer.c[name].label(label) for name, label in (
    ("element_key", "key"), ("root_key", "root_key"), ("instance_key", "instance_key"), ("element_key", "element_key"),
    ("element_id", "element_id"), ("due_at", "due_at"),
))  # fmt: skip


def timer(row: Row[Any]) -> Timer:
    return Timer(**_named(row, TIMER))


DEFINITION = tuple(t.definition.c[name] for name in (
    "key", "kind", "id", "version", "name", "version_tag", "resource_name", "deployment_key", "deployed_at",
))  # fmt: skip


def definition(row: Row[Any]) -> Definition:
    return Definition(**_named(row, DEFINITION))


HISTORY = tuple(t.history.c[name] for name in (
    "root_key", "seq", "at", "kind", "instance_key", "element_id", "element_key", "actor", "data", "previous", "hash",
))  # fmt: skip


def history(row: Row[Any]) -> HistoryEntry:
    return HistoryEntry(**{**_named(row, HISTORY), "data": json_codec.loads(row.data)})


RECORD = tuple(t.history_record.c[name] for name in (
    "root_key", "seq", "first_seq", "at", "actor", "kinds", "elements", "entries", "previous", "hash",
))  # fmt: skip


def entries(row: Row[Any], kinds: Collection[str] | None = None) -> Iterator[HistoryEntry]:
    """All entries of a record, or those of ``kinds``; they share its moment, its actor and its place in the chain."""
    for seq, (kind, instance_key, element_id, element_key, data) in enumerate(json_codec.loads(row.entries), row.first_seq):
        if kinds is not None and kind not in kinds:
            continue
        place = (kind, instance_key, element_id, element_key)
        yield HistoryEntry(row.root_key, seq, row.at, *place, row.actor, data, row.previous, row.hash)


def _named(row: Row[Any], columns: tuple[Any, ...]) -> dict[str, Any]:
    """The columns meant, whatever else was selected beside them."""
    values = row._mapping  # noqa: SLF001 - SQLAlchemy's documented name
    return {column.name: values[column.name] for column in columns}
