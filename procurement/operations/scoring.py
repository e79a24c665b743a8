"""Operations of the scoring: the sheet of a comparison, the experts' own sheets, hints, corrections, the ranking."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from engine.errors import NotFound
from engine.ports import Operation, OperationCall
from procurement.operations.inputs import Inputs
from procurement.operations.once import reading, writing
from procurement.registers import score_runs, score_sheets
from procurement.registers.scoring import PriceReview, ScoreHint, ScoringRun
from procurement.scoring.hints import hints

CAUSES = ("sum_error", "out_of_range", "unequal_objective", "drift")  # 87号令 第六十四条


def list_templates(call: OperationCall, inputs: Inputs) -> Mapping[str, Any]:
    """organisation_kind, template (chosen before), criteria → score_templates [{label, value}], recommended, criteria (of the recommended one)."""
    kind = inputs.text("organisation_kind", "any")
    found = score_sheets.newest(call.session)
    chosen = next((one for one in found if one.organisations == kind), found[0])
    rows = inputs.rows("criteria", []) or _criteria(chosen.sheet)
    return {
        "score_templates": [{"label": f"{one.name}（第 {one.version} 版）", "value": one.ref} for one in found],
        "recommended": inputs.text("template", chosen.ref),
        "criteria": rows,
    }


def freeze_sheet(call: OperationCall, inputs: Inputs) -> Mapping[str, Any]:
    """purchase_id, template (id@version or empty), criteria → score_sheet, sha256, criteria, facts.

    With neither template nor criteria: the sheet frozen earlier for this purchase.
    """
    purchase_id = inputs.text("purchase_id", call.business_key)
    ref, rows = inputs.text("template", ""), inputs.rows("criteria", [])
    row = score_sheets.frozen(call.session, purchase_id) if inputs.flag("keep", default=False) else None
    if row is None:
        rows = [] if _untouched(call, ref, rows) else rows
        row = score_sheets.freeze(call.session, purchase_id, ref, rows, by=call.actor_id, now=call.now)
    sheet = {**row.sheet, "template": row.template_id, "version": row.template_version, "sha256": row.sha256}
    return {"score_sheet": sheet, "sha256": row.sha256, "criteria": _criteria(row.sheet), "facts": row.sheet["facts"]}


def _untouched(call: OperationCall, ref: str, rows: list[Any]) -> bool:
    """Whether the rows are those another template was offered with: who chose this one and changed nothing means it as it is."""

    def plain(of: list[Any]) -> list[tuple[str, str]]:
        return [(str(row.get("criterion")), f"{Decimal(str(row.get('weight') or 0)).normalize():f}") for row in of]

    others = [one for one in score_sheets.newest(call.session) if ref and one.ref != ref]
    return any(plain(rows) == plain(_criteria(one.sheet)) for one in others)


def _criteria(sheet: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The items as notices and older diagrams name them."""
    return [
        {
            "criterion": item["name"],
            "kind": "technical" if item["kind"] == "subjective" else item["kind"],
            "weight": item["maximum"],
            "basis": item["note"]
            or "；".join(f"{level['label']} {level['points']}：{level['takes']}" for level in item["levels"]),
        }
        for item in sheet["items"]
    ]


def elect_chair(call: OperationCall, inputs: Inputs) -> Mapping[str, Any]:
    """panel, votes [expert_id] → chair, tally. Most votes; equal votes are told apart by a hash anybody can repeat.

    The buyer's delegate may not lead (87号令 第四十五条): votes for a member with ``delegate`` true do not count.
    """
    panel = {str(expert["expert_id"]): expert for expert in inputs.rows("panel")}
    able = {key: expert for key, expert in panel.items() if expert.get("delegate") is not True}
    if not able:
        raise inputs.wrong("panel", "a panel with somebody who is not the buyer's delegate")
    votes = Counter(str(vote) for vote in inputs.rows("votes") if str(vote) in able)

    def order(key: str) -> tuple[int, str]:
        return -votes[key], hashlib.sha256(f"{call.business_key}:{key}".encode()).hexdigest()

    chosen = min(able, key=order)
    tally = [{"expert_id": key, "name": able[key].get("name"), "votes": votes[key]} for key in sorted(able, key=order)]
    return {"chair": able[chosen], "tally": tally}


def open_scoring(call: OperationCall, inputs: Inputs) -> Mapping[str, Any]:
    """purchase_id, bids, rejected, panel, chair, facts → run, pending, objective, sheet_sha256.

    Nobody's marks are among the outputs: they stay in the register.
    """
    purchase_id = inputs.text("purchase_id", call.business_key)
    frozen = score_sheets.frozen(call.session, purchase_id)
    if frozen is None:
        raise NotFound(kind="Score sheet", key=purchase_id)
    given = {
        "bids": inputs.rows("bids"),
        "rejected": inputs.rows("rejected", []),
        "panel": inputs.rows("panel"),
        "chair": str(inputs.mapping("chair", {}).get("expert_id") or ""),
        "facts": inputs.rows("facts", []),
    }
    run = score_runs.open_run(call.session, purchase_id, frozen, given, call.now)
    names = {bid["organisation_id"]: bid.get("name") for bid in run.bids}
    objective = [
        {"organisation": names.get(organisation), "item": item, "points": row["points"], "value": row["value"]}
        for organisation, items in run.objective.items()
        for item, row in items.items()
    ]
    waiting = score_runs.pending(call.session, run)
    return {"run": run.id, "pending": waiting, "objective": objective, "sheet_sha256": frozen.sha256}


def collect_sheets(call: OperationCall, inputs: Inputs) -> Mapping[str, Any]:
    """purchase_id → pending (who has not signed), sheet_hashes [{expert_id, sha256}]. All signed: the run is settled."""
    run = run_of(call, inputs)
    waiting = score_runs.pending(call.session, run)
    if not waiting and run.settled_at is None:
        run.settled_at = call.now
    hashes = [{"expert_id": s.expert_id, "sha256": s.sha256} for s in score_runs.sheets_of(call.session, run)]
    return {"pending": waiting, "sheet_hashes": [] if waiting else hashes}


def hint_chair(call: OperationCall, inputs: Inputs) -> Mapping[str, Any]:
    """purchase_id, drift_share → hints [{kind, expert, organisation, item, points, others}]. What was hinted is kept."""
    run = run_of(call, inputs)
    model = score_runs.model_of(call.session, run)
    share = inputs.number("drift_share")
    found = hints(model, score_runs.organisations(run), score_runs.marks_of(call.session, run), share)
    call.session.add(ScoreHint(run_id=run.id, hints=[hint.as_json() for hint in found], at=call.now))
    experts = {expert["expert_id"]: expert.get("name") for expert in run.panel}
    names = {bid["organisation_id"]: bid.get("name") for bid in run.bids}
    items = {item.id: item.name for item in model.items}
    return {
        "hints": [
            {
                "kind": hint.kind,
                "expert_id": hint.expert_id,
                "expert": experts.get(hint.expert_id),
                "organisation": names.get(hint.organisation_id),
                "item": items.get(hint.item),
                "points": hint.points,
                "others": hint.others,
            }
            for hint in found
        ]
    }


def reopen_sheets(call: OperationCall, inputs: Inputs) -> Mapping[str, Any]:
    """purchase_id, corrections [{expert_id, cause, reason}] → pending. Causes: the four of 87号令 第六十四条."""
    run = run_of(call, inputs)
    for row in inputs.rows("corrections"):
        cause = str(row.get("cause"))
        if cause not in CAUSES:
            raise inputs.wrong("corrections", "rows whose cause is one of " + ", ".join(CAUSES))
        score_runs.reopen(call.session, run, str(row.get("expert_id")), f"{cause}：{row.get('reason') or ''}")
    return {"pending": score_runs.pending(call.session, run)}


def record_price_review(call: OperationCall, inputs: Inputs) -> Mapping[str, Any]:
    """purchase_id, reviews [{organisation_id, price, findings, explanation, accepted, reason, searches}] → recorded, rejected."""
    purchase_id = inputs.text("purchase_id", call.business_key)
    reviews = inputs.rows("reviews")
    for row in reviews:
        organisation_id = str(row["organisation_id"])
        call.session.add(
            PriceReview(
                purchase_id=purchase_id, organisation_id=organisation_id, content=dict(row), at=call.now, by=call.actor_id
            )
        )
    rejected = [
        {
            "organisation_id": row["organisation_id"],
            "name": row.get("name"),
            "reason": f"报价过低且说明未被采纳：{row.get('reason')}",
        }
        for row in reviews
        if row.get("accepted") is not True
    ]
    return {"recorded": len(reviews), "rejected": rejected}


def run_of(call: OperationCall, inputs: Inputs) -> ScoringRun:
    """The newest scoring of the purchase. Raises NotFound."""
    purchase_id = inputs.text("purchase_id", call.business_key)
    run = score_runs.current(call.session, purchase_id)
    if run is None:
        raise NotFound(kind="Scoring", key=purchase_id)
    return run


OPERATIONS: dict[str, Operation] = {
    "score_sheet.list": reading(list_templates),
    "score_sheet.freeze": writing(freeze_sheet),
    "panel.elect": reading(elect_chair),
    "scores.open": writing(open_scoring),
    "scores.collect": writing(collect_sheets),
    "scores.hint": writing(hint_chair),
    "scores.reopen": writing(reopen_sheets),
    "price_review.record": writing(record_price_review),
}
