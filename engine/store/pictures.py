"""Pictures of deployed processes: written once, with the deployment or when an older one is first asked for."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from engine.store.tables import picture


def kept(session: Session, definition_key: int) -> bytes | None:
    return session.scalar(select(picture.c.svg).where(picture.c.definition_key == definition_key))


def keep(session: Session, definition_key: int, svg: bytes) -> None:
    """The first one stays."""
    session.execute(insert(picture).values(definition_key=definition_key, svg=svg).on_conflict_do_nothing())
