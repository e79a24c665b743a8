"""Which items of the guiding catalogue were in force on a day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from procurement.registers.money import CatalogueItem

SAID = ("name", "category", "source", "note")  # what an approved list says of an item


def catalogue_item_on(session: Session, code: str, day: dt.date) -> CatalogueItem | None:
    """The item's version in force on ``day``."""
    query = select(CatalogueItem).where(CatalogueItem.code == code, *_in_force(day))
    return session.scalars(query.order_by(CatalogueItem.effective_from.desc())).first()


def catalogue_on(session: Session, day: dt.date) -> Sequence[CatalogueItem]:
    """All items in force on ``day``, by code."""
    return session.scalars(select(CatalogueItem).where(*_in_force(day)).order_by(CatalogueItem.code)).all()


def adopt(session: Session, listed: Mapping[str, Mapping[str, Any]], earlier: Collection[str], day: dt.date) -> tuple[int, int]:
    """Make the catalogue say from ``day`` on what an approved list says: code → name, category, statutory_scope, source, note.

    ``earlier``: codes the list once had; what it no longer names ends the day before. Gives how many began and how many ended.
    """
    now = {item.code: item for item in catalogue_on(session, day)}
    began = [code for code, said in listed.items() if code not in now or _differs(now[code], said)]
    ended = [code for code in earlier if code in now and code not in listed]
    for code in (*began, *ended):
        if code in now and now[code].effective_from < day:
            now[code].effective_to = day - dt.timedelta(days=1)
    for code in began:
        item = now.get(code)
        if item is None or item.effective_from < day:
            item = CatalogueItem(code=code, effective_from=day)
            session.add(item)
        for name in SAID:
            setattr(item, name, listed[code].get(name) or "")
        item.statutory_scope = bool(listed[code].get("statutory_scope"))
    session.flush()
    return len(began), len(ended)


def _differs(item: CatalogueItem, said: Mapping[str, Any]) -> bool:
    same = item.statutory_scope == bool(said.get("statutory_scope"))
    return not (same and item.name == said.get("name") and item.category == said.get("category"))


def _in_force(day: dt.date) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    end = CatalogueItem.effective_to
    return CatalogueItem.effective_from <= day, or_(end.is_(None), end >= day)
