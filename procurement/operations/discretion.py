"""discretion.record: a deviation from a rule that allows it goes into the ledger."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from engine.ports import Operation, OperationCall
from engine.store import tables as engine_tables
from procurement.operations.inputs import Inputs
from procurement.operations.once import writing
from procurement.registers.discretion import record


def record_discretion(call: OperationCall, inputs: Inputs) -> Mapping[str, Any]:
    """rule_id, default, chosen, reason, rule, decided_in, approved_in → recorded, discretion_id. The same value deviates from nothing.

    ``decided_in`` and ``approved_in`` are user tasks of the case: whoever completed them last decided and approved.
    """
    default, chosen = inputs.call.inputs.get("default"), inputs.call.inputs.get("chosen")
    if chosen is None or chosen == default or not inputs.given("reason"):
        return {"recorded": False, "discretion_id": None}
    row = record(
        call.session,
        rule_id=inputs.text("rule_id"),
        default=shown(default),
        chosen=shown(chosen),
        reason=inputs.text("reason"),
        decided_by=inputs.text("decided_by", completer(call, inputs.text("decided_in", "")) or call.actor_id),
        approver=inputs.text("approver", completer(call, inputs.text("approved_in", ""))),
        purchase_id=inputs.text("purchase_id", call.business_key),
        at=call.now,
        rule=inputs.mapping("rule", {}),
    )
    return {"recorded": True, "discretion_id": row.id}


def shown(value: Any) -> str:
    """A value as the ledger shows it."""
    if isinstance(value, bool):
        return "是" if value else "否"
    return "" if value is None else str(value)


def completer(call: OperationCall, element_id: str) -> str:
    """Who completed the case's newest task of that element; empty when there was none.

    A task that this very command completes is not written yet: whoever acts now completes it.
    """
    if not element_id:
        return ""
    task = engine_tables.user_task.c
    query = select(task.state, task.completed_by).where(task.root_key == call.root_instance_key, task.element_id == element_id)
    newest = call.session.execute(query.order_by(task.key.desc()).limit(1)).first()
    if newest is None:
        return ""
    return newest.completed_by or "" if newest.state == "completed" else call.actor_id


OPERATIONS: dict[str, Operation] = {"discretion.record": writing(record_discretion)}
