"""Tell people something a diagram wants said."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.ports import Operation, OperationCall
from procurement.messages.kinds import KINDS
from procurement.messages.telling import tell
from procurement.operations.inputs import Inputs
from procurement.operations.once import writing


def send_message(call: OperationCall, inputs: Inputs) -> Mapping[str, Any]:
    """to, subject, text, kind, purchase_id → told."""
    purchase_id = inputs.text("purchase_id", call.business_key)
    to = inputs.texts("to")
    if not to:
        raise inputs.wrong("to", "at least one login or group")
    told = tell(
        call.session,
        to=to,
        kind=inputs.choice("kind", KINDS, "notification"),
        subject=inputs.text("subject"),
        text=inputs.text("text", ""),
        link=f"/purchases/{purchase_id}" if purchase_id else "",
        purchase_id=purchase_id,
        at=call.now,
        source=f"element:{call.element_key}",
    )
    return {"told": told}


OPERATIONS: dict[str, Operation] = {"message.send": writing(send_message)}
