"""An organisation's standing on a day: active, barred, recorded."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.registers.parties import BARRING, CreditEntry, Organisation


def credit_of(session: Session, organisation_id: str) -> Sequence[CreditEntry]:
    """All entries, newest first, also those that no longer count."""
    query = select(CreditEntry).where(CreditEntry.organisation_id == organisation_id)
    return session.scalars(query.order_by(CreditEntry.starts_on.desc(), CreditEntry.id.desc())).all()


def negative_on(session: Session, day: dt.date, organisation_ids: Iterable[str] | None = None) -> frozenset[str]:
    """Whom an entry bars on ``day``: the negative list and the list of serious misconduct."""
    query = select(CreditEntry).where(CreditEntry.kind.in_(BARRING), CreditEntry.starts_on <= day)
    if organisation_ids is not None:
        query = query.where(CreditEntry.organisation_id.in_(list(organisation_ids)))
    return frozenset(entry.organisation_id for entry in session.scalars(query) if entry.in_force(day))


def latest_inspection(organisation: Organisation) -> dict[str, Any] | None:
    """The newest yearly report or inspection ``{year, result}``."""
    return max(organisation.inspections, key=lambda row: row.get("year", 0), default=None)
