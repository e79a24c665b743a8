"""Load the demo office. Doing it again does nothing; a load that was killed goes on where it stopped."""

from __future__ import annotations

import datetime as dt
from typing import Protocol, runtime_checkable

from engine.facade import ProcessEngine
from engine.model import SYSTEM, Actor
from procurement.demo.ledgers import fill_ledgers, fill_ledgers_of_purchases
from procurement.demo.organisations import begin_registration, hand_in_evidence
from procurement.demo.playing import Play
from procurement.demo.registers import RECORDER, is_loaded, load_registers
from procurement.demo.story import present, stories
from procurement.office import Office

MORNING = dt.time(9, 0)


@runtime_checkable
class MovableClock(Protocol):
    """The demo's clock."""

    def now(self) -> dt.datetime: ...

    def set(self, moment: dt.datetime | None) -> None: ...


class ClockStandsStill(RuntimeError):
    """The demo office needs the demo's clock: its purchases begin in January and are played up to May."""


def load(office: Office, engine: ProcessEngine) -> None:
    """Fill the registers, then play the purchases up to the demo's present. The processes must be deployed before."""
    clock = office.desk.clock
    if not isinstance(clock, MovableClock):
        raise ClockStandsStill(ClockStandsStill.__doc__)
    with office.desk.editing(Actor(RECORDER, system=True)) as session:
        fresh = not is_loaded(session)
        if fresh:
            load_registers(session, _first_morning())
    if fresh:
        clock.set(_first_morning())
        hand_in_evidence(office)
        fill_ledgers(office)
    if clock.now() < present():
        Play(office, engine, lambda to: _advance(engine, clock, to)).until(present())
        begin_registration(office)
        fill_ledgers_of_purchases(office)


def _first_morning() -> dt.datetime:
    return dt.datetime.combine(stories()[0].start, MORNING, present().tzinfo)


def _advance(engine: ProcessEngine, clock: MovableClock, to: dt.datetime) -> None:
    """Forward only: a load that goes on may find the clock further than the morning it plays."""
    if to > clock.now():
        engine.advance_clock(to, actor=SYSTEM)
