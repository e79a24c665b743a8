"""Who may do what to the engine. Which pages a person sees is the interface's own table."""

from __future__ import annotations

from dataclasses import dataclass

from engine.errors import NotPermitted
from engine.model import Actor, UserTask


@dataclass(frozen=True)
class Duties:
    """The candidate groups that keep the engine running."""

    operators: frozenset[str] = frozenset(
        {"operator", "admin"}
    )  # repair: cancel, retry, change variables, reassign, move the clock
    designers: frozenset[str] = frozenset({"designer", "admin"})  # deploy

    def is_operator(self, actor: Actor) -> bool:
        return actor.system or bool(self.operators & actor.groups)

    def require_operator(self, actor: Actor) -> None:
        if not self.is_operator(actor):
            raise NotPermitted("Only an operator may do this. Ask one, or an administrator for the role.")

    def require_designer(self, actor: Actor) -> None:
        if not actor.system and not self.designers & actor.groups:
            raise NotPermitted("Only a designer may deploy. Ask one, or an administrator for the role.")

    def require_worker_on(self, actor: Actor, task: UserTask) -> None:
        """The task is theirs, or open to them."""
        if actor.may_work_on(task):
            return
        if task.assignee is not None and actor.is_candidate(task):
            raise NotPermitted(
                "Task {task} is being worked on by {assignee}. Ask them to release it.", task=task.key, assignee=task.assignee
            )
        raise NotPermitted("Task {task} is not one of yours. Ask its office, or an administrator for the role.", task=task.key)

    def require_sight_of(self, actor: Actor, task: UserTask) -> None:
        if not self.may_see(actor, task):
            raise NotPermitted("Task {task} is not one of yours.", task=task.key)

    def may_see(self, actor: Actor, task: UserTask) -> bool:
        """Own tasks, those open to one's groups whoever works on them, and all of them for operators."""
        mine = actor.user_id in {task.assignee, task.completed_by}
        return mine or actor.is_candidate(task) or self.is_operator(actor)
