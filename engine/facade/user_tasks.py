"""What people do with their tasks."""

from __future__ import annotations

from collections.abc import Collection

from engine.commands import assign_task, complete_task, return_task, save_draft
from engine.errors import NotPermitted
from engine.facade.part import Part, Values
from engine.model import Actor, CommandResult, TaskCounts, UserTask
from engine.queries import task_form, tasks
from engine.queries.task_form import TaskForm


class UserTasks(Part):
    """What people do with their tasks."""

    def task(self, key: int, *, actor: Actor | None = None) -> UserTask:
        """With ``actor``: raises NotPermitted when the task is none of theirs to see."""
        with self._reading() as session:
            found = tasks.task(session, key)
        if actor is not None and not self._workshop.duties.may_see(actor, found):
            raise NotPermitted("Task {task} is not one of yours.", task=key)
        return found

    def task_counts(self, actor: Actor) -> TaskCounts:
        with self._reading() as session:
            return tasks.counts(session, actor, self.clock.now())

    def task_form(self, task_key: int, *, actor: Actor) -> TaskForm:
        """The task, the form it was opened with, the variables it sees, and the actor's draft or the form's defaults."""
        with self.database.unit_of_work() as uow:
            return task_form.task_form(uow, task_key, actor=actor, now=self.clock.now(), read_form=self._workshop.catalogue.form)

    def claim_task(self, task_key: int, *, actor: Actor) -> UserTask:
        return assign_task.claim_task(self._workshop, task_key, actor=actor)

    def unclaim_task(self, task_key: int, *, actor: Actor) -> UserTask:
        return assign_task.unclaim_task(self._workshop, task_key, actor=actor)

    def assign_task(self, task_key: int, assignee: str, *, actor: Actor) -> UserTask:
        return assign_task.assign_task(self._workshop, task_key, assignee, actor=actor)

    def complete_task(
        self,
        task_key: int,
        values: Values,
        *,
        actor: Actor,
        command_id: str | None = None,
        files: Collection[str] | None = None,
    ) -> CommandResult:
        return complete_task.complete_task(self._workshop, task_key, values, actor=actor, command_id=command_id, files=files)

    def return_task(
        self,
        task_key: int,
        target_element_id: str,
        reason: str,
        *,
        keep: Collection[str] = (),
        actor: Actor,
        command_id: str | None = None,
    ) -> CommandResult:
        """``keep``: ids of user tasks between the target and here whose earlier completion stays valid."""
        return return_task.return_task(
            self._workshop,
            task_key,
            target_element_id,
            reason,
            keep=keep,
            actor=actor,
            signed=lambda root, key: self.history(root, kinds=("user_task_completed",), element_key=key),
            command_id=command_id,
        )

    def save_draft(self, task_key: int, values: Values, *, actor: Actor) -> None:
        save_draft.save_draft(self._workshop, task_key, values, actor=actor)
