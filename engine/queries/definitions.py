"""What is deployed."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select, tuple_
from sqlalchemy.orm import Session

from engine.errors import NotFound
from engine.model import Definition, Page
from engine.queries.paging import Cut, Listing, equal, page
from engine.store import definitions as stored
from engine.store import reading
from engine.store.tables import definition as table

_D = table.c
LISTING = Listing(
    reading.DEFINITION,
    _D.key,
    {"id": _D.id, "key": _D.key, "version": _D.version, "name": _D.name, "deployed": _D.deployed_at},
    reading.definition,
)


def definition(session: Session, key: int) -> Definition:
    """Raises NotFound."""
    found = stored.by_key(session, key)
    if found is None:
        raise NotFound(kind="Definition", key=key)
    return found


def definitions(session: Session, cut: Cut, *, latest: bool | None = None, **equals: Any) -> Page:
    """``latest``: only the newest version of each id."""
    conditions = equal(table, **equals)
    if latest is not None:
        newest = select(_D.kind, _D.id, func.max(_D.version)).group_by(_D.kind, _D.id)
        among = tuple_(_D.kind, _D.id, _D.version).in_(newest)
        conditions.append(among if latest else ~among)
    return page(session, LISTING, conditions, cut)


def resource(session: Session, key: int) -> bytes:
    """The deployed file, byte for byte. Raises NotFound."""
    content = stored.content(session, key)
    if content is None:
        raise NotFound(kind="Definition", key=key)
    return content
