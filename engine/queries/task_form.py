"""A task with everything a page needs to show its form."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from engine.errors import NotFound
from engine.forms import Form
from engine.model import Actor, UserTask
from engine.queries.instances import visible_variables
from engine.queries.tasks import task
from engine.store import drafts
from engine.store.unit_of_work import UnitOfWork


@dataclass(frozen=True)
class TaskForm:
    """``values``: the draft of whoever asks, else what the form opens with. ``context``: the variables the task sees."""

    task: UserTask
    form: Form
    context: dict[str, Any]
    values: dict[str, Any]
    is_draft: bool


def task_form(
    uow: UnitOfWork, key: int, *, actor: Actor, now: dt.datetime, read_form: Callable[[UnitOfWork, int], Form]
) -> TaskForm:
    """The very form the task was opened with, also when the task is closed. Raises NotFound, also for a task without a form."""
    found = task(uow.session, key)
    if found.form_key is None:
        raise NotFound("Task {key} has no form.", key=key)
    form = read_form(uow, found.form_key)
    context = {variable.name: variable.value for variable in visible_variables(uow.session, key)}
    draft = drafts.find(uow.session, key, actor.user_id)
    values = form.defaults(context, now=now) if draft is None else draft
    return TaskForm(found, form, context, values, draft is not None)
