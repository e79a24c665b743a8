"""Who works on a task: claim it, release it, hand it to somebody."""

from __future__ import annotations

from dataclasses import replace

from engine.commands.answers import Command
from engine.commands.running import in_case
from engine.commands.step import Step
from engine.commands.workshop import Workshop
from engine.errors import FieldError, InvalidInput, NotPermitted, TaskAlreadyClaimed
from engine.model import Actor, UserTask
from engine.store import cases


def claim_task(workshop: Workshop, task_key: int, *, actor: Actor) -> UserTask:
    """Take a task of one's groups; claiming one's own again changes nothing. Raises NotPermitted, TaskAlreadyClaimed, TaskClosed."""

    def work(step: Step) -> UserTask:
        task = step.open_task(task_key)
        if task.assignee == actor.user_id:
            return task
        if not actor.is_candidate(task) and not actor.system:
            workshop.duties.require_worker_on(actor, task)
        if task.assignee is not None:
            raise TaskAlreadyClaimed(task=task_key, assignee=task.assignee)
        return _assigned(step, task, actor.user_id, "user_task_claimed")

    return in_case(workshop, cases.BY_TASK, task_key, work, actor=actor, command=Command("claim_task", str(task_key)))


def unclaim_task(workshop: Workshop, task_key: int, *, actor: Actor) -> UserTask:
    """Give a task back to its candidates. Raises NotPermitted, TaskClosed."""

    def work(step: Step) -> UserTask:
        task = step.open_task(task_key)
        own = actor.may_work_on(task) if task.assignee is None else task.assignee == actor.user_id
        if not own:
            workshop.duties.require_operator(actor)
        if task.assignee is None:
            return task
        return _assigned(step, task, None, "user_task_unclaimed")

    return in_case(workshop, cases.BY_TASK, task_key, work, actor=actor, command=Command("unclaim_task", str(task_key)))


def assign_task(workshop: Workshop, task_key: int, assignee: str, *, actor: Actor) -> UserTask:
    """Hand a task to ``assignee``: one's own, one that is open to oneself, or as an operator any.

    Raises NotPermitted, TaskClosed, InvalidInput.
    """

    def work(step: Step) -> UserTask:
        task = step.open_task(task_key)
        if not actor.may_work_on(task) and not workshop.duties.is_operator(actor):
            raise NotPermitted("Only who works on task {task}, or an operator, can hand it on.", task=task_key)
        if not assignee:
            raise InvalidInput(fields=(FieldError("assignee", "Name the person who is to work on it."),))
        if task.assignee == assignee:
            return task
        return _assigned(step, task, assignee, "user_task_assigned")

    return in_case(workshop, cases.BY_TASK, task_key, work, actor=actor, command=Command("assign_task", str(task_key)))


def _assigned(step: Step, task: UserTask, assignee: str | None, kind: str) -> UserTask:
    changed = replace(task, assignee=assignee)
    step.note_task(kind, task, assignee=assignee, before=task.assignee)
    step.case.tasks[task.key] = changed
    step.recorder.changes.tasks.change(task.key, assignee=assignee)
    return changed
