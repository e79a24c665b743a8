"""Operations on an objection: registered, sent back for what is missing, answered, alone or with others of its kind."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from engine.errors import NotFound
from engine.ports import Operation, OperationCall
from procurement.operations.inputs import Inputs
from procurement.operations.once import writing
from procurement.registers.comparison import OBJECTION_SUBJECTS, OBJECTIONS_OPEN, Bid, Objection

REFUSED = frozenset({"refuse", "refused", "rejected", "reject", "not_upheld"})
WITHDRAWN = frozenset({"withdrawn", "withdraw"})
INADMISSIBLE = frozenset({"inadmissible"})


def register(call: OperationCall, inputs: Inputs) -> Mapping[str, Any]:
    """purchase_id, objection {name, contact, request, facts, files …} → objection_id, raised_at, status, others.

    One that came through the office's own page is in the register already (objection.objection_id). ``status`` is that of the
    register: one that was joined to another and answered with it arrives answered. ``others``: open objections of the same
    kind beside it.
    """
    sent = inputs.mapping("objection")
    known = sent.get("objection_id")
    row = call.session.get(Objection, known) if isinstance(known, int) else None
    if row is None:
        row = _new(call, inputs, sent)
    if inputs.given("answer_due_on"):
        row.answer_due_on = row.answer_due_on or inputs.date("answer_due_on")
    query = select(Objection).where(
        Objection.purchase_id == row.purchase_id,
        Objection.about == row.about,
        Objection.id != row.id,
        Objection.status.in_(OBJECTIONS_OPEN),
    )
    others = [
        {"objection_id": o.id, "name": o.person, "request": o.request, "facts": o.content}
        for o in call.session.scalars(query.order_by(Objection.id))
    ]
    return {"objection_id": row.id, "raised_at": row.raised_at, "status": row.status, "others": others}


def _new(call: OperationCall, inputs: Inputs, sent: Mapping[str, Any]) -> Objection:
    about = sent.get("about")
    row = Objection(
        purchase_id=inputs.text("purchase_id", call.business_key),
        notice_id=sent.get("notice_id"),
        organisation_id=sent.get("organisation_id"),
        person=str(sent.get("name") or sent.get("person") or ""),
        contact=str(sent.get("contact") or ""),
        request=str(sent.get("request") or ""),
        content=str(sent.get("facts") or sent.get("content") or ""),
        evidence=list(sent.get("files") or []),
        about=about if about in OBJECTION_SUBJECTS else "result",
        against=str(sent.get("against") or ""),
        raised_by=str(sent.get("raised_by") or ""),
        raised_at=call.now,
        status="raised",
    )
    call.session.add(row)
    call.session.flush()
    return row


def ask_supplement(call: OperationCall, inputs: Inputs) -> Mapping[str, Any]:
    """objection_id, missing → status. The objector reads what is missing in the portal."""
    row = _objection(call, inputs)
    row.status, row.supplement_asked_at, row.supplement = "supplementing", call.now, inputs.text("missing")
    return {"status": row.status}


def decide(call: OperationCall, inputs: Inputs) -> Mapping[str, Any]:
    """objection_id, result, answer, joined, examined_by → status, affected.

    ``result``: refuse, inadmissible, withdrawn, or what follows from an upheld one (correct, re_evaluate, rerun, void).
    ``joined``: ids of open objections answered with it. ``affected``: whom the answer goes to, as groups and logins.
    """
    row = _objection(call, inputs)
    joined = [int(one) for one in inputs.rows("joined", []) if one is not None]
    rows = [row]
    for key in joined:
        other = call.session.get(Objection, key)
        if other is not None and other.purchase_id == row.purchase_id and other.status in OBJECTIONS_OPEN and other is not row:
            other.joined_to = row.id
            rows.append(other)
    result = inputs.text("result")
    for one in rows:
        one.status = _status(result)
        one.outcome, one.decision, one.decided_at = result, inputs.text("answer", ""), call.now
        one.decided_by, one.examined_by = call.actor_id, inputs.text("examined_by", one.examined_by or "")
        if result in WITHDRAWN:
            one.withdrawn_at = call.now
    return {"status": row.status, "affected": _affected(call, rows)}


def _status(result: str) -> str:
    if result in REFUSED:
        return "rejected"
    if result in WITHDRAWN:
        return "withdrawn"
    return "refused" if result in INADMISSIBLE else "upheld"


def _affected(call: OperationCall, rows: list[Objection]) -> list[str]:
    """The objectors and every organisation whose bid was opened for the purchase."""
    bids = select(Bid.organisation_id).where(Bid.purchase_id == rows[0].purchase_id, Bid.status == "opened")
    organisations = {one.organisation_id for one in rows if one.organisation_id} | set(call.session.scalars(bids))
    return [*(f"organisation:{one}" for one in sorted(organisations)), *sorted({one.raised_by for one in rows if one.raised_by})]


def _objection(call: OperationCall, inputs: Inputs) -> Objection:
    row = call.session.get(Objection, inputs.whole("objection_id"), with_for_update=True)
    if row is None:
        raise NotFound(kind="Objection", key=inputs.whole("objection_id"))
    return row


OPERATIONS: dict[str, Operation] = {
    "objection.register": writing(register),
    "objection.ask_supplement": writing(ask_supplement),
    "objection.decide": writing(decide),
}
