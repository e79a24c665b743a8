"""A command on a case that memory holds is worked out before the database is asked, and written on one condition: that the
case still is what memory believes. So a step of an ordinary case is one statement, and that statement is its transaction.

The row lock is taken by that statement, or earlier when the work needs the database for something else (an operation, a
message): from then on the case is held as if it had been locked first. Whatever stands in the way - somebody else moved the
case on, a refusal that an older state of the case may have caused, a broken connection - is settled by doing the command
again under the lock, so nothing that is told to anybody rests on memory alone.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Generic, TypeVar, cast

import psycopg
from sqlalchemy.exc import DBAPIError

from engine.commands.answers import Command
from engine.commands.given_up import TransactionRuined
from engine.commands.live import LiveCase
from engine.commands.observing import on_instance
from engine.commands.repeating import LOCK_TIMEOUT, CaseBusy
from engine.commands.step import Step
from engine.commands.workshop import Workshop
from engine.errors import EngineError
from engine.model import Actor
from engine.store import cases
from engine.store.chain import Head
from engine.store.direct import Unanswered
from engine.store.recorder import Recorder
from engine.store.unit_of_work import OutcomeUnknown, UnitOfWork, is_lost, sqlstate

Answer = TypeVar("Answer")


@dataclass(frozen=True)
class Tried(Generic[Answer]):
    """``is_done`` False: the connection broke before the database had answered; ``became`` tells whether it was done."""

    answer: Answer
    recorder: Recorder
    version: int  # of the case when it is done
    head: Head
    is_done: bool

    def became(self, locked: cases.Locked) -> bool:
        """The case, now locked, is what this command made of it: the head signs all that it did."""
        told = bool(self.recorder.changes.history)
        return told and (locked.version, locked.head) == (self.version, self.head)


def on_known_case(
    workshop: Workshop,
    by: str,
    key: int,
    work: Callable[[Step], Answer],
    *,
    actor: Actor,
    command: Command,
    now: dt.datetime | None,
    wait: bool,
) -> Tried[Answer] | None:
    """None: nothing was done; do it under the lock. Raises CaseBusy."""
    generation = workshop.catalogue.generation
    live = workshop.cases.borrow(by, key) if generation else None
    if live is None:
        return None
    case = live.case
    on_instance(case.root_key)
    with workshop.database.unit_of_work(lambda uow: cases.hold(uow, case, wait=wait)) as uow:
        step = Step(workshop, uow, case, actor=actor, now=now or workshop.clock.now(), generation=generation)
        live.host.step = step
        step.attach(live.execution)
        step.waits = wait
        tried = _attempt(step, work, command)
    if tried.is_done if tried else not step.touched:
        workshop.cases.give_back(live)
    return tried


def on_new_case(
    workshop: Workshop,
    begin: Callable[[UnitOfWork, int], tuple[LiveCase, Step]],
    work: Callable[[Step], Answer],
    command: Command,
) -> Tried[Answer] | None:
    """Start a case with the definitions this process believes to be the newest, and write it if they are.

    None: nothing was done. Raises OutcomeUnknown, for a command without an id: one with an id can be sent again.
    """
    generation = workshop.catalogue.generation
    if not generation:
        return None
    with workshop.database.unit_of_work() as uow:
        try:
            live, step = begin(uow, generation)
            answer = work(step)
            step.rely_on_generation()
            step.save(command, answer)
            uow.commit()
        except OutcomeUnknown:
            raise
        except (EngineError, TransactionRuined):
            return None
        except (psycopg.Error, DBAPIError) as error:
            if isinstance(error, Unanswered) and command.id is None:
                raise OutcomeUnknown from error
            return None
    workshop.cases.give_back(live)
    return Tried(answer, step.recorder, live.case.version, live.case.head, is_done=True)


def _attempt(step: Step, work: Callable[[Step], Answer], command: Command) -> Tried[Answer] | None:
    """None: refused, overtaken, or nothing to write (whether that is right can only be told under the lock)."""
    answer: Answer | None = None
    version, is_done = step.case.version + 1, False
    try:
        step.require_awake()
        answer = work(step)
        if not step.touched:
            return None
        step.save(command, answer)
        step.uow.commit()
        is_done = True
    except OutcomeUnknown:
        pass
    except (EngineError, TransactionRuined):
        return None
    except (psycopg.Error, DBAPIError) as error:
        if sqlstate(error) == LOCK_TIMEOUT:
            raise CaseBusy from error
        if not is_lost(error):
            return None
    return Tried(cast("Answer", answer), step.recorder, version, replace(step.case.head), is_done)
