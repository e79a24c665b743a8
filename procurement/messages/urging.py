"""催办: whoever started a purchase, or answers for it in the street office, asks those it waits for to hurry."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import func, select

from engine.errors import Conflict, NotPermitted
from engine.model import Actor, UserTask
from procurement.accounts.users import names_of
from procurement.messages.history import Scene, due_text, holders
from procurement.messages.reminding import URGE, keep
from procurement.messages.rules import ReminderRules
from procurement.registers.messages import Deadline, Reminder
from procurement.registers.purchases import Purchase

OVERSEERS = frozenset({"procurement_officer", "street_leader"})


class UrgedAlready(Conflict):
    """Everything open in {purchase} was urged within the last {hours} hours. Try again later, or call."""


class NothingToUrge(Conflict):
    """{purchase} waits for nobody now: there is nothing to urge."""


class NotYoursToUrge(NotPermitted):
    """Only who started {purchase}, the procurement officer and the street leaders urge it."""


def may_urge(purchase: Purchase, actor: Actor) -> bool:
    return actor.system or purchase.initiator == actor.user_id or bool(actor.groups & OVERSEERS)


def urge(scene: Scene, rules: ReminderRules, purchase: Purchase, actor: Actor, now: dt.datetime) -> int:
    """Tell everybody the case waits for; returns how many open tasks were urged.

    Raises NotYoursToUrge, NothingToUrge, UrgedAlready.
    """
    if not may_urge(purchase, actor):
        raise NotYoursToUrge(purchase=purchase.id)
    open_tasks = scene.engine.tasks(root_key=purchase.process_key, limit=100, counted=False).items if purchase.process_key else ()
    if not open_tasks:
        raise NothingToUrge(purchase=purchase.id)
    hours = rules.number("urge_hours", now.date())
    since = now - dt.timedelta(hours=hours)
    by = names_of(scene.session, [actor.user_id]).get(actor.user_id, actor.user_id)
    urged = [task for task in open_tasks if not task.suspended and _urge(scene, task, by, actor, now, since)]
    if not urged:
        raise UrgedAlready(purchase=purchase.id, hours=hours)
    return len(urged)


def _urge(scene: Scene, task: UserTask, by: str, actor: Actor, now: dt.datetime, since: dt.datetime) -> bool:
    earlier = select(func.count(), func.max(Reminder.at)).where(Reminder.deadline == task.key, Reminder.act == URGE)
    count, last = scene.session.execute(earlier).one()
    if last is not None and since < last <= now:
        return False
    to = holders(task)
    people = scene.say(
        "task_urged",
        "urge",
        to,
        f"/tasks/{task.key}",
        f"{URGE}:{task.key}:{count + 1}",
        now,
        number=task.business_key,
        but=(actor.user_id,),
        values={"task": task.name, "due": due_text(task.due), "by": by},
    )
    about = Deadline(key=task.key, element_id=task.element_id, name=task.name, purchase_id=task.business_key, due=task.due)
    keep(scene, about, URGE, count + 1, to, people, now, by=actor.user_id)
    return True
