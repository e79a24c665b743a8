"""What a matter may be about: a purchase, a contract, an organisation or an agency, and what its process gets to know of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from engine.model import Actor
from procurement.office.access import may_see_purchase, of_office, parties
from procurement.registers.parties import Agency, Organisation
from procurement.registers.performance import Contract
from procurement.registers.purchases import Purchase


def find(session: Session, about: str, key: str) -> dict[str, Any] | None:
    """Everything known of the subject, by the names of the process's variables; None when there is none."""
    return _SUBJECTS[about](session, key)


def variables(found: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """What the process begins with; null where the subject says nothing."""
    names = ("purchase_id", "title", "contract", "organisation_id", "organisation", "agency_id", "community", "unit")
    return {name: (found or {}).get(name) for name in names}


def may_choose(session: Session, found: Mapping[str, Any], actor: Actor) -> bool:
    """The office anything; others a purchase they may see, or themselves."""
    if of_office(actor):
        return True
    if found.get("purchase_id"):
        return may_see_purchase(session, actor, found["purchase_id"])
    own = {"organisation": parties(actor, "organisation"), "agency": parties(actor, "agency")}
    return found.get("organisation_id") in own["organisation"] or found.get("agency_id") in own["agency"]


def choices(session: Session, about: str, words: str, *, actor: Actor, limit: int) -> list[tuple[str, str]]:
    """Id and name of what the actor may choose, newest first; ``words`` looks into number and name."""
    query = _CHOICES[about]
    pattern = "%" + words.strip().replace("%", r"\%").replace("_", r"\_") + "%"
    id_, name = query.selected_columns
    found = session.execute(query.where(or_(id_.ilike(pattern), name.ilike(pattern))).order_by(id_.desc()).limit(limit * 4))
    names = [(str(key), str(text)) for key, text in found]
    return [one for one in names if _may_offer(session, about, one[0], actor)][:limit]


def _may_offer(session: Session, about: str, key: str, actor: Actor) -> bool:
    if of_office(actor):
        return True
    found = find(session, about, key)
    return found is not None and may_choose(session, found, actor)


def _purchase(session: Session, purchase_id: str) -> dict[str, Any] | None:
    row = session.get(Purchase, purchase_id)
    if row is None:
        return None
    contract = session.get(Contract, row.contract_id) if row.contract_id else None
    return _of_purchase(session, row, contract)


def _contract(session: Session, contract_id: str) -> dict[str, Any] | None:
    row = session.get(Contract, contract_id)
    return None if row is None else _of_purchase(session, session.get_one(Purchase, row.purchase_id), row)


def _of_purchase(session: Session, row: Purchase, contract: Contract | None) -> dict[str, Any]:
    organisation_id = contract.organisation_id if contract else row.organisation_id
    organisation = session.get(Organisation, organisation_id) if organisation_id else None
    return {
        "purchase_id": row.id,
        "title": row.title,
        "contract_id": contract.id if contract else None,
        "contract": _as_variable(contract, organisation.name if organisation else "") if contract else None,
        "organisation_id": organisation_id,
        "organisation": organisation.name if organisation else None,
        "agency_id": row.agency_id,
        "community": row.community or None,
        "unit": row.unit,
    }


def _as_variable(contract: Contract, organisation: str) -> dict[str, Any]:
    """The same shape as the variable ``contract`` of a purchase's case."""
    days: dict[str, dt.date | None] = {name: getattr(contract, name) for name in ("starts_on", "ends_on", "signed_on")}
    return {
        "id": contract.id,
        "number": contract.id,
        "organisation_id": contract.organisation_id,
        "organisation": organisation,
        "amount": contract.amount,
        "staged": contract.staged,
        **{name: day.isoformat() if day else None for name, day in days.items()},
    }


def _organisation(session: Session, organisation_id: str) -> dict[str, Any] | None:
    row = session.get(Organisation, organisation_id)
    return None if row is None else {"organisation_id": row.id, "organisation": row.name}


def _agency(session: Session, agency_id: str) -> dict[str, Any] | None:
    row = session.get(Agency, agency_id)
    return None if row is None else {"agency_id": row.id, "organisation": row.name}


_SUBJECTS = {"purchase": _purchase, "contract": _contract, "organisation": _organisation, "agency": _agency}


_CHOICES = {
    "purchase": select(Purchase.id, Purchase.title).where(Purchase.status != "void"),
    "contract": select(Contract.id, Purchase.title)
    .join(Purchase, Purchase.id == Contract.purchase_id)
    .where(Contract.supplements_id.is_(None)),
    "organisation": select(Organisation.id, Organisation.name),
    "agency": select(Agency.id, Agency.name),
}
