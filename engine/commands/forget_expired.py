"""Forget what nobody can ask for any more. The history of a case is never among it."""

from __future__ import annotations

from engine.commands.workshop import Workshop
from engine.store import command_log, drafts, messages, undo


def forget_expired(workshop: Workshop) -> None:
    """Answers of old commands, buffered messages past their time, drafts of closed tasks, states before migrations that stay."""
    now = workshop.clock.now()
    with workshop.database.unit_of_work() as uow:
        messages.forget_expired(uow, now)
        command_log.forget_old(uow, now)
        drafts.forget_closed(uow)
        undo.forget_stale(uow)
        uow.commit()
