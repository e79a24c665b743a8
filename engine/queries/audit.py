"""Who did what to which case: operations of people and programs, found over all cases in the history."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.errors import NotFound
from engine.model import Comparisons, HistoryEntry, Searched
from engine.queries.entries import Wanted, entries, entry
from engine.store.tables import process_instance


def audit(
    session: Session,
    kinds: Collection[str],
    *,
    order: str = "-at",
    limit: int = 50,
    after: str | None = None,
    actor: str | Comparisons | None = None,
    at: dt.datetime | Comparisons | None = None,
    root_key: int | Comparisons | None = None,
    instance_key: int | None = None,
    element_id: str | None = None,
    element_key: int | None = None,
    says: str = "",
    look: int | None = None,
) -> Searched:
    """Entries of ``kinds``, the newest first. ``instance_key``: of this instance, not of those it called.

    ``says``: a piece of text; ``look``: at how many commands at most such a search looks before it says how far it came.
    """
    if instance_key is not None and root_key is None:
        root_key = root_of(session, instance_key)

    def test(one: HistoryEntry) -> bool:
        return instance_key in (None, one.instance_key) and element_key in (None, one.element_key)

    wanted = Wanted(kinds, root_key=root_key, element_id=element_id, actor=actor, at=at, says=says, look=look, test=test)
    return entries(session, wanted, order=order, limit=limit, after=after)


def audit_entry(session: Session, root_key: int, seq: int) -> HistoryEntry:
    """Raises NotFound."""
    found = entry(session, root_key, seq)
    if found is None:
        raise NotFound(kind="History entry", key=f"{root_key}/{seq}")
    return found


def root_of(session: Session, instance_key: int) -> int:
    """The case an instance belongs to; of an unknown instance its own key, under which nothing will be found."""
    found = session.execute(select(process_instance.c.root_key).where(process_instance.c.key == instance_key)).scalar()
    return instance_key if found is None else found
