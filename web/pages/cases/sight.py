"""Who may look into which case. The routes are guarded by web.auth.access; this is about the case itself."""

from __future__ import annotations

from engine.errors import NotFound
from engine.model import UserTask
from web.auth.audiences import OPERATORS
from web.auth.people import me
from web.pages.services import office


def may_see(number: str, task: UserTask | None = None) -> bool:
    """The office follows every case, operators mend them; others see what they take part in, or a task that is or was theirs."""
    actor = me().actor
    if me().roles & OPERATORS:
        return True
    if task is not None and (actor.may_work_on(task) or task.completed_by == actor.user_id):
        return True
    if number and (office().purchases.may_see(actor, number) or office().matters.may_see(actor, number)):
        return True
    matter = office().matters.of_case(task.root_key) if task is not None else None  # begun by the calendar: no number in the case
    return matter is not None and office().matters.may_see(actor, matter.id)


def require(number: str, task: UserTask | None = None) -> None:
    """Raises NotFound: whoever may not see a case does not learn whether it exists, nor which one a task belongs to."""
    if not may_see(number, task):
        raise NotFound(kind="Task", key=task.key) if task else NotFound(kind="Purchase", key=number or "?")
