"""The hash chain of what belongs to no case: deployments. Its state row is root 0."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import insert, update

from engine.store import cases
from engine.store.chain import moment_text, records
from engine.store.tables import history_record, instance_state
from engine.store.unit_of_work import UnitOfWork

ROOT = 0


def append(uow: UnitOfWork, kind: str, data: dict[str, Any], *, at: dt.datetime, actor: str) -> None:
    """Add an entry in this transaction."""
    locked = cases.lock(uow, cases.BY_ROOT, ROOT)
    assert locked is not None, "the chain's state row is made by a migration"
    (row,) = records(locked.head, ROOT, moment_text(at), actor, [(kind, ROOT, "", 0, data)])
    uow.session.execute(insert(history_record).values(**{**row, "at": at}))
    moved = {"seq": locked.head.seq, "hash": locked.head.hash}
    uow.session.execute(update(instance_state).where(instance_state.c.root_key == ROOT).values(**moved))
