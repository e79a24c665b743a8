"""Rows of batches: what is to be done to which instances, and how far it has come."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, insert, literal, select, update

from engine.store.tables import batch_item, batch_operation, process_instance
from engine.store.unit_of_work import UnitOfWork

RUNNING = ("active", "incident")
_B, _I = batch_operation.c, batch_item.c


@dataclass(frozen=True)
class Batch:
    key: int
    state: str
    target_key: int
    mapping: dict[str, str]
    reason: str
    started_by: str


def begin(
    uow: UnitOfWork,
    kind: str,
    source_key: int,
    target_key: int,
    mapping: Mapping[str, str],
    *,
    reason: str,
    by: str,
    at: dt.datetime,
    instance_keys: Collection[int] | None,
) -> tuple[int, int]:
    """All running instances of the source, or those of them that are named. Returns the batch's key and their number."""
    key = uow.new_key()
    p = process_instance.c
    none: dict[str, Any] = {}
    columns = (
        literal(key), p.key, p.root_key, p.business_key, literal("pending"), literal(""), literal(none, batch_item.c.params.type),
    )  # fmt: skip
    found = select(*columns).where(p.definition_key == source_key, p.state.in_(RUNNING))
    if instance_keys is not None:
        found = found.where(p.key.in_(instance_keys))
    names = ["batch_key", "instance_key", "root_key", "business_key", "state", "template", "params"]
    uow.session.execute(insert(batch_item).from_select(names, found))
    total = uow.session.execute(select(func.count()).where(_I.batch_key == key)).scalar_one()
    row = {"key": key, "kind": kind, "state": "created", "source_key": source_key, "target_key": target_key}
    row |= {"mapping": dict(mapping), "reason": reason, "started_by": by, "created_at": at, "total": total}
    uow.session.execute(insert(batch_operation).values(**row))
    return key, total


def find(uow: UnitOfWork, key: int, *, lock: bool = False) -> Batch | None:
    statement = select(_B.key, _B.state, _B.target_key, _B.mapping, _B.reason, _B.started_by).where(_B.key == key)
    row = uow.session.execute(statement.with_for_update() if lock else statement).one_or_none()
    return None if row is None else Batch(*row)


def set_state(uow: UnitOfWork, key: int, state: str, ended_at: dt.datetime | None = None) -> None:
    uow.session.execute(update(batch_operation).where(_B.key == key).values(state=state, ended_at=ended_at))


def pending(uow: UnitOfWork, key: int, after: int, limit: int) -> list[int]:
    """Instance keys, in their order, beyond ``after``."""
    mine = (_I.batch_key == key, _I.state == "pending", _I.instance_key > after)
    return list(uow.session.scalars(select(_I.instance_key).where(*mine).order_by(_I.instance_key).limit(limit)))


def end_item(
    uow: UnitOfWork, key: int, instance_key: int, state: str, at: dt.datetime, template: str = "", params: Any = None
) -> None:
    mine = (_I.batch_key == key, _I.instance_key == instance_key, _I.state == "pending")
    values = {"state": state, "ended_at": at, "template": template, "params": params or {}}
    uow.session.execute(update(batch_item).where(*mine).values(**values))


def cancel_pending(uow: UnitOfWork, key: int, at: dt.datetime) -> None:
    mine = (_I.batch_key == key, _I.state == "pending")
    uow.session.execute(update(batch_item).where(*mine).values(state="canceled", ended_at=at))
