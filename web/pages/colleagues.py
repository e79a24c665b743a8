"""To whom a task can be handed over."""

from __future__ import annotations

from engine.errors import FieldError, InvalidInput
from engine.model import UserTask
from procurement.accounts.roles import ROLES
from web.auth.people import me
from web.pages.cases.names import person_name
from web.pages.services import office


def of_task(task: UserTask) -> list[tuple[str, str]]:
    """Login and name of everybody who may take the task over from the person looking.

    Those the diagram names; for a task it gives to one person alone, colleagues of the same unit and role.
    """
    found = {login: person_name(login) for login in task.candidate_users}
    groups = task.candidate_groups or (() if found else tuple(sorted(me().roles)))
    for group in groups:
        for user in office().accounts.search(role=group) if group in ROLES else ():
            if user.active and (task.candidate_groups or user.unit == me().unit):
                found[user.login] = f"{user.name}（{user.unit}）" if user.unit else user.name
    found.pop(me().login, None)
    return sorted(found.items(), key=lambda item: item[1])


def check(task: UserTask, login: str) -> None:
    """Raises InvalidInput for somebody who is none of them."""
    if login not in dict(of_task(task)):
        raise InvalidInput(fields=(FieldError("assignee", "Choose a colleague who may work on this task."),))
