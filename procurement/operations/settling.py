"""scores.settle and scores.sign: from signed sheets and the price table's points to a ranking whose every number is explained."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from engine.ports import Operation, OperationCall
from procurement.operations.inputs import Inputs
from procurement.operations.once import writing
from procurement.operations.scoring import run_of
from procurement.registers import score_runs
from procurement.registers.comparison import Evaluation, ScoreSheet
from procurement.registers.parties import Organisation
from procurement.registers.scoring import FrozenSheet, ScoringRun
from procurement.scoring import Candidate, Ranking, Sheet, TieStep, rank
from procurement.scoring.marks import Marks, points_of
from procurement.scoring.sheets import SUBJECTIVE, SheetModel

STEPS = {
    "price": TieStep.LOWER_PRICE,
    "technical": TieStep.TECHNICAL,
    "fostered": TieStep.SUPPORTED,
    "draw": TieStep.DRAW,
}


def settle_scores(call: OperationCall, inputs: Inputs) -> Mapping[str, Any]:
    """purchase_id, price_points [{organisation_id, points, …}], tie_order [price, technical, fostered, draw] → ranking, report, seed.

    A settled run keeps its seed when it is settled again after a correction, so that nobody can draw until it suits.
    """
    run = run_of(call, inputs)
    model, marks = score_runs.model_of(call.session, run), score_runs.marks_of(call.session, run)
    order = inputs.texts("tie_order") or ["price", "draw"]
    if not set(order) <= set(STEPS):
        raise inputs.wrong("tie_order", "a list of price, technical, fostered and draw")
    prices = {str(row["organisation_id"]): dict(row) for row in inputs.rows("price_points", [])}
    earlier = _evaluation(call, run)
    seed = (earlier.report.get("tie_seed") if earlier else None) or secrets.token_hex(32)
    sheets = _sheets(model, run, marks)
    points = {key: Decimal(str(row.get("points") or 0)) for key, row in prices.items()}
    candidates = [_candidate(call, bid) for bid in run.bids]
    for candidate in candidates:
        points.setdefault(candidate.organisation_id, Decimal(0))
    result = rank(candidates, sheets, [STEPS[step] for step in order], seed, price_points=points)
    ranking = _ranking(result, points)
    frozen = call.session.get_one(FrozenSheet, run.sheet_id)
    report = result.report | {
        "run": run.id,
        "sheet_sha256": frozen.sha256,
        "template": f"{frozen.template_id}@{frozen.template_version}" if frozen.template_id else "",
        "tie_seed": seed,
        "prices": prices,
        "price_weight": model.price_maximum,
    }
    _keep(
        call, run, sheets, Evaluation(purchase_id=run.purchase_id, ranking=ranking, report=report, at=call.now, by=call.actor_id)
    )
    return {"ranking": ranking, "report": report, "seed": seed}


def sign_scoring(call: OperationCall, inputs: Inputs) -> Mapping[str, Any]:
    """purchase_id → run, changed. From here on only a re-review changes scores; ``changed``: another order than the one signed last."""
    run = run_of(call, inputs)
    query = select(ScoringRun).where(
        ScoringRun.purchase_id == run.purchase_id, ScoringRun.signed_at.is_not(None), ScoringRun.id < run.id
    )
    earlier = call.session.scalars(query.order_by(ScoringRun.id.desc()).limit(1)).one_or_none()
    run.signed_at = run.signed_at or call.now
    changed = earlier is not None and _order(_evaluation(call, earlier)) != _order(_evaluation(call, run))
    return {"run": run.id, "changed": changed}


def _sheets(model: SheetModel, run: ScoringRun, marks: Mapping[str, Marks]) -> list[Sheet]:
    """Each expert's items for each organisation: the own marks, and the computed points that are the same for all."""
    own = [item.id for item in model.of_kind(SUBJECTIVE)]
    found = []
    for organisation in score_runs.organisations(run):
        computed = {item: Decimal(str(row["points"])) for item, row in run.objective.get(organisation, {}).items()}
        for expert, given in marks.items():
            scores = {item: points_of(given, organisation, item) or Decimal(0) for item in own} | computed
            found.append(Sheet(expert, organisation, sum(scores.values(), Decimal(0)), scores))
    return found


def _candidate(call: OperationCall, bid: Mapping[str, Any]) -> Candidate:
    organisation = call.session.get(Organisation, str(bid["organisation_id"]))
    supported = organisation is not None and (organisation.supported or organisation.incubated)
    price = None if bid.get("price") is None else Decimal(str(bid["price"]))
    return Candidate(str(bid["organisation_id"]), str(bid.get("name") or ""), price, supported)


def _ranking(result: Ranking, price_points: Mapping[str, Decimal]) -> list[dict[str, Any]]:
    return [
        {
            "rank": place.rank,
            "organisation_id": place.organisation_id,
            "name": place.name,
            "price": place.price,
            "score": place.score,
            "technical_score": place.score - price_points[place.organisation_id],
            "price_score": price_points[place.organisation_id],
            "tie_note": place.tie_note,
        }
        for place in result.places
    ]


def _keep(call: OperationCall, run: ScoringRun, sheets: list[Sheet], evaluation: Evaluation) -> None:
    """The sheets as they count now replace those of an earlier settling; evaluations are only ever added."""
    for earlier in call.session.scalars(select(ScoreSheet).where(ScoreSheet.purchase_id == run.purchase_id)):
        call.session.delete(earlier)
    call.session.flush()
    call.session.add_all(
        ScoreSheet(
            purchase_id=run.purchase_id,
            expert_id=sheet.expert_id,
            organisation_id=sheet.organisation_id,
            scores=sheet.scores or {},
            total=sheet.total,
        )
        for sheet in sheets
    )
    call.session.add(evaluation)


def _evaluation(call: OperationCall, run: ScoringRun) -> Evaluation | None:
    """The newest evaluation of a run."""
    query = select(Evaluation).where(Evaluation.purchase_id == run.purchase_id).order_by(Evaluation.id.desc())
    return next((row for row in call.session.scalars(query) if row.report.get("run") == run.id), None)


def _order(evaluation: Evaluation | None) -> list[str]:
    return [str(place["organisation_id"]) for place in evaluation.ranking] if evaluation else []


OPERATIONS: dict[str, Operation] = {"scores.settle": writing(settle_scores), "scores.sign": writing(sign_scoring)}
