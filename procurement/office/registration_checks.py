"""What a registration must say before it is kept, each error beside its field, and what stands against it in the registers."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.errors import FieldError, InvalidInput
from procurement.accounts.tables import User
from procurement.accounts.users import LOGIN
from procurement.registers.credit_code import fault
from procurement.registers.evidence import CONDITIONS
from procurement.registers.parties import ORGANISATION_KINDS, Organisation
from procurement.registers.registering import OPEN, Registration

# field → the longest text it takes, in characters
LONGEST = {
    "name": 100,
    "registration_authority": 100,
    "scope": 2000,
    "legal_representative": 50,
    "contact": 50,
    "phone": 30,
    "address": 200,
}
PHONE = re.compile(r"[0-9+ -]{7,20}")
REQUIRED = "This field must be filled in."
LOGIN_SHAPE = "Use 2 to 32 lower-case letters, digits, dots, hyphens or underscores, beginning with a letter."


def cleaned(values: Mapping[str, Any], today: dt.date) -> dict[str, Any]:
    """The columns of a registration out of what was typed; anything else that was sent is not looked at. Raises InvalidInput."""
    given = {name: str(values.get(name) or "").strip() for name in (*LONGEST, "kind", "credit_code", "registered_on", "login")}
    given["credit_code"] = given["credit_code"].upper()
    errors = [FieldError(name, REQUIRED) for name, value in given.items() if not value]
    errors += [
        FieldError(name, "Use at most {limit} characters.", {"limit": limit})
        for name, limit in LONGEST.items()
        if len(given[name]) > limit
    ]
    errors += [error for error in _shapes(given) if given[error.path]]
    day = _day(given["registered_on"])
    if given["registered_on"] and (day is None or day > today):
        errors.append(FieldError("registered_on", "Enter the date on the certificate; it cannot lie ahead."))
    if errors or day is None:
        raise InvalidInput(fields=tuple(errors))
    return {**given, "registered_on": day}


def _shapes(given: Mapping[str, str]) -> list[FieldError]:
    errors = []
    if given["kind"] not in ORGANISATION_KINDS:
        errors.append(FieldError("kind", "Only social service institutions, social groups and foundations may register."))
    template = fault(given["credit_code"])
    if template:
        errors.append(FieldError("credit_code", template, {"length": len(given["credit_code"])}))
    if not PHONE.fullmatch(given["phone"]):
        errors.append(FieldError("phone", "A telephone number has 7 to 20 digits, spaces, plus signs and hyphens."))
    if not LOGIN.fullmatch(given["login"]):
        errors.append(FieldError("login", LOGIN_SHAPE))
    return errors


def refuse_taken(session: Session, values: Mapping[str, Any], own: str = "") -> None:
    """Raises InvalidInput when the code, the name or the login belongs to somebody else already. ``own``: the registration itself."""
    errors = []
    code, login = values["credit_code"], values["login"]
    if session.scalar(select(Organisation.id).where(Organisation.credit_code == code)):
        errors.append(
            FieldError("credit_code", "This code is registered already. Log in with its account, or ask the service centre.")
        )
    elif session.scalar(select(Organisation.id).where(Organisation.name == values["name"])):
        errors.append(FieldError("name", "This name is registered already. Log in with its account, or ask the service centre."))
    others = select(Registration.id).where(Registration.status.in_(OPEN), Registration.id != own)
    if session.scalar(others.where(Registration.credit_code == code)):
        errors.append(
            FieldError("credit_code", "A registration with this code is being checked already; follow it with its number.")
        )
    taken = session.get(User, login) is not None or session.scalar(others.where(Registration.login == login)) is not None
    if taken:
        errors.append(FieldError("login", "The login name {login} is taken. Choose another one.", {"login": login}))
    if errors:
        raise InvalidInput(fields=tuple(errors))


def refuse_incomplete(conditions: Mapping[str, Any]) -> None:
    """Six conditions need evidence, the seventh only where something else is asked for. Raises InvalidInput."""
    missing = [name for name in CONDITIONS[:-1] if not (conditions.get(name) or {}).get("files")]
    if missing:
        raise InvalidInput(fields=tuple(FieldError(name, "Attach at least one file.") for name in missing))


def _day(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None
