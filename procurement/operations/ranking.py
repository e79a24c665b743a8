"""scores.rank: from opened bids and score sheets to a ranking with its report."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from typing import Any

from sqlalchemy import select

from engine.ports import Operation, OperationCall
from procurement.operations.inputs import Inputs
from procurement.operations.once import writing
from procurement.registers.comparison import Evaluation, ScoreSheet
from procurement.registers.parties import Organisation
from procurement.registers.purchases import Purchase
from procurement.scoring import Candidate, Sheet, TieStep, rank

STEP_WORDS: dict[str, TieStep | None] = {
    "score": None,  # always comes first
    "price": TieStep.LOWER_PRICE,
    "lower_price": TieStep.LOWER_PRICE,
    "supported": TieStep.SUPPORTED,
    "supported_organisation": TieStep.SUPPORTED,
    "fostered": TieStep.SUPPORTED,
    "fostered_priority": TieStep.SUPPORTED,
    "draw": TieStep.DRAW,
}


def rank_scores(call: OperationCall, inputs: Inputs) -> Mapping[str, Any]:
    """bids, score_sheets [{expert_id, organisation_id, scores, total}], tie_rule, purchase_id → ranking, report.

    ``tie_rule``: {order: list of price, fostered, draw; price_weight: points for the price; seed: what a draw starts from}, or
    the order alone; default price, then draw. Fostered organisations are never preferred in the statutory route.
    """
    purchase_id = inputs.text("purchase_id", call.business_key)
    purchase = call.session.get(Purchase, purchase_id)
    steps = _steps(inputs, statutory=purchase is not None and purchase.route == "statutory")
    sheets = [_sheet(inputs, row) for row in inputs.rows("score_sheets")]
    candidates = [_candidate(call, inputs, row) for row in inputs.rows("bids")]
    tie_rule = Inputs(replace(call, inputs=inputs.mapping("tie_rule") if isinstance(call.inputs.get("tie_rule"), dict) else {}))
    seed, weight = tie_rule.text("seed", secrets.token_hex(32)), tie_rule.number("price_weight", Decimal(0))
    result = rank(candidates, sheets, steps, seed, weight)
    ranking = [
        {
            "rank": p.rank,
            "organisation_id": p.organisation_id,
            "name": p.name,
            "price": p.price,
            "score": p.score,
            "tie_note": p.tie_note,
        }
        for p in result.places
    ]
    for earlier in call.session.scalars(select(ScoreSheet).where(ScoreSheet.purchase_id == purchase_id)):
        call.session.delete(earlier)
    call.session.flush()
    call.session.add_all(
        ScoreSheet(
            purchase_id=purchase_id,
            expert_id=s.expert_id,
            organisation_id=s.organisation_id,
            scores=s.scores or {},
            total=s.total,
        )
        for s in sheets
    )
    call.session.add(Evaluation(purchase_id=purchase_id, ranking=ranking, report=result.report, at=call.now, by=call.actor_id))
    return {"ranking": ranking, "report": result.report}


def _steps(inputs: Inputs, *, statutory: bool) -> list[TieStep]:
    rule = inputs.call.inputs.get("tie_rule")
    order = rule.get("order") if isinstance(rule, dict) else rule
    if order in (None, ""):
        order = ["price", "draw"]
    if not isinstance(order, (list, tuple)) or not all(word in STEP_WORDS for word in order):
        raise inputs.wrong("tie_rule", "a list of price, fostered and draw, or a context with such a list as order")
    steps = [step for step in (STEP_WORDS[word] for word in order) if step is not None]
    return [step for step in steps if not (statutory and step is TieStep.SUPPORTED)]


def _sheet(inputs: Inputs, row: Any) -> Sheet:
    try:
        scores = {str(item): Decimal(points) for item, points in (row.get("scores") or {}).items()}
        total = Decimal(row["total"]) if row.get("total") is not None else sum(scores.values(), Decimal(0))
        return Sheet(str(row["expert_id"]), str(row["organisation_id"]), total, scores or None)
    except (AttributeError, KeyError, TypeError, ValueError, InvalidOperation):
        raise inputs.wrong("score_sheets", "a list of {expert_id, organisation_id, scores, total} with numbers") from None


def _candidate(call: OperationCall, inputs: Inputs, row: Any) -> Candidate:
    try:
        organisation_id, price = str(row["organisation_id"]), row.get("price")
        amount = None if price is None else Decimal(price)
    except (AttributeError, KeyError, TypeError, ValueError, InvalidOperation):
        raise inputs.wrong("bids", "a list of {organisation_id, name, price}") from None
    organisation = call.session.get(Organisation, organisation_id)
    fostered = organisation is not None and (organisation.supported or organisation.incubated)
    return Candidate(
        organisation_id, str(row.get("name") or (organisation.name if organisation else organisation_id)), amount, fostered
    )


OPERATIONS: dict[str, Operation] = {"scores.rank": writing(rank_scores)}
