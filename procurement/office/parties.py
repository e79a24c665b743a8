"""The parties desk: organisations and their credit, experts and their conflicts, agencies."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select

from engine.errors import FieldError, InvalidInput, NotFound
from engine.model import Actor, Page
from procurement.office import rules
from procurement.office.desk import Desk
from procurement.office.saving import found, saved
from procurement.office.validation import check_agency, check_expert, check_organisation
from procurement.registers.parties import (
    BARRING,
    CREDIT_KINDS,
    RECUSAL_RELATIONS,
    Agency,
    CreditEntry,
    Expert,
    ExpertRecusal,
    Organisation,
)
from procurement.registers.performance import Contract
from procurement.registers.standing import credit_of, negative_on

GATES = ("application", "award", "contract")


class PartyDesk:
    """Reading is for everybody who may see the page; editing keeps the actor's name with the change."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def organisations(self) -> Sequence[Organisation]:
        with self._desk.reading() as session:
            return session.scalars(select(Organisation).order_by(Organisation.id)).all()

    def search_organisations(self, words: str = "", kind: str = "", *, limit: int = 50, after: str | None = None) -> Page:
        """By number; ``words`` looks into name, credit code and scope."""
        conditions: list[ColumnElement[bool]] = []
        if words:
            fields = (Organisation.name, Organisation.credit_code, Organisation.scope)
            conditions.append(or_(*(field.icontains(words, autoescape=True) for field in fields)))
        if kind:
            conditions.append(Organisation.kind == kind)
        query = select(Organisation).where(*conditions).order_by(Organisation.id).limit(limit + 1)
        with self._desk.reading() as session:
            total = session.scalar(select(func.count()).select_from(Organisation).where(*conditions)) or 0
            rows = session.scalars(query if after is None else query.where(Organisation.id > after)).all()
        return Page(tuple(rows[:limit]), total, rows[limit - 1].id if len(rows) > limit else None)

    def organisation_names(self, ids: Iterable[str]) -> dict[str, str]:
        """Several at once, by id; ids that do not exist are left out."""
        with self._desk.reading() as session:
            query = select(Organisation.id, Organisation.name).where(Organisation.id.in_(list(ids)))
            return {row.id: row.name for row in session.execute(query)}

    def organisation(self, organisation_id: str) -> Organisation:
        return found(self._desk, Organisation, organisation_id)

    def save_organisation(self, organisation_id: str, values: Mapping[str, Any], *, actor: Actor) -> Organisation:
        """Register a new organisation or change the given columns of one. Raises InvalidInput, AlreadyRegistered."""
        return saved(
            self._desk,
            Organisation(id=organisation_id),
            values,
            check=check_organisation,
            unique=("credit_code", "name"),
            actor=actor,
        )

    def credit(self, organisation_id: str) -> Sequence[CreditEntry]:
        """All entries of one organisation, newest first."""
        with self._desk.reading() as session:
            return credit_of(session, organisation_id)

    def clearing(self) -> dict[str, dict[str, Any]]:
        """Kind of entry → ``{how, document, article, mark}``: how it is cleared, from the decision credit_clearing."""
        return {kind: dict(rules.row(self._desk, "credit_clearing", kind=kind)) for kind in CREDIT_KINDS}

    def contracts(self, organisation_id: str) -> Sequence[Contract]:
        """What the organisation signed, newest first."""
        query = (
            select(Contract).where(Contract.organisation_id == organisation_id).order_by(Contract.created_at.desc()).limit(200)
        )
        with self._desk.reading() as session:
            return session.scalars(query).all()

    def effects(self, kind: str) -> dict[str, dict[str, Any]]:
        """Gate → ``{effect, text, document, article, mark}`` of an entry of that kind, from the decision credit_gate."""
        return {gate: dict(rules.row(self._desk, "credit_gate", kind=kind, gate=gate)) for gate in GATES}

    def negative_list(self) -> Sequence[CreditEntry]:
        """The entries that bar an organisation today."""
        today = self._desk.now().date()
        with self._desk.reading() as session:
            barred = negative_on(session, today)
            entries = session.scalars(
                select(CreditEntry).where(CreditEntry.kind.in_(BARRING)).order_by(CreditEntry.starts_on)
            ).all()
            return [entry for entry in entries if entry.organisation_id in barred and entry.in_force(today)]

    def record_credit(
        self,
        organisation_id: str,
        kind: str,
        reason: str,
        *,
        starts_on: dt.date,
        ends_on: dt.date | None = None,
        source: str = "",
        purchase_id: str | None = None,
        actor: Actor,
    ) -> CreditEntry:
        """Raises NotFound or InvalidInput."""
        self.organisation(organisation_id)
        errors = []
        if kind not in CREDIT_KINDS:
            errors.append(FieldError("kind", "Choose one of {allowed}.", {"allowed": ", ".join(CREDIT_KINDS)}))
        if not reason.strip():
            errors.append(FieldError("reason", "Say what happened; the organisation will read it."))
        if ends_on is not None and ends_on < starts_on:
            errors.append(FieldError("ends_on", "The last day cannot lie before the first."))
        if errors:
            raise InvalidInput(fields=tuple(errors))
        with self._desk.editing(actor) as session:
            entry = CreditEntry(
                organisation_id=organisation_id,
                kind=kind,
                reason=reason.strip(),
                source=source,
                purchase_id=purchase_id,
                starts_on=starts_on,
                ends_on=ends_on,
                recorded_by=actor.user_id,
                recorded_at=self._desk.now(),
            )
            session.add(entry)
            session.flush()
            return entry

    def lift_credit(self, entry_id: int, reason: str, *, actor: Actor) -> CreditEntry:
        """End an entry from today on. Raises NotFound or InvalidInput."""
        if not reason.strip():
            raise InvalidInput(fields=(FieldError("reason", "Say why the entry is lifted."),))
        with self._desk.editing(actor) as session:
            entry = session.get(CreditEntry, entry_id)
            if entry is None:
                raise NotFound(kind="Credit entry", key=entry_id)
            entry.lifted_on, entry.lifted_reason = (
                entry.lifted_on or self._desk.now().date(),
                entry.lifted_reason or reason.strip(),
            )
            session.flush()
            return entry

    def petition(
        self, organisation_id: str, entry_id: int, kind: str, facts: str, *, actor: Actor, command_id: str | None = None
    ) -> None:
        """Appeal against an entry in force (``appeal``), or ask for its removal (``removal``): begins the process that handles it.

        Raises NotFound for an entry that is not the organisation's or counts no longer.
        """
        row, today = self.organisation(organisation_id), self._desk.now().date()
        entry = next((one for one in self.credit(organisation_id) if one.id == entry_id and one.in_force(today)), None)
        if entry is None:
            raise NotFound(kind="Credit entry", key=entry_id)
        until = entry.ends_on and entry.ends_on.isoformat()
        said = {"entry_id": entry.id, "kind": entry.kind, "reason": entry.reason, "since": entry.starts_on.isoformat()}
        known: dict[str, Any] = {"organisation_id": row.id, "organisation": row.name}
        message = "credit_appeal_filed" if kind == "appeal" else "removal_requested"
        sent = (
            {"entry": said | {"until": until}, "facts": facts}
            if kind == "appeal"
            else {"removal": said | {"facts": facts, "files": []}}
        )
        key = f"credit entry {entry.id}"
        self._desk.engine.correlate_message(message, key, known | sent, actor=actor, command_id=command_id)

    def experts(self, field: str = "") -> Sequence[Expert]:
        query = select(Expert).order_by(Expert.id)
        with self._desk.reading() as session:
            return session.scalars(query.where(Expert.fields.contains([field])) if field else query).all()

    def expert(self, expert_id: str) -> Expert:
        return found(self._desk, Expert, expert_id)

    def save_expert(self, expert_id: str, values: Mapping[str, Any], *, actor: Actor) -> Expert:
        """Raises InvalidInput, AlreadyRegistered."""
        return saved(self._desk, Expert(id=expert_id), values, check=check_expert, unique=("login",), actor=actor)

    def recusals(self, expert_id: str) -> Sequence[ExpertRecusal]:
        with self._desk.reading() as session:
            return session.scalars(
                select(ExpertRecusal).where(ExpertRecusal.expert_id == expert_id).order_by(ExpertRecusal.id)
            ).all()

    def add_recusal(
        self,
        expert_id: str,
        organisation_id: str,
        relation: str,
        *,
        since: dt.date | None = None,
        until: dt.date | None = None,
        note: str = "",
        actor: Actor,
    ) -> ExpertRecusal:
        """Raises NotFound or InvalidInput."""
        self.expert(expert_id)
        self.organisation(organisation_id)
        if relation not in RECUSAL_RELATIONS:
            raise InvalidInput(
                fields=(FieldError("relation", "Choose one of {allowed}.", {"allowed": ", ".join(RECUSAL_RELATIONS)}),)
            )
        with self._desk.editing(actor) as session:
            row = ExpertRecusal(
                expert_id=expert_id, organisation_id=organisation_id, relation=relation, since=since, until=until, note=note
            )
            session.add(row)
            session.flush()
            return row

    def agencies(self) -> Sequence[Agency]:
        with self._desk.reading() as session:
            return session.scalars(select(Agency).order_by(Agency.id)).all()

    def agency(self, agency_id: str) -> Agency:
        return found(self._desk, Agency, agency_id)

    def save_agency(self, agency_id: str, values: Mapping[str, Any], *, actor: Actor) -> Agency:
        """Raises InvalidInput, AlreadyRegistered."""
        return saved(self._desk, Agency(id=agency_id), values, check=check_agency, unique=("credit_code", "name"), actor=actor)
