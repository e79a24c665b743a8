"""Who may not judge whom (政府采购法 第十二条, 条例 第九条)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.registers.parties import Expert, ExpertRecusal, Organisation


def barred_experts(
    session: Session, pool: Iterable[Expert], organisations: Collection[str], experts: Collection[str], day: dt.date
) -> dict[str, str]:
    """Expert id → reason, for those of ``pool`` who may not judge ``organisations`` on ``day`` or were excluded by name."""
    names = set(session.scalars(select(Organisation.name).where(Organisation.id.in_(organisations))))
    relations = session.scalars(select(ExpertRecusal).where(ExpertRecusal.organisation_id.in_(organisations))).all()
    reasons: dict[str, str] = {}
    for expert in pool:
        if expert.id in experts:
            reasons[expert.id] = "excluded by name"
        elif expert.unit in names:
            reasons[expert.id] = "same_unit"
    for relation in relations:
        started = relation.since is None or relation.since <= day
        if started and (relation.until is None or day <= relation.until):
            reasons.setdefault(relation.expert_id, relation.relation)
    return reasons
