"""Operations on a result: who is chosen, and what is objected to it."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from engine.errors import NotFound
from engine.ports import Operation, OperationCall
from procurement.operations.inputs import Inputs
from procurement.operations.once import writing
from procurement.registers.comparison import Award, Objection
from procurement.registers.parties import Organisation
from procurement.registers.purchases import Purchase

NOT_UPHELD = frozenset({"refuse", "refused", "rejected", "reject", "not_upheld"})
WITHDRAWN = frozenset({"withdrawn", "withdraw"})


def record_award(call: OperationCall, inputs: Inputs) -> Mapping[str, Any]:
    """purchase_id, organisation_id, amount, method → award_id. An earlier award of the purchase becomes void."""
    purchase_id, organisation_id = inputs.text("purchase_id", call.business_key), inputs.text("organisation_id")
    if call.session.get(Organisation, organisation_id) is None:
        raise NotFound(kind="Organisation", key=organisation_id)
    amount: Decimal = inputs.money("amount")
    for earlier in call.session.scalars(select(Award).where(Award.purchase_id == purchase_id, Award.status == "valid")):
        earlier.status = "void"
    award = Award(
        purchase_id=purchase_id,
        organisation_id=organisation_id,
        amount=amount,
        method=inputs.text("method", ""),
        awarded_at=call.now,
        status="valid",
    )
    call.session.add(award)
    purchase = call.session.get(Purchase, purchase_id, with_for_update=True)
    if purchase is not None:
        purchase.organisation_id, purchase.awarded_amount, purchase.updated_at = organisation_id, amount, call.now
    call.session.flush()
    return {"award_id": award.id}


def register_objection(call: OperationCall, inputs: Inputs) -> Mapping[str, Any]:
    """purchase_id, objection {name, contact, request, facts, files …} → objection_id, raised_at.

    One that came through the office's own page is in the register already (objection.objection_id).
    """
    sent = inputs.mapping("objection")
    known = sent.get("objection_id")
    row = call.session.get(Objection, known) if isinstance(known, int) else None
    if row is None:
        row = Objection(
            purchase_id=inputs.text("purchase_id", call.business_key),
            notice_id=sent.get("notice_id"),
            organisation_id=sent.get("organisation_id"),
            person=str(sent.get("name") or sent.get("person") or ""),
            contact=str(sent.get("contact") or ""),
            request=str(sent.get("request") or ""),
            content=str(sent.get("facts") or sent.get("content") or ""),
            evidence=list(sent.get("files") or []),
            raised_at=call.now,
            status="raised",
        )
        call.session.add(row)
        call.session.flush()
    return {"objection_id": row.id, "raised_at": row.raised_at}


def decide_objection(call: OperationCall, inputs: Inputs) -> Mapping[str, Any]:
    """objection_id, result (refuse, re_evaluate, void, withdrawn), answer → status (rejected, upheld, withdrawn)."""
    row = call.session.get(Objection, inputs.whole("objection_id"))
    if row is None:
        raise NotFound(kind="Objection", key=inputs.whole("objection_id"))
    result = inputs.text("result")
    row.status = "rejected" if result in NOT_UPHELD else "withdrawn" if result in WITHDRAWN else "upheld"
    row.decision, row.decided_at = inputs.text("answer", ""), call.now
    return {"status": row.status}


OPERATIONS: dict[str, Operation] = {
    "award.record": writing(record_award),
    "objection.register": writing(register_objection),
    "objection.decide": writing(decide_objection),
}
