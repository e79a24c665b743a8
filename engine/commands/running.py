"""The frame of a command as the facade's use cases know it: the transaction, then what it sets off elsewhere."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import TypeVar

from engine.commands import transaction
from engine.commands.answers import Command
from engine.commands.delivery import follow_up
from engine.commands.step import Step
from engine.commands.transaction import Start
from engine.commands.workshop import Workshop
from engine.model import Actor
from engine.store.unit_of_work import UnitOfWork

Answer = TypeVar("Answer")


def in_case(
    workshop: Workshop,
    by: str,
    key: int,
    work: Callable[[Step], Answer],
    *,
    actor: Actor,
    command: Command,
    now: dt.datetime | None = None,
) -> Answer:
    """``work`` on the case that ``by`` and ``key`` name. Raises NotFound, CaseBusy and what ``work`` raises."""
    done = transaction.on_case(workshop, by, key, work, actor=actor, command=command, now=now)
    follow_up(workshop, done.recorder)
    return done.answer


def in_new_case(
    workshop: Workshop,
    start: Callable[[UnitOfWork, int], Start],
    work: Callable[[Step], Answer],
    *,
    actor: Actor,
    command: Command,
) -> Answer:
    """``work`` on the case that ``start`` describes."""
    done = transaction.new_case(workshop, start, work, actor=actor, command=command)
    follow_up(workshop, done.recorder)
    return done.answer
