"""To whom a task can be handed over."""

from __future__ import annotations

from engine.model import UserTask
from web.auth.people import me
from web.pages.cases.names import person_name
from web.pages.services import office


def of_task(task: UserTask) -> list[tuple[str, str]]:
    """Login and name of everybody the diagram lets work on the task, except the person looking."""
    found = {login: person_name(login) for login in task.candidate_users}
    for group in task.candidate_groups:
        for user in office().accounts.search(role=group):
            if user.active:
                found[user.login] = f"{user.name}（{user.unit}）" if user.unit else user.name
    found.pop(me().login, None)
    return sorted(found.items(), key=lambda item: item[1])
