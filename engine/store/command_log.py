"""Answers of commands that start a case: there is no case to lock yet, so the command's id itself is the lock."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert

from engine.store.tables import command_log
from engine.store.unit_of_work import UnitOfWork

KEPT_FOR = dt.timedelta(days=30)


def claim(uow: UnitOfWork, command_id: str, kind: str, target: str, actor: str) -> dict[str, Any] | None:
    """None: go ahead. Otherwise what was answered before; waits for a transaction that has the same id in hand."""
    mine = insert(command_log).values(command_id=command_id, kind=kind, target=target, actor=actor).on_conflict_do_nothing()
    if uow.session.execute(mine.returning(command_log.c.command_id)).scalar():
        return None
    return find(uow, command_id)


def find(uow: UnitOfWork, command_id: str) -> dict[str, Any] | None:
    """Kind, target and answer (as JSON text) of a command that has happened."""
    row = uow.driver.execute(
        "select kind, target, answer from command_log where command_id = %(id)s", {"id": command_id}
    ).fetchone()
    return None if row is None else dict(zip(("kind", "target", "answer"), row, strict=True))


def keep(uow: UnitOfWork, row: dict[str, Any]) -> None:
    """The answer of a claimed command."""
    uow.driver.execute(
        "update command_log set answer = %(answer)s, at = %(at)s::timestamptz where command_id = %(command_id)s", row
    )


def forget_old(uow: UnitOfWork, now: dt.datetime) -> int:
    """Nobody sends a command again after weeks; returns how many were forgotten."""
    gone = uow.session.execute(delete(command_log).where(command_log.c.at < now - KEPT_FOR).returning(command_log.c.command_id))
    return len(gone.all())
