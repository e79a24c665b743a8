"""Who takes a task in the demo: the assignee, else the first account that stands in one of its groups."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from engine.model import Actor, UserTask
from procurement.accounts.roles import ROLES
from procurement.accounts.tables import User
from procurement.accounts.users import actor_of
from procurement.demo.reading import data


@dataclass(frozen=True)
class DemoAccount:
    """One of the accounts the demo prints; ``title`` says what the person is there for."""

    login: str
    name: str
    title: str


def _one_per_role() -> tuple[DemoAccount, ...]:
    accounts, parties = data("accounts"), data("parties")
    rows = [(row["login"], row["name"], row["roles"][0], row["unit"]) for row in accounts["office"]]
    agencies = {row["id"]: row["name"] for row in parties["agencies"]}
    rows += [(row["login"], row["name"], "agency", agencies[row["party"]]) for row in accounts["agencies"]]
    organisation, expert = parties["organisations"][1], parties["experts"][1]
    rows.append(("org02", organisation["legal_representative"], "organisation", organisation["name"]))
    rows.append(("zj02", expert["name"], "expert", expert["unit"]))
    first = {role: (login, name, unit) for login, name, role, unit in reversed(rows)}
    return tuple(DemoAccount(first[role][0], first[role][1], f"{label}，{first[role][2]}") for role, label in ROLES.items())


ACCOUNTS = _one_per_role()


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
