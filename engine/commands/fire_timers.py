"""Fire what is due: each timer in a transaction of its own, in the order of their moments. A failing one stops nobody else."""

from __future__ import annotations

import datetime as dt

import structlog

from engine.commands import failed_starts
from engine.commands.answers import Command
from engine.commands.delivery import follow_up
from engine.commands.repeating import CaseBusy, repeated
from engine.commands.start_timers import start_timer
from engine.commands.step import Step
from engine.commands.transaction import Done, Start, new_case, on_case
from engine.commands.workshop import Workshop
from engine.errors import Conflict, EngineError, InstanceSuspended
from engine.events import IncidentRaised
from engine.model import SYSTEM
from engine.spiff import Due as Firing
from engine.store import cases, timers
from engine.store.away import unavailable
from engine.store.timers import Due
from engine.store.unit_of_work import OutcomeUnknown, UnitOfWork

log = structlog.get_logger(__name__)

FIRE = Command("fire_timer", "")


class TimerTaken(Conflict):
    """Another worker has fired this timer."""


def fire_due_timers(workshop: Workshop, *, limit: int = 100) -> int:
    """Fire up to ``limit`` timers whose moment has come; those of cases that are busy are left for the next time."""
    with workshop.database.unit_of_work() as uow:
        due = timers.due(uow, workshop.clock.now(), limit)
    return sum(fire(workshop, one) for one in due)


def fire(workshop: Workshop, due: Due, *, wait: bool = False) -> bool:
    """True when it was this call that fired it; a busy case is waited for or left for the next time.

    The run sees a clock that is never before the timer's own moment.
    """
    now = max(workshop.clock.now(), due.due_at)
    try:
        done = _start(workshop, due, now) if due.root_key == 0 else _fire(workshop, due, now, wait=wait)
    except (CaseBusy, TimerTaken, InstanceSuspended, OutcomeUnknown):
        return False
    except Exception as error:  # whatever went wrong belongs to this case; the next timer is another one's
        if unavailable(error) is not None:  # nobody's fault: the timer is still there when the database is back
            raise
        log.exception("timer_failed", element=due.element_id, instance=due.instance_key)
        cause = str(error) if isinstance(error, EngineError) else f"{type(error).__name__}: {error}"
        repeated(workshop.database, lambda: _set_aside(workshop, due, cause))
        return False
    follow_up(workshop, done.recorder)
    return done.answer


def _fire(workshop: Workshop, due: Due, now: dt.datetime, *, wait: bool) -> Done[bool]:
    def work(step: Step) -> bool:
        if not _is_still_due(step, due):
            return False
        place = {"instance_key": due.instance_key, "element_id": due.element_id, "element_key": due.element_key}
        step.note("timer_fired", {"due_at": due.due_at}, **place)
        step.execution.fire_timer(due.element_key)
        step.record()
        return True

    return on_case(workshop, cases.BY_ROOT, due.root_key, work, actor=SYSTEM, command=FIRE, wait=wait, now=now)


def _is_still_due(step: Step, due: Due) -> bool:
    """Ahead of the lock memory says so, and what is written then ends the timer or sets it anew; else its row is taken."""
    if step.uow.is_open:
        return timers.take(step.uow, due)
    wait = step.awaits(due.element_key)
    failed = any(one.kind == timers.FAILED for one in step.case.incidents_at(due.element_key))
    return wait is not None and wait.due is not None and wait.due.at == due.due_at and not failed


def _start(workshop: Workshop, due: Due, now: dt.datetime) -> Done[bool]:
    """A timer start event begins a case, and waits for its next turn if it has one."""

    def start(uow: UnitOfWork, _generation: int) -> Start:
        if not timers.take(uow, due):
            raise TimerTaken
        following = following_start(due)
        if following is not None:
            timers.keep_start(uow, following)
        return Start(workshop.catalogue.definition(uow, due.definition_key), {}, element_id=due.element_id)

    def work(step: Step) -> bool:
        step.note("timer_fired", {"due_at": due.due_at}, element_id=due.element_id)
        return True

    return new_case(workshop, start, work, actor=SYSTEM, command=FIRE, now=now)


def following_start(due: Due) -> Due | None:
    """The next firing of a timer start event."""
    if due.interval is None or due.anchor is None or due.number is None:
        return None
    following = Firing(due.due_at, due.repetitions_left, due.interval, due.anchor, due.number).next()
    return None if following is None else start_timer(due.element_key, due.definition_key, due.element_id, following)


def _set_aside(workshop: Workshop, due: Due, cause: str) -> None:
    """Suspend the timer and say why in an incident, which retries it when it is resolved."""
    if due.root_key == 0:
        failed_starts.set_aside(workshop, due, cause, workshop.clock.now())
        return

    def work(step: Step) -> None:
        timers.suspend(step.uow, due.element_key, due.root_key)
        said = f"The timer {due.element_id} could not be fired: {cause}. Mend the cause, then retry."
        step.touched = True
        step.recorder.raise_incident(IncidentRaised(due.instance_key, due.element_key, due.element_id, timers.FAILED, said))

    on_case(workshop, cases.BY_ROOT, due.root_key, work, actor=SYSTEM, command=FIRE)
