"""Operations on a result: who is chosen. What is objected to it: procurement.operations.objections."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from engine.errors import NotFound
from engine.ports import Operation, OperationCall
from procurement.operations.inputs import Inputs
from procurement.operations.once import writing
from procurement.registers.comparison import Award
from procurement.registers.parties import Organisation
from procurement.registers.purchases import Purchase


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


OPERATIONS: dict[str, Operation] = {"award.record": writing(record_award)}
