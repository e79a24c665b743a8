"""Operations on an appeal (投诉): its clock, the suspension of the contract, the decision, and the record of groundless ones.

The days come from the decision ``appeal_rules``; each stop of the clock is kept with its reason and its working days.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from sqlalchemy import func, select

from engine.errors import NotFound
from engine.ports import Operation, OperationCall
from procurement.calendar import WorkingCalendar
from procurement.operations.inputs import Inputs
from procurement.operations.once import writing
from procurement.operations.rules import rule_number
from procurement.registers.office_calendar import entered_years
from procurement.registers.parties import CreditEntry, Organisation
from procurement.registers.publicity import Appeal
from procurement.registers.row import OFFICE_ZONE

RULES = "appeal_rules"
OUTCOMES = ("refused", "withdrawn", "rejected", "redo", "void", "confirm")
STATUS_OF = {
    "redo": "upheld",
    "void": "upheld",
    "confirm": "rejected",
}  # confirm: a fault was found, but none that changes the result
PAUSES = ("supplement", "expertise")


def receive(call: OperationCall, inputs: Inputs) -> Mapping[str, Any]:
    """appeal_id → check_due_on, refuse_due_on: until when it is checked, and told when it cannot be accepted (94号令 第二十一条)."""
    row = _appeal(call, inputs)
    return {
        "appeal_id": row.id,
        "check_due_on": _after(call, "appeal_check_working_days"),
        "refuse_due_on": _after(call, "appeal_refusal_notice_working_days"),
    }


def pause(call: OperationCall, inputs: Inputs) -> Mapping[str, Any]:
    """appeal_id, why (supplement, expertise), what → paused_on. Days that pass now are not counted (94号令)."""
    row, why = _appeal(call, inputs), inputs.choice("why", PAUSES)
    row.pauses = [
        *row.pauses,
        {"why": why, "what": inputs.text("what", ""), "from": _today(call).isoformat(), "to": None, "days": 0},
    ]
    if why == "supplement":
        row.status = "supplementing"
    return {"paused_on": _today(call), "supplement_due_on": _after(call, "appeal_supplement_working_days")}


def resume(call: OperationCall, inputs: Inputs) -> Mapping[str, Any]:
    """appeal_id → due_on, days: the working days of the stop move the day of the decision."""
    row, today = _appeal(call, inputs), _today(call)
    open_ = [one for one in row.pauses if one["to"] is None]
    days = 0
    if open_:
        calendar = _calendar(call)
        days = max(0, calendar.between(dt.date.fromisoformat(open_[-1]["from"]), today))
        row.pauses = [one if one["to"] else {**one, "to": today.isoformat(), "days": days} for one in row.pauses]
        row.days_not_counted += days
        if row.due_on is not None:
            row.due_on = calendar.after(row.due_on, days)
    return {"due_on": row.due_on, "days": days}


def accept(call: OperationCall, inputs: Inputs) -> Mapping[str, Any]:
    """appeal_id, suspend → due_on, reply_due_on, suspended_until. A suspension keeps the contract from being signed."""
    row, today = _appeal(call, inputs), _today(call)
    row.status, row.accepted_at = "accepted", call.now
    row.due_on = _after(call, "appeal_decision_working_days")
    if inputs.flag("suspend"):
        days = int(rule_number(call, "appeal_suspension_days", today, RULES))
        row.suspended_on, row.suspended_until = today, today + dt.timedelta(days=days)
    return {
        "due_on": row.due_on,
        "reply_due_on": _after(call, "appeal_reply_working_days"),
        "suspended_until": row.suspended_until,
    }


def decide(call: OperationCall, inputs: Inputs) -> Mapping[str, Any]:
    """appeal_id, outcome, decision → status, unfounded_count, recorded. Ends a suspension.

    A rejected appeal counts as groundless; as many as the rule says within its months go on the organisation's record.
    """
    row, outcome = _appeal(call, inputs), inputs.choice("outcome", OUTCOMES)
    row.status = STATUS_OF.get(outcome, outcome)
    row.outcome, row.decision = outcome, inputs.text("decision", "")
    row.decided_at, row.decided_by = call.now, call.actor_id
    row.unfounded = outcome == "rejected"
    if row.suspended_until is not None and row.suspension_lifted_on is None:
        row.suspension_lifted_on = _today(call)
    call.session.flush()
    count = _groundless(call, row) if row.unfounded else 0
    limit = int(rule_number(call, "appeal_groundless_times", _today(call), RULES))
    recorded = (
        count >= limit and row.organisation_id is not None and call.session.get(Organisation, row.organisation_id) is not None
    )
    if recorded:
        _put_on_record(call, row, count)
    return {"status": row.status, "unfounded_count": count, "recorded": recorded}


def _groundless(call: OperationCall, row: Appeal) -> int:
    """Groundless appeals of the same organisation or person within the rule's months, this one included."""
    months = int(rule_number(call, "appeal_groundless_months", _today(call), RULES))
    since = call.now - dt.timedelta(days=round(months * 365.25 / 12))
    who = Appeal.organisation_id == row.organisation_id if row.organisation_id else Appeal.person == row.person
    query = select(func.count()).where(who, Appeal.unfounded.is_(True), Appeal.decided_at > since)
    return call.session.scalar(query) or 0


def _put_on_record(call: OperationCall, row: Appeal, count: int) -> None:
    call.session.add(
        CreditEntry(
            organisation_id=row.organisation_id or "",
            kind="warning",
            reason=f"近期 {count} 次投诉查无实据",
            source=f"{row.id} 投诉处理决定",
            purchase_id=row.purchase_id,
            starts_on=_today(call),
            ends_on=None,
            recorded_by=call.actor_id,
            recorded_at=call.now,
        )
    )


def _appeal(call: OperationCall, inputs: Inputs) -> Appeal:
    row = call.session.get(Appeal, inputs.text("appeal_id"), with_for_update=True)
    if row is None:
        raise NotFound(kind="Appeal", key=inputs.text("appeal_id"))
    return row


def _after(call: OperationCall, rule_id: str) -> dt.date:
    """So many working days from today as the rule says; today is not counted."""
    today = _today(call)
    return _calendar(call).after(today, int(rule_number(call, rule_id, today, RULES)))


def _calendar(call: OperationCall) -> WorkingCalendar:
    return WorkingCalendar.published(*entered_years(call.session))


def _today(call: OperationCall) -> dt.date:
    return call.now.astimezone(OFFICE_ZONE).date()


OPERATIONS: dict[str, Operation] = {
    "appeal.receive": writing(receive),
    "appeal.pause": writing(pause),
    "appeal.resume": writing(resume),
    "appeal.accept": writing(accept),
    "appeal.decide": writing(decide),
}
