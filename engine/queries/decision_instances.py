"""Decisions that were taken in cases: what each read, which rules matched, what it answered. Asked of the history."""

from __future__ import annotations

import datetime as dt

from sqlalchemy.orm import Session

from engine import json_codec
from engine.errors import NotFound
from engine.model import Comparisons, HistoryEntry, Page
from engine.queries.audit import root_of
from engine.queries.entries import Wanted, entries, entry

KINDS = ("decision_evaluated",)


def decision_instances(
    session: Session,
    *,
    order: str = "at",
    limit: int = 50,
    after: str | None = None,
    decision_id: str | None = None,
    decision_key: int | None = None,
    version: int | None = None,
    instance_key: int | None = None,
    element_id: str | None = None,
    element_key: int | None = None,
    at: dt.datetime | Comparisons | None = None,
    root_key: int | Comparisons | None = None,
) -> Page:
    """History entries whose data are ``decision_id, decision_key, version, output, explanation``; the oldest first."""

    def test(one: HistoryEntry) -> bool:
        asked = {"decision_id": decision_id, "decision_key": decision_key, "version": version}
        place = instance_key in (None, one.instance_key) and element_key in (None, one.element_key)
        return place and all(value in (None, one.data[name]) for name, value in asked.items())

    if instance_key is not None:
        root_key = root_of(session, instance_key)
    # the data is canonical JSON, so its text can be searched
    says = "" if decision_id is None else f'"decision_id":{json_codec.dumps(decision_id)}'
    wanted = Wanted(KINDS, root_key=root_key, element_id=element_id, at=at, says=says, test=test)
    return entries(session, wanted, order=order, limit=limit, after=after)


def decision_instance(session: Session, root_key: int, seq: int) -> HistoryEntry:
    """Raises NotFound."""
    found = entry(session, root_key, seq)
    if found is None or found.kind not in KINDS:
        raise NotFound(kind="Decision instance", key=f"{root_key}/{seq}")
    return found
