"""The register row of the purchase, its notices, and the demand that follows it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine import json_codec
from engine.errors import NotFound
from engine.ports import Operation, OperationCall
from procurement.operations.inputs import Inputs
from procurement.operations.once import writing
from procurement.registers import numbers
from procurement.registers.comparison import NOTICE_KINDS, Notice
from procurement.registers.performance import Proposal
from procurement.registers.purchases import RUNNING, STATUSES, STEPS, Purchase

ROUTES = ("committee", "open_comparison", "statutory")
TEXTS = ("title", "unit", "community", "catalogue_code", "category", "beneficiary_group", "budget_code", "status_reason")
OPTIONAL_TEXTS = ("agency_id", "organisation_id", "contract_id")
SUMS = ("estimate", "amount", "awarded_amount")
MOMENTS = ("apply_until", "bid_until")


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
    """purchase_id and any column of the purchases register, ``details`` for more → nothing."""
    purchase = purchase_of(call, inputs)
    for name in TEXTS:
        if inputs.given(name):
            setattr(purchase, name, inputs.text(name))
    for name in OPTIONAL_TEXTS:
        if inputs.given(name):
            setattr(purchase, name, inputs.text(name))
    for name in SUMS:
        if inputs.given(name):
            setattr(purchase, name, inputs.money(name, zero=True))
    for name in MOMENTS:
        if inputs.given(name):
            setattr(purchase, name, inputs.moment_or_none(name))
    if inputs.given("beneficiary_count"):
        purchase.beneficiary_count = inputs.whole("beneficiary_count")
    if inputs.given("satisfaction"):
        purchase.satisfaction = inputs.number("satisfaction")
    if inputs.given("reason"):
        purchase.status_reason = inputs.text("reason")
    if inputs.given("route"):
        purchase.route = inputs.choice("route", ROUTES)
    if inputs.given("details"):
        purchase.details = {**purchase.details, **inputs.mapping("details")}
    _record_progress(call, inputs, purchase)
    purchase.updated_at = call.now
    return {}


def _record_progress(call: OperationCall, inputs: Inputs, purchase: Purchase) -> None:
    if inputs.given("step"):
        purchase.step = inputs.choice("step", STEPS)
    if inputs.given("status"):
        purchase.status = inputs.choice("status", STATUSES)
        purchase.ended_at = None if purchase.status in RUNNING else call.now


def publish_notice(call: OperationCall, inputs: Inputs) -> Mapping[str, Any]:
    """purchase_id, kind, title, content, until, apply_until, bid_until → notice_id, notice_number, published_at, until, sha256."""
    kind, content = inputs.choice("kind", NOTICE_KINDS), inputs.mapping("content", {})
    title, until = inputs.text("title"), inputs.moment_or_none("until")
    purchase = purchase_of(call, inputs)
    if kind in {"comparison_notice", "correction", "extension"}:
        apply_until, bid_until = inputs.moment_or_none("apply_until"), inputs.moment_or_none("bid_until")
        purchase.apply_until = apply_until or until or purchase.apply_until
        purchase.bid_until = bid_until or until or purchase.bid_until
    number = numbers.next_number(call.session, numbers.NOTICE, call.now.year)
    digest = json_codec.digest({"number": number, "kind": kind, "title": title, "content": content, "published_at": call.now})
    notice = Notice(
        id=number,
        purchase_id=purchase.id,
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


def close_notice(call: OperationCall, inputs: Inputs) -> Mapping[str, Any]:
    """notice_id, reason → nothing. Closing twice keeps the first reason."""
    notice_id = inputs.text("notice_id")
    notice = call.session.get(Notice, notice_id)
    if notice is None:
        raise NotFound(kind="Notice", key=notice_id)
    if notice.closed_at is None:
        notice.closed_at, notice.closed_reason = call.now, inputs.text("reason", "")
    return {}


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
