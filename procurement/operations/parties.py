"""Operations on organisations: who they are, what stands against them, what is recorded about them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from sqlalchemy import select, type_coerce
from sqlalchemy.dialects.postgresql import JSONB

from engine.errors import NotFound
from engine.ports import Operation, OperationCall
from procurement.archive import keep_until
from procurement.operations.inputs import Inputs
from procurement.operations.once import reading, writing
from procurement.operations.rules import rule_number
from procurement.registers.ledgers import LedgerEntry
from procurement.registers.parties import BARRING, CREDIT_KINDS, Agency, CreditEntry, Organisation
from procurement.registers.standing import credit_of, latest_inspection, negative_on


def check_organisation(call: OperationCall, inputs: Inputs) -> Mapping[str, Any]:
    """organisation_id, on → found, name, kind, active, fostered, negative_listed, credit, annual_report, related_organisations."""
    organisation_id, day = inputs.text("organisation_id"), inputs.date("on", call.now.date())
    organisation = call.session.get(Organisation, organisation_id)
    if organisation is None:
        return {
            "found": False,
            "name": "",
            "kind": "",
            "active": False,
            "fostered": False,
            "negative_listed": False,
            "credit": [],
            "annual_report": None,
            "related_organisations": [],
        }
    credit = [
        {"entry_id": entry.id, "kind": entry.kind, "reason": entry.reason, "since": entry.starts_on, "until": entry.ends_on}
        for entry in credit_of(call.session, organisation_id)
        if entry.in_force(day)
    ]
    return {
        "found": True,
        "name": organisation.name,
        "kind": organisation.kind,
        "active": organisation.active,
        "fostered": organisation.supported or organisation.incubated,
        "negative_listed": any(entry["kind"] in BARRING for entry in credit),
        "credit": credit,
        "annual_report": latest_inspection(organisation),
        "related_organisations": organisation.related_organisations,
    }


def list_organisations(call: OperationCall, inputs: Inputs) -> Mapping[str, Any]:
    """Takes on → organisations [{organisation_id, name, kind, fostered, active, negative_listed}], by name."""
    barred = negative_on(call.session, inputs.date("on", call.now.date()))
    rows = call.session.scalars(select(Organisation).order_by(Organisation.id))
    return {
        "organisations": [
            {
                "organisation_id": row.id,
                "name": row.name,
                "kind": row.kind,
                "fostered": row.supported or row.incubated,
                "active": row.active,
                "negative_listed": row.id in barred,
            }
            for row in rows
        ]
    }


def list_agencies(call: OperationCall, _inputs: Inputs) -> Mapping[str, Any]:
    """Gives agencies [{agency_id, name, rating}] that may be engaged, by id."""
    rows = call.session.scalars(select(Agency).where(Agency.active).order_by(Agency.id))
    return {"agencies": [{"agency_id": row.id, "name": row.name, "rating": row.rating} for row in rows]}


def record_credit(call: OperationCall, inputs: Inputs) -> Mapping[str, Any]:
    """organisation_id, kind, purchase_id, reason, until, starts_on → entry_id, until.

    A negative entry without ``until`` lasts the rule's ban_years (办法 第十五条(三)).
    """
    organisation_id, kind = inputs.text("organisation_id"), inputs.choice("kind", CREDIT_KINDS)
    if call.session.get(Organisation, organisation_id) is None:
        raise NotFound(kind="Organisation", key=organisation_id)
    starts_on, until = inputs.date("starts_on", call.now.date()), inputs.date_or_none("until")
    if until is None and kind == "negative":
        years = int(rule_number(call, "ban_years", call.now.date()))
        until = keep_until(starts_on, years) - dt.timedelta(days=1)
    entry = CreditEntry(
        organisation_id=organisation_id,
        kind=kind,
        reason=inputs.text("reason"),
        source=inputs.text("source", ""),
        purchase_id=inputs.text("purchase_id", call.business_key) or None,
        starts_on=starts_on,
        ends_on=until,
        recorded_by=call.actor_id,
        recorded_at=call.now,
    )
    call.session.add(entry)
    call.session.flush()
    return {"entry_id": entry.id, "until": until}


def lift_credit(call: OperationCall, inputs: Inputs) -> Mapping[str, Any]:
    """entry_id, reason, on → lifted: whether it was this call that ended the entry."""
    entry = call.session.get(CreditEntry, inputs.whole("entry_id"), with_for_update=True)
    if entry is None:
        raise NotFound(kind="Credit entry", key=inputs.whole("entry_id"))
    if entry.lifted_on is not None:
        return {"lifted": False}
    entry.lifted_on, entry.lifted_reason = inputs.date("on", call.now.date()), inputs.text("reason")
    call.session.flush()
    return {"lifted": True}


def list_unreported(call: OperationCall, inputs: Inputs) -> Mapping[str, Any]:
    """Takes year → organisations of that year without a report in the ledger yearly_reports, by name, and count."""
    year = inputs.whole("year")
    facts = type_coerce(LedgerEntry.facts, JSONB)
    reported = select(facts["credit_code"][0].astext).where(
        LedgerEntry.ledger == "yearly_reports", facts["year"][0].astext == str(year)
    )
    query = select(Organisation).where(
        Organisation.active, Organisation.registered_on <= dt.date(year, 12, 31), Organisation.credit_code.not_in(reported)
    )
    rows = call.session.scalars(query.order_by(Organisation.name)).all()
    shown = [
        {"organisation_id": r.id, "name": r.name, "credit_code": r.credit_code, "registered_on": r.registered_on} for r in rows
    ]
    return {"organisations": shown, "count": len(shown)}


OPERATIONS: dict[str, Operation] = {
    "organisation.check": reading(check_organisation),
    "organisation.list": reading(list_organisations),
    "agency.list": reading(list_agencies),
    "credit.record": writing(record_credit),
    "credit.lift": writing(lift_credit),
    "credit.unreported": reading(list_unreported),
}
