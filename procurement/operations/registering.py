"""Operations on the registration of organisations: look at it once more, let the account come alive, or close it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from sqlalchemy import select, update

from engine.errors import BpmnError, NotFound
from engine.ports import Operation, OperationCall
from procurement.accounts.tables import User
from procurement.accounts.users import add_user
from procurement.operations.evidence import note_verification
from procurement.operations.inputs import Inputs
from procurement.operations.once import reading, writing
from procurement.registers import evidence
from procurement.registers.files import FileUse
from procurement.registers.parties import Organisation
from procurement.registers.registering import ACCEPTED, OPEN, REFUSED, WITHDRAWN, Registration

CLOSINGS = (REFUSED, WITHDRAWN)


def read_registration(call: OperationCall, inputs: Inputs) -> Mapping[str, Any]:
    """registration_id → registration {name, kind, credit_code …, conditions}. No password and no address of the network."""
    row = _found(call, inputs)
    return {
        "registration": {
            "registration_id": row.id,
            "name": row.name,
            "kind": row.kind,
            "credit_code": row.credit_code,
            "registration_authority": row.registration_authority,
            "registered_on": row.registered_on,
            "scope": row.scope,
            "legal_representative": row.legal_representative,
            "contact": row.contact,
            "phone": row.phone,
            "address": row.address,
            "login": row.login,
            "sent_at": row.sent_at,
            "conditions": {name: row.conditions.get(name) for name in evidence.CONDITIONS},
        }
    }


def accept_registration(call: OperationCall, inputs: Inputs) -> Mapping[str, Any]:
    """registration_id, conclusions, source, on → organisation_id, login. The account and the register rows come alive.

    Throws REGISTERED_MEANWHILE with ``taken``: organisation (code or name) or login, taken by somebody else meanwhile.
    """
    row = _found(call, inputs)
    _refuse_taken(call, row)
    organisation = Organisation(
        id=_next_id(call),
        name=row.name,
        kind=row.kind,
        credit_code=row.credit_code,
        registration_authority=row.registration_authority,
        registered_on=row.registered_on,
        scope=row.scope,
        legal_representative=row.legal_representative,
        contact=row.contact,
        phone=row.phone,
        address=row.address,
        related_organisations=[],
    )
    call.session.add(organisation)
    call.session.flush()
    add_user(
        call.session,
        row.login,
        row.contact,
        row.password_hash,
        roles=["organisation"],  # never what was sent: a registration makes an organisation's account and nothing else
        groups=[f"organisation:{organisation.id}"],
        unit=organisation.name,
        now=call.now,
    )
    _keep_evidence(call, inputs, row, organisation.id)
    own = update(FileUse).where(FileUse.purchase_id == row.id)
    call.session.execute(own.values(party=f"organisation:{organisation.id}"))
    row.status, row.organisation_id, row.password_hash = ACCEPTED, organisation.id, ""
    row.decided_at, row.decided_by = call.now, call.actor_id
    return {"organisation_id": organisation.id, "login": row.login}


def close_registration(call: OperationCall, inputs: Inputs) -> Mapping[str, Any]:
    """registration_id, result (refused, withdrawn), reason → status. Closing a closed one changes nothing."""
    row = _found(call, inputs)
    if row.status in OPEN:
        row.status, row.reason = inputs.choice("result", CLOSINGS), inputs.text("reason", "")
        row.decided_at, row.decided_by = call.now, call.actor_id
    return {"status": row.status}


def _found(call: OperationCall, inputs: Inputs) -> Registration:
    number = inputs.text("registration_id", call.business_key)
    row = call.session.get(Registration, number, with_for_update=True)
    if row is None:
        raise NotFound(kind="Registration", key=number)
    return row


def _refuse_taken(call: OperationCall, row: Registration) -> None:
    same = select(Organisation.id).where((Organisation.credit_code == row.credit_code) | (Organisation.name == row.name))
    known = call.session.scalar(same)
    taken = "organisation" if known is not None else "login" if call.session.get(User, row.login) is not None else ""
    if taken:
        raise BpmnError("REGISTERED_MEANWHILE", f"The {taken} of {row.id} was registered meanwhile.", {"taken": taken})


def _next_id(call: OperationCall) -> str:
    """org-13 after org-12; ids of another shape are left alone."""
    ids = call.session.scalars(select(Organisation.id).where(Organisation.id.like("org-%")))
    numbers = [int(key[4:]) for key in ids if key[4:].isdecimal()]
    return f"org-{max(numbers, default=0) + 1:02d}"


def _keep_evidence(call: OperationCall, inputs: Inputs, row: Registration, organisation_id: str) -> None:
    found, general = inputs.mapping("conclusions", {}), inputs.text("source", "")
    day = inputs.date("on", call.now.date())
    for name in evidence.CONDITIONS:
        part = row.conditions.get(name)
        if not isinstance(part, dict) or not (part.get("files") or part.get("note")):
            continue
        until = part.get("valid_until")
        kept = evidence.record(
            call.session,
            organisation_id,
            name,
            note=str(part.get("note") or ""),
            files=part.get("files") or [],
            valid_until=dt.date.fromisoformat(str(until)) if until else None,
            by=row.login,
            at=row.sent_at or call.now,
            origin=row.id,
        )
        result = found.get(name)
        if isinstance(result, dict) and result.get("conclusion") in evidence.CONCLUSIONS:
            note_verification(kept, result, day=day, by=call.actor_id, general=general, subject=row.id)


OPERATIONS: dict[str, Operation] = {
    "registration.read": reading(read_registration),
    "registration.accept": writing(accept_registration),
    "registration.close": writing(close_registration),
}
