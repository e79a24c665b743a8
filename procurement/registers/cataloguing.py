"""Which items of the guiding catalogue were in force on a day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from procurement.registers.money import CatalogueItem


def catalogue_item_on(session: Session, code: str, day: dt.date) -> CatalogueItem | None:
    """The item's version in force on ``day``."""
    query = select(CatalogueItem).where(CatalogueItem.code == code, *_in_force(day))
    return session.scalars(query.order_by(CatalogueItem.effective_from.desc())).first()


def catalogue_on(session: Session, day: dt.date) -> Sequence[CatalogueItem]:
    """All items in force on ``day``, by code."""
    return session.scalars(select(CatalogueItem).where(*_in_force(day)).order_by(CatalogueItem.code)).all()


def _in_force(day: dt.date) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    end = CatalogueItem.effective_to
    return CatalogueItem.effective_from <= day, or_(end.is_(None), end >= day)
