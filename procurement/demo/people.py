"""Who takes a task in the demo: the assignee, else the first account that stands in one of its groups."""

from __future__ import annotations

from collections.abc import Iterable

from engine.model import Actor, UserTask
from procurement.accounts.tables import User
from procurement.accounts.users import actor_of


class People:
    def __init__(self, users: Iterable[User]) -> None:
        self._actors = {user.login: actor_of(user) for user in users}
        self._units = {user.login: user.unit for user in users}

    def actor(self, login: str) -> Actor:
        return self._actors[login]

    def unit(self, login: str) -> str:
        return self._units[login]

    def somebody(self, group: str) -> Actor:
        """The first account in a group. Raises LookupError."""
        for actor in self._actors.values():
            if group in actor.groups:
                return actor
        raise LookupError(f"nobody in the demo office stands in {group}")

    def for_task(self, task: UserTask, initiator: str) -> Actor:
        """The initiator takes what is open to the initiator; the rest goes to whoever comes first."""
        if task.assignee is not None:
            return self.actor(task.assignee)
        if self.actor(initiator).is_candidate(task):
            return self.actor(initiator)
        for login in task.candidate_users:
            if login in self._actors:
                return self.actor(login)
        for group in task.candidate_groups:
            return self.somebody(group)
        raise LookupError(f"task {task.element_id} is open to nobody")
