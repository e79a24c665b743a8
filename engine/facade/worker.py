"""What the worker does, and the clock of the demo."""

from __future__ import annotations

import datetime as dt

from engine.commands import attend_timers, delivery, fire_timers, forget_expired, move_clock, run_effect
from engine.commands.attend_timers import Spread
from engine.facade.part import Part
from engine.model import SYSTEM, Actor
from engine.store import jobs


class WorkerDuties(Part):
    """What the worker does, and the clock of the demo."""

    def fire_due_timers(self, limit: int = 100) -> int:
        return fire_timers.fire_due_timers(self._workshop, limit=limit)

    def attend_timers(self, *, ahead_s: float, spread: Spread = map) -> float:
        """Fire what is due; returns the seconds until there may be more, at most ``ahead_s``."""
        return attend_timers.attend_timers(self._workshop, ahead_s=ahead_s, spread=spread)

    def run_effect(self, job_key: int) -> bool:
        return run_effect.run_effect(self._workshop, job_key)

    def run_awaited_effects(self) -> int:
        """Run every effect a case waits for, here and now; for whoever lives through time without a worker.

        How many were waited for: cases may have gone on even where a worker was quicker and nothing was left to do here.
        """
        with self.database.unit_of_work() as uow:
            keys = jobs.awaited_effects(uow)
        for key in keys:
            self.run_effect(key)
        return len(keys)

    def deliver_left_over(self, older_than: dt.timedelta = dt.timedelta(seconds=5)) -> int:
        """Messages and signals that a process which died had stored but not delivered."""
        return delivery.deliver_left_over(self._workshop, older_than)

    def forget_expired(self) -> None:
        """Answers of old commands and messages past their time."""
        forget_expired.forget_expired(self._workshop)

    def advance_clock(self, to: dt.datetime, *, actor: Actor = SYSTEM) -> int:
        return move_clock.advance_clock(self._workshop, to, actor=actor)

    def reset_clock(self, *, actor: Actor = SYSTEM) -> None:
        move_clock.reset_clock(self._workshop, actor=actor)
