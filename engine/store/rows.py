"""Rows as the one write statement takes them: plain JSON values, moments as text, JSON columns as text."""

from __future__ import annotations

import datetime as dt
from typing import Any

from engine import events, json_codec
from engine.model import Definition, UserTask
from engine.store.case import Case
from engine.store.chain import moment_text
from engine.store.changes import Row


def instance_row(event: events.InstanceStarted, case: Case, definition: Definition, at: str) -> Row:
    return {
        "key": event.instance_key,
        "root_key": case.root_key,
        "parent_key": event.parent_instance_key,
        "parent_element_key": event.parent_element_key,
        "definition_key": event.definition_key,
        "process_id": event.process_id,
        "process_name": definition.name,
        "version": definition.version,
        "business_key": case.business_key,
        "state": "active",
        "started_at": at,
        "ended_at": None,
        "started_by": case.started_by,
        "started_by_message": case.started_by_message,
    }


def element_row(event: events.ElementActivated, case: Case, at: str) -> Row:
    return {
        "key": event.element_key,
        "root_key": case.root_key,
        "instance_key": event.instance_key,
        "scope_key": event.scope_key,
        "element_id": event.element_id,
        "element_type": event.element_type,
        "name": event.name,
        "state": "active",
        "started_at": at,
        "ended_at": None,
    }


def variable_row(event: events.VariableWritten, case: Case, key: int) -> Row:
    return {
        "root_key": case.root_key,
        "scope_key": event.scope_key,
        "name": event.name,
        "key": key,
        "instance_key": event.instance_key,
        "value": json_codec.dumps_stored(event.value),
    }


def opened_task(event: events.UserTaskCreated, case: Case, now: dt.datetime) -> UserTask:
    instance = case.instances[event.instance_key]
    return UserTask(
        key=event.element_key,
        instance_key=event.instance_key,
        root_key=case.root_key,
        definition_key=instance.definition_key,
        process_id=instance.process_id,
        business_key=case.business_key,
        element_id=event.element_id,
        name=event.name,
        state="created",
        assignee=event.assignee,
        candidate_groups=event.candidate_groups,
        candidate_users=event.candidate_users,
        due=event.due,
        follow_up=event.follow_up,
        priority=event.priority,
        form_key=event.form_key,
        form_id=event.form_id,
        created_at=now,
        ended_at=None,
        headers=event.headers,
    )


def task_row(task: UserTask) -> Row:
    return {
        "key": task.key,
        "root_key": task.root_key,
        "instance_key": task.instance_key,
        "definition_key": task.definition_key,
        "process_id": task.process_id,
        "business_key": task.business_key,
        "element_id": task.element_id,
        "name": task.name,
        "state": task.state,
        "assignee": task.assignee,
        "candidate_groups": task.candidate_groups,
        "candidate_users": task.candidate_users,
        "candidates": candidates(task.candidate_groups, task.candidate_users),
        "due": _moment(task.due),
        "follow_up": _moment(task.follow_up),
        "priority": task.priority,
        "form_key": task.form_key,
        "form_id": task.form_id,
        "headers": json_codec.dumps_stored(task.headers),
        "created_at": moment_text(task.created_at),
        "ended_at": _moment(task.ended_at),
        "completed_by": task.completed_by,
    }


def candidates(groups: Any, users: Any) -> list[str]:
    """The one array that is indexed: who may take a task."""
    return [f"g:{group}" for group in groups] + [f"u:{user}" for user in users]


def timer_row(event: events.TimerScheduled, case: Case) -> Row:
    return {
        "element_key": event.element_key,
        "root_key": case.root_key,
        "instance_key": event.instance_key,
        "definition_key": case.instances[event.instance_key].definition_key,
        "element_id": event.element_id,
        "due_at": moment_text(event.due_at),
        "repetitions_left": event.repetitions_left,
        "suspended": False,
    }


def subscription_row(event: events.MessageAwaited | events.SignalAwaited, case: Case, at: str) -> Row:
    instance = case.instances[event.instance_key]
    message = isinstance(event, events.MessageAwaited)
    return {
        "element_key": event.element_key,
        "root_key": case.root_key,
        "kind": "message" if message else "signal",
        "instance_key": event.instance_key,
        "definition_key": instance.definition_key,
        "process_id": instance.process_id,
        "element_id": event.element_id,
        "name": event.message_name if isinstance(event, events.MessageAwaited) else event.signal_name,
        "correlation_key": event.correlation_key if isinstance(event, events.MessageAwaited) else "",
        "interrupting": event.interrupting,
        "created_at": at,
    }


def job_row(key: int, event: events.JobCreated, case: Case, at: str, *, is_effect: bool, is_detached: bool) -> Row:
    instance = case.instances[event.instance_key]
    return {
        "key": key,
        "root_key": case.root_key,
        "type": event.job_type,
        "instance_key": event.instance_key,
        "element_key": event.element_key,
        "element_id": event.element_id,
        "process_id": instance.process_id,
        "definition_key": instance.definition_key,
        "version": instance.version,
        "retries": event.retries,
        "state": "created",
        "worker": "",
        "available_at": at,
        "deadline": None,
        "headers": json_codec.dumps_stored(event.headers),
        "variables": json_codec.dumps_stored(event.variables),
        "error_message": "",
        "error_code": "",
        "is_effect": is_effect,
        "is_detached": is_detached,
        "created_at": at,
        "ended_at": None,
    }


def incident_row(key: int, event: events.IncidentRaised, case: Case, at: str, job_key: int | None) -> Row:
    instance = case.instances.get(event.instance_key)
    return {
        "key": key,
        "root_key": case.root_key,
        "instance_key": event.instance_key,
        "process_id": instance.process_id if instance else case.process_id,
        "element_id": event.element_id,
        "element_key": event.element_key,
        "job_key": job_key,
        "kind": event.kind,
        "message": event.message,
        "state": "active",
        "raised_at": at,
        "resolved_at": None,
    }


def _moment(at: dt.datetime | None) -> str | None:
    return None if at is None else moment_text(at)
