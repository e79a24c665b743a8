"""The timer table: due moments in order of time, nothing else to look through."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import delete, insert, select, update

from engine.store.tables import timer
from engine.store.unit_of_work import UnitOfWork

FAILED = "timer_failed"


@dataclass(frozen=True)
class Due:
    """A timer whose moment has come; ``root_key`` 0: the start event of ``definition_key``."""

    element_key: int
    root_key: int
    instance_key: int
    definition_key: int
    element_id: str
    due_at: dt.datetime
    repetitions_left: int | None = None
    interval: str | None = None
    anchor: dt.datetime | None = None
    number: int | None = None


_DUE = tuple(
    timer.c[name]
    for name in (
        "element_key", "root_key", "instance_key", "definition_key", "element_id", "due_at", "repetitions_left", "interval",
        "anchor", "number",
    )
)  # fmt: skip


def due(uow: UnitOfWork, now: dt.datetime, limit: int) -> list[Due]:
    """The first ``limit`` timers whose moment has come, in order. Not locked: whoever fires one looks again under its lock."""
    return due_within(uow, now, 0, limit)


def due_within(uow: UnitOfWork, now: dt.datetime, seconds: float, limit: int) -> list[Due]:
    """Also those whose moment comes within ``seconds``."""
    t = timer.c
    until = now + dt.timedelta(seconds=seconds)
    statement = select(*_DUE).where(t.due_at <= until, ~t.suspended).order_by(t.due_at, t.element_key).limit(limit)
    return [Due(*row) for row in uow.session.execute(statement)]


def take(uow: UnitOfWork, wanted: Due) -> bool:
    """Remove the timer; False when it was fired, moved or stopped meanwhile. Another worker's transaction is not waited for."""
    t = timer.c
    same = (t.element_key == wanted.element_key) & (t.root_key == wanted.root_key) & (t.due_at == wanted.due_at) & ~t.suspended
    mine = select(t.element_key).where(same).with_for_update(skip_locked=True)
    if uow.session.execute(mine).scalar() is None:
        return False
    uow.session.execute(delete(timer).where(same))
    return True


def suspend(uow: UnitOfWork, element_key: int, root_key: int) -> None:
    """It failed: it waits for its incident to be resolved."""
    t = timer.c
    uow.session.execute(update(timer).where(t.element_key == element_key, t.root_key == root_key).values(suspended=True))


def resume(uow: UnitOfWork, element_key: int, root_key: int) -> None:
    t = timer.c
    uow.session.execute(update(timer).where(t.element_key == element_key, t.root_key == root_key).values(suspended=False))


def keep_start(uow: UnitOfWork, start: Due) -> None:
    """The next firing of a timer start event."""
    uow.session.execute(insert(timer).values(**{column.name: getattr(start, column.name) for column in _DUE}))


def forget_starts(uow: UnitOfWork, definition_keys: list[int]) -> None:
    """Only the newest version of a process starts by itself."""
    uow.session.execute(delete(timer).where(timer.c.root_key == 0, timer.c.definition_key.in_(definition_keys)))
