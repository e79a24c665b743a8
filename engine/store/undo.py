"""States before migrations, kept for as long as they can be taken back: until anything else happens in the case."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import delete, func, insert, select, update

from engine.store.case import Case
from engine.store.tables import instance_state, migration_undo
from engine.store.unit_of_work import UnitOfWork


@dataclass(frozen=True)
class Migrated:
    """A migration of one instance; ``version`` is that of the case when it was stored."""

    version: int
    instance_key: int
    source_key: int
    target_key: int
    snapshot: bytes  # as it was before
    at: dt.datetime


_COLUMNS = tuple(migration_undo.c[name] for name in ("version", "instance_key", "source_key", "target_key", "snapshot", "at"))


def last(uow: UnitOfWork, root_key: int) -> Migrated | None:
    """The last migration in the case that is still kept."""
    u = migration_undo.c
    row = uow.session.execute(select(*_COLUMNS).where(u.root_key == root_key).order_by(u.version.desc()).limit(1)).one_or_none()
    return None if row is None else Migrated(*row)


def keep(uow: UnitOfWork, case: Case, migrated: Migrated) -> None:
    """Beside those before it, when nothing else happened between them."""
    known = last(uow, case.root_key)
    if known is not None and known.version != case.version:
        forget(uow, case.root_key)
    row = {column.name: getattr(migrated, column.name) for column in _COLUMNS}
    uow.session.execute(insert(migration_undo).values(root_key=case.root_key, **row))


def taken_back(uow: UnitOfWork, case: Case, migrated: Migrated) -> None:
    """The migration before it becomes the last one, if it came directly before."""
    u = migration_undo.c
    mine = u.root_key == case.root_key
    uow.session.execute(delete(migration_undo).where(mine, u.version == migrated.version))
    uow.session.execute(update(migration_undo).where(mine, u.version == migrated.version - 1).values(version=case.version + 1))


def forget_stale(uow: UnitOfWork) -> None:
    """Whatever cannot be taken back any more, because something else has happened in its case."""
    u, s = migration_undo.c, instance_state.c
    over = (
        select(u.root_key)
        .join(instance_state, s.root_key == u.root_key)
        .group_by(u.root_key, s.version)
        .having(func.max(u.version) != s.version)
    )
    uow.session.execute(delete(migration_undo).where(u.root_key.in_(over)))


def forget(uow: UnitOfWork, root_key: int) -> None:
    uow.session.execute(delete(migration_undo).where(migration_undo.c.root_key == root_key))
