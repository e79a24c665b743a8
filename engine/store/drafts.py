"""What somebody has typed into a task and not handed in yet. Nobody else sees it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from sqlalchemy import delete, exists, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from engine.store.tables import task_draft, user_task
from engine.store.unit_of_work import UnitOfWork


def keep(uow: UnitOfWork, task_key: int, root_key: int, user_id: str, values: Mapping[str, Any], at: dt.datetime) -> None:
    row = {"task_key": task_key, "user_id": user_id, "root_key": root_key, "values": dict(values), "saved_at": at}
    statement = insert(task_draft).values(**row)
    changed = {"values": statement.excluded["values"], "saved_at": at}
    uow.session.execute(statement.on_conflict_do_update(index_elements=["task_key", "user_id"], set_=changed))


def find(session: Session, task_key: int, user_id: str) -> dict[str, Any] | None:
    """While the task is open."""
    d, t = task_draft.c, user_task.c
    statement = (
        select(d["values"])
        .join(user_task, (t.key == d.task_key) & (t.root_key == d.root_key))
        .where(d.task_key == task_key, d.user_id == user_id, t.state == "created")
    )
    found: dict[str, Any] | None = session.execute(statement).scalar()
    return found


def forget_closed(uow: UnitOfWork) -> None:
    """Nobody is shown the draft of a closed task; closing a task does not stop to remove it."""
    d, t = task_draft.c, user_task.c
    is_open = exists().where(t.key == d.task_key, t.root_key == d.root_key, t.state == "created")
    uow.session.execute(delete(task_draft).where(~is_open))
