"""The register row of the purchase, its notices, and the demand that follows it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from engine import json_codec
from engine.errors import NotFound
from engine.ports import Operation, OperationCall
from procurement.operations.inputs import Inputs
from procurement.operations.notice_contents import refuse_lacking
from procurement.operations.once import writing
from procurement.registers import numbers, seals
from procurement.registers.cataloguing import catalogue_item_on
from procurement.registers.comparison import NO_LONGER, NOTICE_KINDS, Application, Bid, Notice, Question
from procurement.registers.matters import Matter
from procurement.registers.performance import Proposal
from procurement.registers.purchases import GIVEN_UP, RUNNING, STATUSES, STEPS, Purchase

ROUTES = ("committee", "open_comparison", "statutory")
CHOOSING = ("awarded", "contracted")  # with these ``amount`` is the price of the organisation chosen
BUDGETED = ("demand_review", "demand_approved", "goals_approved")  # with these it is the total asked for or approved
# columns filled from the variables in sight, whatever step records; a variable of another shape is somebody else's and left alone
# a step records its outcome as its last act, so the case stands in the next one then
STEP_AFTER = {
    "demand_approved": "goal_setting",
    "goals_approved": "selection",
    "awarded": "delivery",
    "accepted": "tracking",
}
DATED = ("comparison_notice", "correction", "extension")
CONTEXT: dict[str, type | tuple[type, ...]] = {
    "community": str,
    "beneficiary_group": str,
    "beneficiary_count": int,
    "estimate": (int, Decimal),
    "budget_code": str,
    "agency_id": str,
    "satisfaction": (int, Decimal),
}


def purchase_of(call: OperationCall, inputs: Inputs) -> Purchase:
    """The purchase's row, locked; made when a process was started without the office's own start."""
    purchase_id = inputs.text("purchase_id", call.business_key)
    purchase = call.session.get(Purchase, purchase_id, with_for_update=True, populate_existing=True)
    if purchase is None:
        purchase = Purchase(
            id=purchase_id,
            title=inputs.text("title", purchase_id),
            unit=inputs.text("unit", inputs.text("initiator_unit", "")),
            initiator=inputs.text("initiator", call.actor_id),
            initiator_kind=inputs.text("initiator_kind", "department"),
            step=STEPS[0],
            status=RUNNING[0],
            details={},
            process_key=call.root_instance_key,
            started_at=call.now,
            updated_at=call.now,
        )
        call.session.add(purchase)
    return purchase


def record_purchase(call: OperationCall, inputs: Inputs) -> Mapping[str, Any]:
    """purchase_id, and any of step, status, title, unit, amount, route, organisation_id, reason, details → nothing.

    The variables in sight that describe the purchase (community, beneficiaries, estimate, budget, agency …) are kept too.
    """
    purchase = purchase_of(call, inputs)
    for name in ("title", "unit"):
        setattr(purchase, name, inputs.text(name, getattr(purchase, name)))
    for name, shape in CONTEXT.items():
        value = call.inputs.get(name)
        if isinstance(value, shape) and not isinstance(value, bool) and value != "":
            setattr(purchase, name, value)
    _record_item(call, purchase)
    _record_progress(call, inputs, purchase)
    status = call.inputs.get("status")  # without one of these, an amount in sight says nothing new
    if inputs.given("amount") and (status in BUDGETED or status in CHOOSING):
        setattr(purchase, "awarded_amount" if status in CHOOSING else "amount", inputs.money("amount", zero=True))
    if inputs.given("route"):
        purchase.route = inputs.choice("route", ROUTES)
    if inputs.given("organisation_id") and status in CHOOSING:
        purchase.organisation_id = inputs.text("organisation_id")
    if isinstance(call.inputs.get("details"), dict):
        purchase.details = {**purchase.details, **inputs.mapping("details")}
    purchase.updated_at = call.now
    return {}


def _record_item(call: OperationCall, purchase: Purchase) -> None:
    code = call.inputs.get("catalogue_code")
    if isinstance(code, str) and code and code != purchase.catalogue_code:
        item = catalogue_item_on(call.session, code, call.now.date())
        purchase.catalogue_code, purchase.category = code, item.category if item else ""


def _record_progress(call: OperationCall, inputs: Inputs, purchase: Purchase) -> None:
    purchase.step = inputs.choice("step", STEPS, purchase.step)
    if not inputs.given("status"):
        return
    purchase.status = inputs.choice("status", STATUSES)
    purchase.step = STEP_AFTER.get(purchase.status, purchase.step)
    purchase.ended_at = None if purchase.status in RUNNING else call.now
    if purchase.status in GIVEN_UP:
        purchase.status_reason = inputs.text("reason", "")


def publish_notice(call: OperationCall, inputs: Inputs) -> Mapping[str, Any]:
    """purchase_id, kind, title, content, until → notice_id, notice_number, published_at, until, sha256.

    A comparison notice or its extension sets the deadlines: content.applications_close_at and content.bids_due_at, else
    ``until``. A notice that answers a question (content.question, content.answer) also answers it in the register, and is
    published without the asker. ``contents`` names the decision that says what the notice must contain. A matter's notice that
    names no purchase is of none. Raises NoticeLacks.
    """
    kind, content = inputs.choice("kind", NOTICE_KINDS), _published(call, inputs)
    title, until = inputs.text("title"), inputs.moment_or_none("until")
    if inputs.given("contents"):
        refuse_lacking(call, inputs.text("contents"), kind, content)
    purchase = None if _of_a_matter(call, inputs) else purchase_of(call, inputs)
    if purchase is not None and kind in DATED and until is not None:
        dates = Inputs(replace(call, inputs=content))
        purchase.apply_until = dates.moment_or_none("applications_close_at") or until
        purchase.bid_until = dates.moment_or_none("bids_due_at") or until
    number = numbers.next_number(call.session, numbers.NOTICE, call.now.year)
    digest = json_codec.digest({"number": number, "kind": kind, "title": title, "content": content, "published_at": call.now})
    notice = Notice(
        id=number,
        purchase_id="" if purchase is None else purchase.id,
        kind=kind,
        title=title,
        content=content,
        published_at=call.now,
        until=until,
        published_by=call.actor_id,
        sha256=digest,
    )
    call.session.add(notice)
    return {"notice_id": number, "notice_number": number, "published_at": call.now, "until": until, "sha256": digest}


def _of_a_matter(call: OperationCall, inputs: Inputs) -> bool:
    matter = select(Matter.id).where(Matter.process_key == call.root_instance_key)
    return not inputs.given("purchase_id") and call.session.scalar(matter) is not None


def _published(call: OperationCall, inputs: Inputs) -> dict[str, Any]:
    content = dict(inputs.mapping("content", {}))
    question, answer = content.get("question"), content.get("answer")
    if not isinstance(question, dict) or not isinstance(answer, str):
        return content
    row = call.session.get(Question, question["question_id"]) if isinstance(question.get("question_id"), int) else None
    if row is not None:
        row.answer, row.answered_at, row.answered_by = answer, call.now, call.actor_id
    return {**content, "question": str(question.get("text") or question.get("question") or "")}


def close_notice(call: OperationCall, inputs: Inputs) -> Mapping[str, Any]:
    """notice_id, reason → nothing. Closing twice keeps the first reason.

    With a comparison notice its applications and unopened bids lapse and its deadlines go, so that it can be run again.
    """
    notice_id = inputs.text("notice_id")
    notice = call.session.get(Notice, notice_id)
    if notice is None:
        raise NotFound(kind="Notice", key=notice_id)
    if notice.closed_at is None:
        notice.closed_at, notice.closed_reason = call.now, inputs.text("reason", "")
        if notice.kind == "comparison_notice":
            _end_comparison(call, notice.purchase_id)
    return {}


def _end_comparison(call: OperationCall, purchase_id: str) -> None:
    for application in call.session.scalars(select(Application).where(Application.purchase_id == purchase_id)):
        if application.status not in NO_LONGER:
            application.status = "lapsed"
    for bid in call.session.scalars(select(Bid).where(Bid.purchase_id == purchase_id, Bid.status == "submitted")):
        bid.status = "lapsed"
        seals.destroy(call.session, bid)
    purchase = call.session.get(Purchase, purchase_id, with_for_update=True)
    if purchase is not None:
        purchase.apply_until = purchase.bid_until = None


def propose_demand(call: OperationCall, inputs: Inputs) -> Mapping[str, Any]:
    """purchase_id, proposals (texts, or contexts with ``title``) → proposal_ids."""
    ids = []
    for item in inputs.rows("proposals", []):
        content = item if isinstance(item, dict) else {"title": str(item)}
        title = str(content.get("title") or content.get("proposal") or content.get("need") or "")
        if not title:
            raise inputs.wrong("proposals", "a list of texts or of contexts with a title")
        row = Proposal(
            purchase_id=inputs.text("purchase_id", call.business_key),
            title=title,
            content=content,
            proposed_at=call.now,
            status="open",
        )
        call.session.add(row)
        call.session.flush()
        ids.append(row.id)
    return {"proposal_ids": ids}


OPERATIONS: dict[str, Operation] = {
    "purchase.record": writing(record_purchase),
    "notice.publish": writing(publish_notice),
    "notice.close": writing(close_notice),
    "demand.propose": writing(propose_demand),
}
