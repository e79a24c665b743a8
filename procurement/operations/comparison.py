"""Operations of an open comparison: applications, the opening, the draw of experts."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from engine.errors import BpmnError, NotFound
from engine.ports import Operation, OperationCall
from procurement.draw import drawn
from procurement.operations.evidence import with_evidence
from procurement.operations.inputs import Inputs
from procurement.operations.once import reading, writing
from procurement.registers import numbers
from procurement.registers.bid_openings import undecided
from procurement.registers.bidding import BidsUnopened, open_all
from procurement.registers.comparison import NO_LONGER, Application, ExpertDraw
from procurement.registers.conflicts import barred_experts
from procurement.registers.parties import Expert, Organisation

PASSED = frozenset(
    {"passed", "pass", "qualified", "agree", "agreed", "accepted", "confirmed", "recommended", "recommend", "yes", "合格"}
)
FAILED = frozenset({"late", "failed", "fail", "unqualified", "refuse", "refused", "rejected", "not_recommended", "no", "不合格"})


def register_application(call: OperationCall, inputs: Inputs) -> Mapping[str, Any]:
    """purchase_id, application → application_id, registration_number, registered_at, duplicate.

    An organisation that applies again gets the number of its first application and ``duplicate`` true.
    """
    purchase_id, content = inputs.text("purchase_id", call.business_key), inputs.mapping("application")
    organisation_id = str(content.get("organisation_id") or "")
    organisation = call.session.get(Organisation, organisation_id)
    if organisation is None:
        raise NotFound(kind="Organisation", key=organisation_id or "?")
    query = select(Application).where(
        Application.purchase_id == purchase_id,
        Application.organisation_id == organisation_id,
        Application.status.not_in(NO_LONGER),
    )
    row = call.session.scalars(query).one_or_none()
    duplicate = row is not None
    if row is None:
        row = Application(
            id=numbers.next_number(call.session, numbers.APPLICATION, call.now.year),
            purchase_id=purchase_id,
            organisation_id=organisation_id,
            name=organisation.name,
            contact=str(content.get("contact") or ""),
            phone=str(content.get("phone") or ""),
            content=content,
            status="registered",
            registered_at=call.now,
        )
        call.session.add(row)
        call.session.flush()
        row.content = with_evidence(call, row)
    return {"application_id": row.id, "registration_number": row.id, "registered_at": row.registered_at, "duplicate": duplicate}


def decide_application(call: OperationCall, inputs: Inputs) -> Mapping[str, Any]:
    """application_id, stage (first_check, confirm), result, reason → status. ``result``: true/false, qualified/unqualified, late."""
    row = call.session.get(Application, inputs.text("application_id"))
    if row is None:
        raise NotFound(kind="Application", key=inputs.text("application_id"))
    passed, reason = _passed(inputs), inputs.text("reason", "")
    if inputs.value("result") == "late":
        row.status, row.first_reason, row.first_checked_at = "late", reason, call.now
        return {"status": row.status}
    if inputs.choice("stage", ("first_check", "confirm")) == "first_check":
        row.status, row.first_reason, row.first_checked_at = (
            "first_check_passed" if passed else "first_check_failed",
            reason,
            call.now,
        )
    else:
        row.status, row.confirm_reason, row.confirmed_at = "confirmed" if passed else "refused", reason, call.now
    return {"status": row.status}


def _passed(inputs: Inputs) -> bool:
    result = inputs.value("result")
    if isinstance(result, bool):
        return result
    if result in PASSED or result in FAILED:
        return result in PASSED
    raise inputs.wrong("result", "qualified, unqualified or late")


def list_applications(call: OperationCall, inputs: Inputs) -> Mapping[str, Any]:
    """purchase_id → applications [{application_id, organisation_id, name, status …}], qualified_count, total."""
    purchase_id = inputs.text("purchase_id", call.business_key)
    query = select(Application).where(Application.purchase_id == purchase_id, Application.status.not_in(NO_LONGER))
    rows = call.session.scalars(query.order_by(Application.id)).all()
    applications = [
        {
            "application_id": row.id,
            "registration_number": row.id,
            "organisation_id": row.organisation_id,
            "name": row.name,
            "status": row.status,
            "registered_at": row.registered_at,
        }
        for row in rows
    ]
    return {
        "applications": applications,
        "total": len(rows),
        "qualified_count": sum(row.status == "confirmed" for row in rows),
    }


def open_bids(call: OperationCall, inputs: Inputs) -> Mapping[str, Any]:
    """purchase_id → bids [{bid_id, application_id, organisation_id, name, price, files, submitted_at, sha256, fostered}], count.

    Sealed bids are given once their opening is over; before, it throws BIDS_UNOPENED with ``unopened``.
    """
    purchase_id = inputs.text("purchase_id", call.business_key)
    try:
        opened = open_all(call.session, purchase_id, call.now)
    except BidsUnopened as waiting:
        raise BpmnError("BIDS_UNOPENED", str(waiting), {"unopened": waiting.ids["count"]}) from waiting
    if waiting_for_decision := undecided(call.session, purchase_id):
        raise BpmnError("BIDS_UNOPENED", "Bids wait for a decision.", {"unopened": len(waiting_for_decision)})
    return {
        "bids": [
            {
                **content,
                "bid_id": bid.id,
                "application_id": bid.application_id,
                "organisation_id": bid.organisation_id,
                "name": bid.name,
                "submitted_at": bid.submitted_at,
                "sha256": bid.sha256,
                "fostered": _fostered(call, bid.organisation_id),
            }
            for bid, content in opened
        ],
        "count": len(opened),
    }


def _fostered(call: OperationCall, organisation_id: str) -> bool:
    organisation = call.session.get_one(Organisation, organisation_id)
    return organisation.supported or organisation.incubated


def draw_experts(call: OperationCall, inputs: Inputs) -> Mapping[str, Any]:
    """purchase_id, field, number, exclude_organisations, exclude_experts → experts, seed, candidates, excluded.

    Throws NOT_ENOUGH_EXPERTS with ``available``.
    """
    field, number = inputs.text("field", ""), inputs.whole("number")
    query = select(Expert).where(Expert.active).order_by(Expert.id)
    pool = call.session.scalars(query.where(Expert.fields.contains([field])) if field else query).all()
    barred = barred_experts(
        call.session, pool, inputs.texts("exclude_organisations"), inputs.texts("exclude_experts"), call.now.date()
    )
    candidates = [expert.id for expert in pool if expert.id not in barred]
    if number > len(candidates):
        text = f"{number} experts in {field or 'any field'} are needed, but only {len(candidates)} may be drawn."
        raise BpmnError("NOT_ENOUGH_EXPERTS", text, {"available": len(candidates)})
    seed = secrets.token_hex(32)
    chosen = drawn(seed, candidates, number)
    excluded = [{"expert_id": expert_id, "reason": reason} for expert_id, reason in sorted(barred.items())]
    purchase_id = inputs.text("purchase_id", call.business_key)
    call.session.add(
        ExpertDraw(
            purchase_id=purchase_id,
            field=field,
            number=number,
            seed=seed,
            candidates=candidates,
            excluded=excluded,
            chosen=chosen,
            at=call.now,
            by=call.actor_id,
        )
    )
    by_id = {expert.id: expert for expert in pool}
    experts = [{"expert_id": e.id, "login": e.login, "name": e.name, "unit": e.unit} for e in (by_id[key] for key in chosen)]
    return {"experts": experts, "seed": seed, "candidates": candidates, "excluded": excluded}


OPERATIONS: dict[str, Operation] = {
    "application.register": writing(register_application),
    "application.decide": writing(decide_application),
    "application.list": reading(list_applications),
    "bid.open": writing(open_bids),
    "experts.draw": writing(draw_experts),
}
