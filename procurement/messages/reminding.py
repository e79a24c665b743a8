"""Remind people of deadlines, and tell the next above once they have passed. The demo's clock may leap: one step at a time."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert

from procurement.messages.deadlines import TIMER, Deadlines, named, party_of, still_waits
from procurement.messages.history import Scene, due_text
from procurement.registers.messages import Deadline, Reminder

AT_ONCE = 100
ASLEEP = dt.timedelta(hours=1)  # a suspended case is looked at again this much later
LEVELS = 6  # a ring in the table must not tell people for ever
REMIND, ESCALATE, URGE = "remind", "escalate", "urge"
LOCK = 0x72656D69  # "remi"; one worker reminds at a time


def remind_due(scene: Scene, deadlines: Deadlines, now: dt.datetime) -> int:
    """Everything whose moment has come; returns how many deadlines were looked at."""
    if not scene.session.scalar(select(func.pg_try_advisory_xact_lock(LOCK))):
        return 0
    due = select(Deadline).where(Deadline.is_open, Deadline.next_at <= now).order_by(Deadline.next_at, Deadline.key)
    found = scene.session.scalars(due.limit(AT_ONCE).with_for_update()).all()
    for deadline in found:
        waits = still_waits(scene, deadline)
        if waits is None:
            deadline.next_at = now + ASLEEP
        elif not waits:
            deadline.is_open = False
        elif deadline.kind == TIMER:
            _tell_of_timer(scene, deadline, now)
        else:
            _next_step(scene, deadlines, deadline, now)
    scene.session.flush()
    return len(found)


def _tell_of_timer(scene: Scene, deadline: Deadline, now: dt.datetime) -> None:
    purchase = scene.purchase(deadline.purchase_id)
    to = named(purchase, deadline.holders, scene.applicants(deadline.purchase_id))
    if deadline.due > now:  # after a leap of the demo's clock it may be over
        _say(scene, deadline, "timer_reminder", "reminder", to, REMIND, now)
    deadline.level, deadline.is_open = 1, False


def _next_step(scene: Scene, deadlines: Deadlines, deadline: Deadline, now: dt.datetime) -> None:
    """Remind, or escalate when that is due as well: then the reminder would come too late to be of use."""
    escalate_at = deadlines.escalate_at(deadline.due, deadline.after_days)
    if deadline.level == 0 and now < escalate_at:
        words = "task_reminder" if now < deadline.due else "task_overdue"
        _say(scene, deadline, words, "reminder", deadline.holders, REMIND, now)
        deadline.level, deadline.next_at = 1, escalate_at
        deadline.is_open = bool(deadline.next_group)
        return
    deadline.level = max(deadline.level, 1) + 1
    purchase = scene.purchase(deadline.purchase_id)
    to = named(purchase, [deadline.next_group], []) if deadline.next_group else []
    _say(scene, deadline, "task_overdue", "reminder", deadline.holders, REMIND, now)
    if to:
        _say(scene, deadline, "task_escalated", "escalation", to, ESCALATE, now)
    _climb(scene, deadlines, deadline, to, now)


def _climb(scene: Scene, deadlines: Deadlines, deadline: Deadline, told: Sequence[str], now: dt.datetime) -> None:
    """Who is next, and when; counted from now, so that a leap of the clock tells one after the other."""
    above = deadlines.rules.escalation(party_of(scene, list(told)), deadline.process_id).to if told else ""
    if not above or above in told or deadline.level > LEVELS:
        deadline.is_open = False
        return
    step = deadlines.rules.number("escalate_step_days", now.date())
    deadline.next_group, deadline.next_at = above, deadlines.escalate_at(now, step)


def _say(scene: Scene, deadline: Deadline, words: str, kind: str, to: Sequence[str], act: str, now: dt.datetime) -> None:
    link = f"/tasks/{deadline.key}" if act == REMIND and deadline.kind != TIMER else f"/purchases/{deadline.purchase_id}"
    told = scene.say(
        words,
        kind,
        to,
        link,
        f"{act}:{_place(deadline, act)}:{deadline.level}",
        now,
        number=deadline.purchase_id,
        urgent=deadline.urgent,
        values={"task": deadline.name, "due": due_text(deadline.due), "holder": party_of(scene, deadline.holders)},
    )
    keep(scene, deadline, act, deadline.level, to, told, now)


def _place(deadline: Deadline, act: str) -> str:
    """What is told once: a reminder of each task; of several at one place with one deadline, as votes are, one escalation."""
    if act != ESCALATE:
        return str(deadline.key)
    return f"{deadline.root_key}:{deadline.element_id}:{deadline.due:%Y%m%d%H%M}"


def keep(
    scene: Scene, deadline: Deadline, act: str, level: int, to: Sequence[str], people: int, now: dt.datetime, by: str = ""
) -> None:
    """On record for the case: which roles were told of which deadline. No names: who judges and who applied may be secret."""
    row = {
        "deadline": deadline.key,
        "act": act,
        "level": level,
        "element_id": deadline.element_id,
        "name": deadline.name,
        "purchase_id": deadline.purchase_id,
        "due": deadline.due,
        "to": sorted({party_of(scene, [one]) for one in to}),
        "people": people,
        "by": by,
        "at": now,
    }
    scene.session.execute(insert(Reminder).values(**row).on_conflict_do_nothing())
