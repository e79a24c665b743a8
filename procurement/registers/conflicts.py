"""Who may not judge whom (政府采购法 第十二条, 条例 第九条、第十八条, 财库〔2016〕198号)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from procurement.registers.draws import ExpertEmployment
from procurement.registers.parties import Agency, Expert, ExpertRecusal, Organisation
from procurement.registers.purchases import Purchase


def barred_experts(
    session: Session,
    pool: Iterable[Expert],
    organisations: Collection[str],
    experts: Collection[str],
    day: dt.date,
    *,
    purchase_id: str = "",
    employment_years: int = 0,
) -> dict[str, str]:
    """Expert id → reason, for those of ``pool`` who may not judge ``organisations`` on ``day`` or were excluded by name.

    ``organisations`` may hold an agency's id. With ``purchase_id`` its drafters and its initiator's unit are barred too;
    ``employment_years``: an employment that ended less than so long ago still bars (条例 第九条: three years).
    """
    pool = list(pool)
    names = _names(session, organisations, purchase_id)
    reasons: dict[str, str] = {}
    for expert in pool:
        if expert.id in experts:
            reasons[expert.id] = "excluded by name"
        elif expert.unit in names:
            reasons[expert.id] = "same_unit"
        elif expert.supervises:
            reasons[expert.id] = "supervisor"
        elif expert.suspended_until is not None and day <= expert.suspended_until:
            reasons[expert.id] = "suspended"
    for expert_id in _employed(session, [expert.id for expert in pool], names, day, employment_years):
        reasons.setdefault(expert_id, "employment")
    for relation in _relations(session, organisations, purchase_id):
        started = relation.since is None or relation.since <= day
        if started and (relation.until is None or day <= relation.until):
            reasons.setdefault(relation.expert_id, relation.relation)
    return reasons


def _names(session: Session, organisations: Collection[str], purchase_id: str) -> frozenset[str]:
    """What the parties are called, as an expert's unit or former unit would name them."""
    found = set(session.scalars(select(Organisation.name).where(Organisation.id.in_(organisations))))
    found |= set(session.scalars(select(Agency.name).where(Agency.id.in_(organisations))))
    purchase = session.get(Purchase, purchase_id) if purchase_id else None
    return frozenset(found | ({purchase.unit} if purchase else set()))


def _employed(session: Session, experts: Collection[str], names: Collection[str], day: dt.date, years: int) -> set[str]:
    earliest = _years_before(day, years)
    query = select(ExpertEmployment.expert_id).where(
        ExpertEmployment.expert_id.in_(experts),
        ExpertEmployment.unit.in_(names),
        ExpertEmployment.since <= day,
        or_(ExpertEmployment.until.is_(None), ExpertEmployment.until > earliest),
    )
    return set(session.scalars(query))


def _years_before(day: dt.date, years: int) -> dt.date:
    try:
        return day.replace(year=day.year - years)
    except ValueError:  # 29 February
        return day.replace(year=day.year - years, day=28)


def _relations(session: Session, organisations: Collection[str], purchase_id: str) -> Iterable[ExpertRecusal]:
    of_party = ExpertRecusal.organisation_id.in_(organisations)
    of_purchase = ExpertRecusal.purchase_id == purchase_id
    return session.scalars(select(ExpertRecusal).where(or_(of_party, of_purchase) if purchase_id else of_party)).all()
