"""Note each deadline as it begins: when somebody is reminded of it, and who is told once it has passed.

The diagram decides: ``followUpDate`` of a user task, and its properties ``escalateTo`` and ``escalateAfter``. What it leaves open,
the tables of processes/reminders decide.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from engine.errors import NotFound
from engine.model import HistoryEntry, UserTask
from procurement.accounts.roles import ROLES
from procurement.accounts.tables import User
from procurement.calendar import WorkingCalendar
from procurement.messages.history import Scene, holders, open_task
from procurement.messages.rules import Escalation, ReminderRules
from procurement.registers.messages import Deadline
from procurement.registers.purchases import Purchase
from procurement.registers.row import OFFICE_ZONE

ESCALATE_TO, ESCALATE_AFTER = "escalateTo", "escalateAfter"  # zeebe:property of a user task
INITIATOR, AGENCY, APPLICANTS = "initiator", "agency", "applicants"
KNOWN = frozenset({*ROLES, INITIATOR, AGENCY})  # what escalateTo may say; the check escalation_unknown finds other things
TASK, TIMER = "task", "timer"
BOUNDARY = "boundaryEvent"


class Deadlines:
    """Implements what the feed does with the entries that begin a deadline."""

    def __init__(self, rules: ReminderRules, calendar: WorkingCalendar) -> None:
        self.rules = rules
        self.calendar = calendar

    def note(self, scene: Scene, entry: HistoryEntry) -> None:
        """Raises RuleMissing, UnknownCalendarYear."""
        if entry.kind == "user_task_created" and entry.data.get("due"):
            task = open_task(scene.engine, entry.element_key)
            if task is not None and task.due is not None:
                self.note_task(scene, task, task.due)
        elif entry.kind == "timer_scheduled":
            self._note_timer(scene, entry)

    def note_task(self, scene: Scene, task: UserTask, due: dt.datetime) -> None:
        """A task's deadline; noting it again changes nothing."""
        waiting_for = holders(task)
        drawn = self._drawn(scene, task)
        by_table = self.rules.escalation(party_of(scene, waiting_for), task.process_id)
        to = drawn.get(ESCALATE_TO, "")
        first = Escalation(to if to in KNOWN else by_table.to, _days(drawn.get(ESCALATE_AFTER), by_table.after), by_table.urgent)
        remind_at = task.follow_up or self.remind_at(task.created_at, due)
        self._keep(
            scene,
            key=task.key,
            kind=TASK,
            root_key=task.root_key,
            process_id=task.process_id,
            element_id=task.element_id,
            name=task.name,
            purchase_id=task.business_key,
            due=due,
            holders=waiting_for,
            urgent=first.urgent,
            next_at=min(remind_at, due),
            next_group=first.to,
            after_days=first.after,
        )

    def remind_at(self, begins: dt.datetime, due: dt.datetime) -> dt.datetime:
        """In the morning some working days before; of a very short period half of it is left."""
        day = begins.astimezone(OFFICE_ZONE).date()
        length = self.calendar.between(day, due.astimezone(OFFICE_ZONE).date())
        short = length <= self.rules.number("short_period_days", day)
        before = self.rules.number("remind_before_short" if short else "remind_before_long", day)
        return max(self.morning_before(due, before), begins + (due - begins) / 2)

    def morning_before(self, due: dt.datetime, days: int) -> dt.datetime:
        day = due.astimezone(OFFICE_ZONE).date()
        on = self.calendar.after(day, -days) if days else day
        return dt.datetime.combine(on, dt.time(self.rules.number("remind_hour", on)), OFFICE_ZONE)

    def escalate_at(self, due: dt.datetime, days: int) -> dt.datetime:
        """``days`` working days after the due date, at the same time of day."""
        at = due.astimezone(OFFICE_ZONE)
        return dt.datetime.combine(self.calendar.after(at.date(), days), at.timetz()) if days else at

    def _drawn(self, scene: Scene, task: UserTask) -> Mapping[str, str]:
        element = scene.engine.process_model(task.definition_key).elements.get(task.element_id)
        return element.properties if element else {}

    def _note_timer(self, scene: Scene, entry: HistoryEntry) -> None:
        instance = scene.engine.instance(entry.instance_key)
        model = scene.engine.process_model(instance.definition_key)
        element = model.elements.get(entry.element_id)
        if element is None:
            return
        rule = self.rules.timer(instance.process_id, entry.element_id, boundary=element.type == BOUNDARY)
        due = _moment(entry.data["due_at"])
        if not rule.to:
            return
        self._keep(
            scene,
            key=entry.element_key,
            kind=TIMER,
            root_key=entry.root_key,
            process_id=instance.process_id,
            element_id=entry.element_id,
            name=element.name or entry.element_id,
            purchase_id=instance.business_key,
            due=due,
            holders=list(rule.to),
            urgent=rule.urgent,
            next_at=max(self.morning_before(due, rule.days), entry.at + (due - entry.at) / 2),
            next_group="",
            after_days=0,
        )

    def _keep(self, scene: Scene, **values: object) -> None:
        statement = insert(Deadline).values(level=0, is_open=True, **values)
        scene.session.execute(statement.on_conflict_do_nothing(index_elements=["key"]))


def party_of(scene: Scene, waiting_for: list[str]) -> str:
    """The role that has the deadline: of a group its kind, of a person their first role; empty when nobody knows."""
    for one in waiting_for:
        kind = one.partition(":")[0]
        if kind in ROLES:
            return kind
    roles = scene.session.scalar(select(User.roles).where(User.login.in_(waiting_for)).order_by(User.login).limit(1))
    return roles[0] if roles else ""


def named(purchase: Purchase | None, names: tuple[str, ...] | list[str], applicants: list[str]) -> list[str]:
    """Logins and groups behind initiator, agency, applicants; everything else stays."""
    people: list[str] = []
    for name in names:
        if name == INITIATOR:
            people += [purchase.initiator] if purchase else []
        elif name == AGENCY:
            people += [f"agency:{purchase.agency_id}"] if purchase and purchase.agency_id else []
        elif name == APPLICANTS:
            people += applicants
        else:
            people.append(name)
    return people


def still_waits(scene: Scene, deadline: Deadline) -> bool | None:
    """None while its case is suspended."""
    if deadline.kind == TASK:
        task = open_task(scene.engine, deadline.key)
        return None if task is not None and task.suspended else task is not None
    try:
        waiting = scene.engine.timers(deadline.root_key)
    except NotFound:
        return False
    return any(timer.element_key == deadline.key for timer in waiting)


def _days(text: str | None, otherwise: int) -> int:
    return int(text) if text and text.isdecimal() else otherwise


def _moment(value: object) -> dt.datetime:
    return value if isinstance(value, dt.datetime) else dt.datetime.fromisoformat(str(value))
