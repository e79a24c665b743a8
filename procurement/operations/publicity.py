"""The clock of a publicity period as others see it, and the deadlines of a running comparison."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from sqlalchemy import func, select

from engine.errors import NotFound
from engine.ports import Operation, OperationCall
from procurement.operations.inputs import Inputs
from procurement.operations.once import reading, writing
from procurement.registers.comparison import OBJECTIONS_OPEN, Notice, Objection
from procurement.registers.publicity import APPEALS_OPEN, Appeal, PublicityStop
from procurement.registers.purchases import Purchase
from procurement.registers.row import OFFICE_ZONE


def stop(call: OperationCall, inputs: Inputs) -> Mapping[str, Any]:
    """notice_id, days_left, objection_id → stopped_on. Stopping a stopped clock adds nothing."""
    notice, days_left = _notice(call, inputs), inputs.whole("days_left")
    if _standing(call, notice.id) is None:
        call.session.add(
            PublicityStop(
                purchase_id=notice.purchase_id,
                notice_id=notice.id,
                objection_id=inputs.whole("objection_id") if inputs.given("objection_id") else None,
                stopped_on=_today(call),
                days_left=days_left,
            )
        )
        notice.until = None  # nobody knows yet until when it stands
    return {"stopped_on": _today(call)}


def resume(call: OperationCall, inputs: Inputs) -> Mapping[str, Any]:
    """notice_id, until → resumed_on. The notice stands until the end of the new last day."""
    notice = _notice(call, inputs)
    standing = _standing(call, notice.id)
    if standing is not None:
        standing.resumed_on = _today(call)
    notice.until = inputs.moment_or_none("until") or notice.until
    return {"resumed_on": _today(call)}


def standing_of(call: OperationCall, inputs: Inputs) -> Mapping[str, Any]:
    """purchase_id → open_objections, open_appeals, suspended, suspended_until: what still stands against a result."""
    purchase_id, today = inputs.text("purchase_id", call.business_key), _today(call)
    objections = select(func.count()).where(Objection.purchase_id == purchase_id, Objection.status.in_(OBJECTIONS_OPEN))
    appeals = call.session.scalars(select(Appeal).where(Appeal.purchase_id == purchase_id, Appeal.status.in_(APPEALS_OPEN))).all()
    until = [
        a.suspended_until for a in appeals if a.suspended_until and not a.suspension_lifted_on and a.suspended_until >= today
    ]
    return {
        "open_objections": call.session.scalar(objections) or 0,
        "open_appeals": len(appeals),
        "suspended": bool(until),
        "suspended_until": max(until, default=None),
    }


def running(call: OperationCall, inputs: Inputs) -> Mapping[str, Any]:
    """purchase_id → applications_close_at, bids_due_at, agency_id, notice_id as the notices in force say; null where there is none."""
    purchase_id = inputs.text("purchase_id", call.business_key)
    purchase = call.session.get(Purchase, purchase_id)
    notice = select(Notice.id).where(
        Notice.purchase_id == purchase_id, Notice.kind == "comparison_notice", Notice.closed_at.is_(None)
    )
    return {
        "applications_close_at": purchase.apply_until if purchase else None,
        "bids_due_at": purchase.bid_until if purchase else None,
        "agency_id": purchase.agency_id if purchase else None,
        "notice_id": call.session.scalar(notice.order_by(Notice.id.desc()).limit(1)),
    }


def _notice(call: OperationCall, inputs: Inputs) -> Notice:
    notice = call.session.get(Notice, inputs.text("notice_id"), with_for_update=True)
    if notice is None:
        raise NotFound(kind="Notice", key=inputs.text("notice_id"))
    return notice


def _standing(call: OperationCall, notice_id: str) -> PublicityStop | None:
    query = select(PublicityStop).where(PublicityStop.notice_id == notice_id, PublicityStop.resumed_on.is_(None))
    return call.session.scalars(query).first()


def _today(call: OperationCall) -> dt.date:
    return call.now.astimezone(OFFICE_ZONE).date()


OPERATIONS: dict[str, Operation] = {
    "publicity.stop": writing(stop),
    "publicity.resume": writing(resume),
    "publicity.standing": reading(standing_of),
    "comparison.running": reading(running),
}
