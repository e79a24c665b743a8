"""The hash chain of what belongs to no case: deployments. Its state row is root 0."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import insert, update

from engine.store import cases
from engine.store.chain import Fact, link, moment_text
from engine.store.tables import history, instance_state
from engine.store.unit_of_work import UnitOfWork

ROOT = 0


def append(uow: UnitOfWork, kind: str, data: dict[str, Any], *, at: dt.datetime, actor: str) -> None:
    """Add an entry in this transaction."""
    locked = cases.lock(uow, cases.BY_ROOT, ROOT)
    assert locked is not None, "the chain's state row is made by a migration"
    row = link(locked.head, ROOT, moment_text(at), actor, Fact(kind, 0, "", 0, data))
    uow.session.execute(insert(history).values(**{**row, "at": at}))
    moved = {"seq": locked.head.seq, "hash": locked.head.hash}
    uow.session.execute(update(instance_state).where(instance_state.c.root_key == ROOT).values(**moved))
