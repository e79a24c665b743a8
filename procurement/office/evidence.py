"""The evidence desk: what an organisation keeps for the seven conditions, when it expires, and using it for an application."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from engine.errors import FieldError, InvalidInput, NotPermitted
from engine.model import Actor
from procurement.office import rules
from procurement.office.access import of_office
from procurement.office.desk import Desk
from procurement.registers import evidence
from procurement.registers.evidence import CONDITIONS, EXPIRED, EXPIRING, Evidence

LONGEST_NOTE = 2000
# 办法 第六条, in the words of the sentences that name conditions; translated like the sentence itself
NAMES = {
    "independent": "lawful establishment",
    "governance": "governance",
    "finance": "finance",
    "capability": "capability",
    "tax_social": "taxes and social security",
    "record": "record",
    "other": "other conditions",
}


class EvidenceNotYours(NotPermitted):
    """Your account does not belong to {organisation}, so its evidence is not yours to see or to change."""


class EvidenceExpired(InvalidInput):
    """The evidence kept for {names} has expired or was found wanting. Attach new evidence for it, then send again."""


@dataclass(frozen=True)
class Kept:
    """One condition: its evidence (None: nothing handed in), whether it may be used today, and how long it still may."""

    condition: str
    row: Evidence | None
    state: str  # none, valid, expiring or expired
    days_left: int | None  # until the last day; None: it does not expire
    usable: bool


class EvidenceDesk:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def of(self, organisation_id: str, *, actor: Actor) -> list[Kept]:
        """All seven conditions in the order of the article. Raises EvidenceNotYours."""
        self._may_see(actor, organisation_id)
        with self._desk.reading() as session:
            rows = evidence.current(session, organisation_id)
        today, notice = self._desk.now().date(), rules.whole(self._desk, "evidence_expiry_notice_days")
        usable = evidence.usable(rows, today)
        return [_kept(name, rows.get(name), today, notice, name in usable) for name in CONDITIONS]

    def history(self, organisation_id: str, *, actor: Actor) -> Sequence[Evidence]:
        """Everything ever handed in, newest first. Raises EvidenceNotYours."""
        self._may_see(actor, organisation_id)
        with self._desk.reading() as session:
            return evidence.history(session, organisation_id)

    def hand_in(
        self,
        organisation_id: str,
        condition: str,
        *,
        note: str,
        files: Sequence[Mapping[str, Any]],
        valid_until: dt.date | None,
        actor: Actor,
    ) -> Evidence:
        """New evidence for one condition; it counts as not verified until somebody has looked at it.

        Raises EvidenceNotYours or InvalidInput.
        """
        if f"organisation:{organisation_id}" not in actor.groups:
            raise EvidenceNotYours(organisation=organisation_id)
        now = self._desk.now()
        check(condition, note, files, valid_until, now.date())
        with self._desk.editing(actor) as session:
            return evidence.record(
                session,
                organisation_id,
                condition,
                note=note.strip(),
                files=files,
                valid_until=valid_until,
                by=actor.user_id,
                at=now,
            )

    def _may_see(self, actor: Actor, organisation_id: str) -> None:
        if not (of_office(actor) or f"organisation:{organisation_id}" in actor.groups):
            raise EvidenceNotYours(organisation=organisation_id)


def check(condition: str, note: str, files: Sequence[object], valid_until: dt.date | None, today: dt.date) -> None:
    """Raises InvalidInput for what cannot be kept as evidence."""
    errors = []
    if condition not in CONDITIONS:
        errors.append(FieldError("condition", "Choose one of {allowed}.", {"allowed": ", ".join(CONDITIONS)}))
    if len(note) > LONGEST_NOTE:
        errors.append(FieldError("note", "Use at most {limit} characters.", {"limit": LONGEST_NOTE}))
    if not files and condition != "other":
        errors.append(FieldError("files", "Attach at least one file."))
    if condition == "other" and not files and not note.strip():
        errors.append(FieldError("note", "This field must be filled in."))
    if valid_until is not None and valid_until < today:
        errors.append(FieldError("valid_until", "This evidence has expired already. Attach one that is still valid."))
    if errors:
        raise InvalidInput(fields=tuple(errors))


def resolved(session: Session, organisation_id: str, application: Mapping[str, Any], today: dt.date) -> dict[str, Any]:
    """``application`` with the kept evidence put in where a condition asks to ``reuse`` it. Raises EvidenceExpired.

    Only the organisation's own current evidence is ever put in, whatever the sender wrote beside ``reuse``.
    """
    parts = {name: part for name, part in (application.get("conditions") or {}).items() if isinstance(part, Mapping)}
    rows = evidence.current(session, organisation_id)
    usable = evidence.usable(rows, today)
    wanted = [name for name, part in parts.items() if part.get("reuse") is True]
    gone = [name for name in wanted if name not in usable]
    if gone:
        raise EvidenceExpired(
            names=", ".join(NAMES.get(name, name) for name in gone),
            fields=tuple(FieldError(f"conditions.{name}.reuse", "This evidence cannot be used any more.") for name in gone),
        )
    clean = {name: {key: part[key] for key in ("note", "files", "valid_until") if key in part} for name, part in parts.items()}
    kept = {name: {"note": rows[name].note, "files": rows[name].files, "evidence_id": rows[name].id} for name in wanted}
    return {**application, "conditions": {**clean, **kept}}


def _kept(name: str, row: Evidence | None, today: dt.date, notice: int, usable: bool) -> Kept:
    if row is None:
        return Kept(name, None, "none", None, False)
    left = (row.valid_until - today).days if row.valid_until else None
    return Kept(name, row, row.state(today, notice), left, usable)


__all__ = ["EXPIRED", "EXPIRING", "NAMES", "EvidenceDesk", "EvidenceExpired", "EvidenceNotYours", "Kept", "check", "resolved"]
