"""Taking an application back: its bid lapses with it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.errors import NotFound
from engine.ports import Operation, OperationCall
from procurement.operations.inputs import Inputs
from procurement.operations.once import writing
from procurement.registers import bidding
from procurement.registers.comparison import NO_LONGER, Application
from procurement.registers.purchases import Purchase


def withdraw_application(call: OperationCall, inputs: Inputs) -> Mapping[str, Any]:
    """application_id, reason → status, bid_lapsed. Withdrawing twice changes nothing."""
    row = call.session.get(Application, inputs.text("application_id"))
    if row is None:
        raise NotFound(kind="Application", key=inputs.text("application_id"))
    # a bid being taken in is there first, or refused; it locks in the same order: the purchase, then the application
    call.session.get(Purchase, row.purchase_id, with_for_update=True)
    call.session.refresh(row, with_for_update=True)
    lapsed = False
    if row.status not in NO_LONGER:
        row.status, row.confirm_reason = "withdrawn", inputs.text("reason", "")
        lapsed = bidding.lapse(call.session, row.purchase_id, row.organisation_id) is not None
    return {"status": row.status, "bid_lapsed": lapsed}


OPERATIONS: dict[str, Operation] = {"application.withdraw": writing(withdraw_application)}
