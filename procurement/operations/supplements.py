"""Operations on supplements (补正): asking for one stops the clock of the check, closing it lets the clock run again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.errors import NotFound
from engine.ports import Operation, OperationCall
from procurement.calendar import WorkingCalendar, stoppable
from procurement.calendar.stoppable import StoppablePeriod
from procurement.operations.inputs import Inputs
from procurement.operations.once import writing
from procurement.registers import evidence
from procurement.registers.comparison import Application
from procurement.registers.office_calendar import entered_years
from procurement.registers.registering import SENT, SUPPLEMENT, Registration, SupplementRequest


def request_supplement(call: OperationCall, inputs: Inputs) -> Mapping[str, Any]:
    """subject, conclusions, days, runs_from, answer_days → supplement_id, items, days_left, supplement_due, check_due_before.

    ``days`` working days after ``runs_from`` the check is due; today is not used up (procurement.calendar.stoppable).
    """
    subject, today = inputs.text("subject"), call.now.date()
    calendar = _calendar(call)
    running = StoppablePeriod(inputs.whole("days"), inputs.date("runs_from"))
    stopped = stoppable.stop(running, today, calendar)
    found = inputs.mapping("conclusions")
    items = [
        {"condition": name, "reason": str(found[name].get("reason") or "")}
        for name in evidence.CONDITIONS
        if isinstance(found.get(name), dict) and found[name].get("conclusion") == "supplement"
    ]
    row = SupplementRequest(
        subject=subject,
        purchase_id=inputs.text("purchase_id", "") or None,
        items=items,
        requested_at=call.now,
        requested_by=call.actor_id,
        due_on=calendar.after(today, inputs.whole("answer_days")),
        check_due_before=calendar.after(inputs.date("runs_from"), running.remaining),
        days_left=stopped.remaining,
    )
    call.session.add(row)
    _mark(call, subject, SUPPLEMENT)
    call.session.flush()
    return {
        "supplement_id": row.id,
        "items": items,
        "days_left": row.days_left,
        "supplement_due": row.due_on,
        "check_due_before": row.check_due_before,
    }


def close_supplement(call: OperationCall, inputs: Inputs) -> Mapping[str, Any]:
    """supplement_id, answered, note, files → runs_from, days_left, check_due, stopped_days. Closing twice changes nothing."""
    row = call.session.get(SupplementRequest, inputs.whole("supplement_id"))
    if row is None:
        raise NotFound(kind="Supplement request", key=inputs.whole("supplement_id"))
    calendar, today = _calendar(call), call.now.date()
    if row.closed_at is None:
        row.closed_at, row.answered = call.now, inputs.flag("answered")
        row.note, row.files = inputs.text("note", ""), inputs.rows("files", [])
        row.check_due_after = calendar.after(today, row.days_left)
        row.stopped_days = max(0, calendar.between(row.requested_at.date(), today))
        if row.answered:
            _add_to_application(call, row)
        _mark(call, row.subject, SENT)
    return {
        "runs_from": today,
        "days_left": row.days_left,
        "check_due": row.check_due_after,
        "stopped_days": row.stopped_days,
    }


def _mark(call: OperationCall, subject: str, status: str) -> None:
    registration = call.session.get(Registration, subject)
    if registration is not None:
        registration.status = status


def _add_to_application(call: OperationCall, row: SupplementRequest) -> None:
    """What was supplemented stands beside what was there, in the register and in the application."""
    application = call.session.get(Application, row.subject)
    if application is None or not row.files:
        return
    conditions = dict(application.content.get("conditions") or {})
    for name in (item["condition"] for item in row.items):
        part = dict(conditions.get(name) or {})
        files = [*(part.get("files") or []), *row.files]
        note = "\n".join(filter(None, (str(part.get("note") or ""), row.note)))
        kept = evidence.record(
            call.session,
            application.organisation_id,
            name,
            note=note,
            files=files,
            valid_until=None,
            by=call.actor_id,
            at=call.now,
            origin=application.id,
        )
        conditions[name] = {**part, "files": files, "note": note, "evidence_id": kept.id}
    application.content = {**application.content, "conditions": conditions}


def _calendar(call: OperationCall) -> WorkingCalendar:
    return WorkingCalendar.published(*entered_years(call.session))


OPERATIONS: dict[str, Operation] = {
    "supplement.request": writing(request_supplement),
    "supplement.close": writing(close_supplement),
}
