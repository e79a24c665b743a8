"""The rows of a suspended case that others look for: its tasks, timers, jobs and what it waits for."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import ColumnElement, Table, select, update

from engine.events import MessageAwaited
from engine.store.jobs import OPEN
from engine.store.tables import delivery, job, subscription, timer, user_task
from engine.store.unit_of_work import UnitOfWork


def suspend(uow: UnitOfWork, root_key: int) -> None:
    """Nobody finds anything to do in the case any more."""
    for table, open_rows in _rows():
        uow.session.execute(update(table).where(table.c.root_key == root_key, open_rows).values(suspended=True))


def resume(uow: UnitOfWork, root_key: int, failed_timers: Collection[int]) -> None:
    """``failed_timers``: element keys of timers that wait for their incidents to be resolved, suspended case or not."""
    for table, open_rows in _rows():
        mine = (table.c.root_key == root_key) & open_rows
        if table is timer:
            mine &= timer.c.element_key.not_in(failed_timers)
        uow.session.execute(update(table).where(mine).values(suspended=False))


def _rows() -> list[tuple[Table, ColumnElement[bool]]]:
    everything = timer.c.root_key != 0
    waiting = subscription.c.root_key != 0
    return [
        (user_task, user_task.c.state == "created"),
        (job, job.c.state.in_((*OPEN, "failed"))),
        (timer, everything),
        (subscription, waiting),
    ]


def awaited_messages(uow: UnitOfWork, root_key: int) -> list[MessageAwaited]:
    """What the case waits for; messages may have come meanwhile."""
    s = subscription.c
    columns = (s.instance_key, s.element_key, s.element_id, s.name, s.correlation_key, s.interrupting)
    statement = select(*columns).where(s.root_key == root_key, s.kind == "message").order_by(s.created_at, s.element_key)
    return [MessageAwaited(*row) for row in uow.session.execute(statement)]


def kept_signals(uow: UnitOfWork, root_key: int) -> list[int]:
    """Keys of signals that were sent meanwhile."""
    statement = select(delivery.c.key).where(delivery.c.root_key == root_key).order_by(delivery.c.key)
    return list(uow.session.scalars(statement))


def open_effects(uow: UnitOfWork, root_key: int) -> list[int]:
    """Keys of effects that nobody ran meanwhile."""
    mine = (job.c.root_key == root_key, job.c.is_effect, job.c.state.in_(OPEN))
    return list(uow.session.scalars(select(job.c.key).where(*mine).order_by(job.c.key)))
