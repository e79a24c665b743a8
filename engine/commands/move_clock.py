"""The demo's clock: what falls due on the way happens in order, each at its own moment."""

from __future__ import annotations

import datetime as dt

from engine.commands.fire_timers import fire
from engine.commands.workshop import Workshop
from engine.errors import Conflict, NotPermitted
from engine.model import Actor
from engine.store import timers
from engine.store.clock import DemoClock

TURNS = 10_000  # a cycle of seconds over a year would never end


class ClockBehind(Conflict):
    """The clock only moves forward; it shows {now} already."""


class TooMuchOnTheWay(Conflict):
    """More than {count} timers fell due before {to}; the clock stands at {now}. Move it on in smaller steps."""


def advance_clock(workshop: Workshop, to: dt.datetime, *, actor: Actor) -> int:
    """Move the clock to ``to``; returns how many timers fired. Raises NotPermitted outside the demo, ClockBehind."""
    clock = _demo_clock(workshop, actor)
    if to < clock.now():
        raise ClockBehind(now=clock.now().isoformat(timespec="seconds"))
    fired = 0
    for _ in range(TURNS):
        with workshop.database.unit_of_work() as uow:
            due = timers.due(uow, to, 1)
        if not due:
            clock.set(max(to, clock.now()))
            return fired
        if due[0].due_at > clock.now():
            clock.set(due[0].due_at)
        fired += fire(workshop, due[0], wait=True)
    raise TooMuchOnTheWay(count=TURNS, to=to.isoformat(), now=clock.now().isoformat(timespec="seconds"))


def reset_clock(workshop: Workshop, *, actor: Actor) -> None:
    """Back to the real time. What was done at later moments keeps them. Raises NotPermitted outside the demo."""
    _demo_clock(workshop, actor).set(None)


def _demo_clock(workshop: Workshop, actor: Actor) -> DemoClock:
    workshop.duties.require_operator(actor)
    if not isinstance(workshop.clock, DemoClock):
        raise NotPermitted("Only the demo's clock can be moved.")
    return workshop.clock
