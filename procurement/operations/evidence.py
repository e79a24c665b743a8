"""Operations on the evidence of organisations: what the register holds, and what a check of it found."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.ports import Operation, OperationCall
from procurement.operations.inputs import Inputs
from procurement.operations.once import reading, writing
from procurement.operations.rules import rule_number
from procurement.registers import evidence
from procurement.registers.comparison import Application
from procurement.registers.evidence import CONCLUSIONS, CONDITIONS, Evidence
from procurement.registers.files import FileUse

RULES = "registration_rules"  # processes/organisation_registration
NOTHING: Mapping[str, Any] = {
    "state": "none",
    "note": "",
    "files": [],
    "valid_until": None,
    "conclusion": "",
    "source": "",
    "verified_on": None,
    "verified_by": "",
    "reason": "",
}


def read_evidence(call: OperationCall, inputs: Inputs) -> Mapping[str, Any]:
    """organisation_id, application_id, on → evidence {condition: {state, files, valid_until, source, verified_on …}}, expired.

    With ``application_id`` the evidence that application points to, else the organisation's current one.
    """
    day = inputs.date("on", call.now.date())
    notice = int(rule_number(call, "evidence_expiry_notice_days", day, RULES))
    application = call.session.get(Application, inputs.text("application_id", ""))
    rows = evidence.current(call.session, inputs.text("organisation_id"))
    if application is not None:
        rows |= of_application(call.session, application)
    return {
        "evidence": {name: _shown(rows[name], day, notice) if name in rows else NOTHING for name in CONDITIONS},
        "expired": [name for name, row in rows.items() if row.state(day, notice) == evidence.EXPIRED],
    }


def of_application(session: Session, application: Application) -> dict[str, Evidence]:
    """Condition → the evidence the application points to."""
    named = {name: part.get("evidence_id") for name, part in _conditions(application.content).items()}
    found = {name: session.get(Evidence, key) for name, key in named.items() if isinstance(key, int)}
    return {name: row for name, row in found.items() if row is not None}


def with_evidence(call: OperationCall, application: Application) -> dict[str, Any]:
    """The application's content, every condition pointing into the register: to what is kept there, or to what it brought itself."""
    content = dict(application.content)
    parts = _conditions(content)
    for name, part in parts.items():
        kept = call.session.get(Evidence, part["evidence_id"]) if isinstance(part.get("evidence_id"), int) else None
        if kept is not None and (kept.organisation_id, kept.condition) == (application.organisation_id, name):
            parts[name] = {**part, "note": kept.note, "files": kept.files}
            _show_to_the_case(call, application, kept.files)
        elif part.get("files"):
            parts[name] = {**part, "evidence_id": _brought(call, application, name, part).id}
    return {**content, "conditions": {**content["conditions"], **parts}} if parts else content


def _brought(call: OperationCall, application: Application, name: str, part: Mapping[str, Any]) -> Evidence:
    return evidence.record(
        call.session,
        application.organisation_id,
        name,
        note=str(part.get("note") or ""),
        files=part["files"],
        valid_until=_day(part.get("valid_until")),
        by=call.actor_id,
        at=call.now,
        origin=application.id,
    )


def _show_to_the_case(call: OperationCall, application: Application, files: Iterable[Mapping[str, Any]]) -> None:
    """What the organisation uploaded earlier belongs to this purchase too: whoever checks the application may read it."""
    party = f"organisation:{application.organisation_id}"
    for file in files:
        uses = call.session.scalars(select(FileUse).where(FileUse.sha256 == file.get("sha256"), FileUse.party == party)).all()
        if not uses or any(use.purchase_id == application.purchase_id for use in uses):
            continue  # never opened to anybody by being named
        shown = FileUse(
            sha256=uses[0].sha256,
            name=uses[0].name,
            purchase_id=application.purchase_id,
            uploaded_by=uses[0].uploaded_by,
            party=party,
            visibility="party",
            uploaded_at=uses[0].uploaded_at,
        )
        call.session.add(shown)
        call.session.flush()


def verify_evidence(call: OperationCall, inputs: Inputs) -> Mapping[str, Any]:
    """application_id, conclusions {condition: {conclusion, reason, source, until}}, source, on, by → verified.

    ``source`` is where everything was looked up that names no source of its own.
    """
    application = call.session.get_one(Application, inputs.text("application_id"))
    rows = of_application(call.session, application)
    found = inputs.mapping("conclusions")
    day, by = inputs.date("on", call.now.date()), inputs.text("by", call.actor_id)
    for name, row in rows.items():
        part = found.get(name)
        if isinstance(part, dict) and part.get("conclusion") in CONCLUSIONS:
            note_verification(row, part, day=day, by=by, general=inputs.text("source", ""), subject=application.id)
    return {"verified": len(rows)}


def note_verification(row: Evidence, part: Mapping[str, Any], *, day: dt.date, by: str, general: str, subject: str) -> None:
    """Write down what a check of one condition found. ``part``: conclusion, reason, source, until."""
    row.conclusion, row.reason = str(part["conclusion"]), str(part.get("reason") or "")
    row.source, row.verified_on, row.verified_by = str(part.get("source") or general), day, by
    row.verified_for = subject
    row.valid_until = _day(part.get("until")) or row.valid_until


def _conditions(content: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    parts = content.get("conditions")
    return (
        {name: part for name, part in parts.items() if name in CONDITIONS and isinstance(part, dict)}
        if isinstance(parts, dict)
        else {}
    )


def _day(value: Any) -> dt.date | None:
    if isinstance(value, dt.date):
        return value
    try:
        return dt.date.fromisoformat(str(value)[:10]) if value else None
    except ValueError:
        return None


def _shown(row: Evidence, day: dt.date, notice: int) -> dict[str, Any]:
    return {
        "state": row.state(day, notice),
        "note": row.note,
        "files": row.files,
        "valid_until": row.valid_until,
        "conclusion": row.conclusion,
        "source": row.source,
        "verified_on": row.verified_on,
        "verified_by": row.verified_by,
        "reason": row.reason,
    }


OPERATIONS: dict[str, Operation] = {
    "evidence.read": reading(read_evidence),
    "evidence.verify": writing(verify_evidence),
}
