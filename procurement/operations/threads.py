"""thread.read: what can be tied together of one purchase, and what already is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.errors import NotFound
from engine.ports import Operation, OperationCall
from procurement.operations.inputs import Inputs
from procurement.operations.once import reading
from procurement.registers.purchases import Purchase
from procurement.threads import LATER, OBJECTIVE, thread_of


def read_thread(call: OperationCall, inputs: Inputs) -> Mapping[str, Any]:
    """purchase_id → objectives, score_items, milestones, questions (names) and links (what is tied to each objective)."""
    number = inputs.text("purchase_id", call.business_key)
    purchase = call.session.get(Purchase, number)
    if purchase is None:
        raise NotFound(kind="Purchase", key=number)
    thread = thread_of(call.session, purchase)
    names = {field: list(dict.fromkeys(knot.name for knot in thread.of(stage))) for stage, field in LATER.items()}
    links = []
    for objective in thread.of(OBJECTIVE):
        reached, ahead = set(), [objective]
        while ahead:
            ahead = [knot for one in ahead for knot in thread.onward(one)]
            reached |= {(knot.stage, knot.name) for knot in ahead}
        tied = {field: [name for name in names[field] if (stage, name) in reached] for stage, field in LATER.items()}
        links.append({"objective": objective.name, **tied})
    return {
        "objectives": [objective.name for objective in thread.of(OBJECTIVE)],
        "score_items": names["score_items"],
        "milestones": names["milestones"],
        "questions": names["questions"],
        "links": links,
    }


OPERATIONS: dict[str, Operation] = {"thread.read": reading(read_thread)}
