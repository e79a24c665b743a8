"""What a supervision process says about itself: that it has begun, what it concerns, how it ended."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import or_, select

from engine.errors import ExecutionFailed
from engine.ports import Operation, OperationCall
from procurement.operations.inputs import Inputs
from procurement.operations.once import writing
from procurement.registers.matters import Matter
from procurement.registers.numbers import next_number

CONCERNS = ("purchase_id", "contract_id", "organisation_id", "agency_id")


class MatterMissing(ExecutionFailed):
    """{operation} at {element} found no matter of this case. Draw matter.open before it, then start the process again."""


def open_matter(call: OperationCall, inputs: Inputs) -> Mapping[str, Any]:
    """title, prefix, purchase_id, contract_id, organisation_id, agency_id, seen_by → matter (number).

    One begun by hand has its number and a title already.
    """
    row = _own(call)
    if row is None:
        row = Matter(
            id=next_number(call.session, inputs.text("prefix", "SX"), call.now.year),
            process_id=call.process_id,
            title=inputs.text("title"),
            process_key=call.root_instance_key,
            opened_at=call.now,
        )
        call.session.add(row)
    row.process_key = call.root_instance_key
    if inputs.given("title"):
        row.title = inputs.text("title")
    if "seen_by" in call.inputs:
        row.seen_by = _people(inputs)
    for column in CONCERNS:
        if inputs.given(column):
            setattr(row, column, inputs.text(column))
    call.session.flush()
    return {"matter": row.id}


def close_matter(call: OperationCall, inputs: Inputs) -> Mapping[str, Any]:
    """result, result_text → closed_at. Raises MatterMissing."""
    row = _own(call)
    if row is None:
        raise MatterMissing(operation=call.operation, element=call.element_id)
    row.result, row.result_text, row.closed_at = inputs.text("result", ""), inputs.text("result_text", ""), call.now
    return {"closed_at": call.now.isoformat()}


def _people(inputs: Inputs) -> list[str]:
    """Nobody in particular when it is empty or null. Raises InputWrong."""
    value = inputs.call.inputs.get("seen_by") or []
    found = value if isinstance(value, (list, tuple)) else str(value).split(",")
    if not all(isinstance(one, str) and one.strip() for one in found):
        raise inputs.wrong("seen_by", "a list of roles, parties or units")
    return [one.strip() for one in found]


def _own(call: OperationCall) -> Matter | None:
    """By the running case; within the very command that starts it, the row knows only its number yet."""
    same = or_(Matter.process_key == call.root_instance_key, (Matter.id == call.business_key) & Matter.process_key.is_(None))
    return call.session.scalar(select(Matter).where(same).with_for_update())


OPERATIONS: dict[str, Operation] = {"matter.open": writing(open_matter), "matter.close": writing(close_matter)}
