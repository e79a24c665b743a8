"""User tasks."""

from __future__ import annotations

from typing import Any

from engine.model import UserTask
from web.api.shapes.wire import TENANT, Key, Request, Shape, key, moment

# published states and the engine's; the states in between pass within one transaction here, so no task is ever in them
STATES: dict[str, tuple[str, ...]] = {
    "CREATED": ("created",),
    "COMPLETED": ("completed",),
    "CANCELED": ("canceled",),
    **dict.fromkeys(("CREATING", "ASSIGNING", "UPDATING", "COMPLETING", "CANCELING", "FAILED"), ()),
}


class Task(Shape):
    user_task_key: Key
    element_instance_key: Key
    element_id: str
    name: str | None
    state: str
    assignee: str | None
    candidate_groups: list[str]
    candidate_users: list[str]
    process_definition_id: str
    process_definition_key: Key
    process_definition_version: int
    process_name: str | None
    process_instance_key: Key
    root_process_instance_key: Key | None
    creation_date: str
    completion_date: str | None
    follow_up_date: str | None
    due_date: str | None
    external_form_reference: str | None = None
    custom_headers: dict[str, str]
    form_key: Key | None
    business_id: str | None
    priority: int
    tenant_id: str = TENANT
    tags: list[str] = []

    @classmethod
    def of(cls, it: UserTask, *, version: int, process_name: str) -> Task:
        created = moment(it.created_at)
        assert created is not None
        return cls(
            user_task_key=str(it.key),
            element_instance_key=str(it.key),
            element_id=it.element_id,
            name=it.name or None,
            state=it.state.upper(),
            assignee=it.assignee,
            candidate_groups=list(it.candidate_groups),
            candidate_users=list(it.candidate_users),
            process_definition_id=it.process_id,
            process_definition_key=str(it.definition_key),
            process_definition_version=version,
            process_name=process_name or None,
            process_instance_key=str(it.instance_key),
            root_process_instance_key=key(it.root_key),
            creation_date=created,
            completion_date=moment(it.ended_at),
            follow_up_date=moment(it.follow_up),
            due_date=moment(it.due),
            custom_headers=it.headers,
            form_key=key(it.form_key),
            business_id=it.business_key or None,
            priority=it.priority,
        )


class Assignment(Request):
    """``allowOverride`` false refuses a task somebody else has."""

    not_offered = ("action",)
    assignee: str | None = None
    allow_override: bool | None = True
    action: str | None = None


class Completion(Request):
    not_offered = ("action",)
    variables: dict[str, Any] | None = None
    action: str | None = None
