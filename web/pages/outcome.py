"""What became of a task that is no longer open: who answered what, and what happens next."""

from __future__ import annotations

from typing import Any

from engine.errors import NotFound
from engine.model import Actor, HistoryEntry, UserTask
from web.auth.people import acting, me
from web.pages.cases import reasons
from web.pages.forms.view import FormView
from web.pages.services import engine, services


def of_task(task: UserTask) -> dict[str, Any]:
    """What the page of a closed task shows."""
    entry = _completion(task)
    following = engine().tasks(root_key=task.root_key, order="due", limit=20).items
    return {
        "task": task,
        "entry": entry,
        "view": _as_submitted(task, entry),
        "next_tasks": following,
        "mine_next": {other.key for other in following if me().actor.may_work_on(other)},
        "since": [r for r in reasons.after_task(task) if r.kind != "person"],
        "instance": engine().instance(task.root_key),
        "is_mine": task.completed_by == me().login,
    }


def already_done(key: int, actor: Actor, command_id: str | None) -> bool:
    """Whether this very person already completed the task: then a second press is answered like the first."""
    if command_id is None:
        return False
    task = engine().task(key)
    return task.state == "completed" and task.completed_by == actor.user_id


def _completion(task: UserTask) -> HistoryEntry | None:
    if task.ended_at is None:
        return None
    place = (task.root_key, task.ended_at)
    entries = engine().histories_at([place], (reasons.COMPLETED, reasons.RETURNED)).get(place, [])
    return next((entry for entry in reversed(entries) if entry.element_key == task.key), None)


def _as_submitted(task: UserTask, entry: HistoryEntry | None) -> FormView | None:
    """The form exactly as it was handed in, on the version it was handed in on."""
    if entry is None or "values" not in entry.data:
        return None
    try:
        opened = engine().task_form(task.key, actor=acting())
    except NotFound:
        return None
    state = opened.form.state(opened.context, entry.data["values"], now=services().clock.now())
    return FormView(state, locked=True)
