"""The parties desk: organisations and their credit, experts and their conflicts, agencies."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import or_, select

from engine.errors import FieldError, InvalidInput, NotFound
from engine.model import Actor
from procurement.office import rules
from procurement.office.desk import Desk
from procurement.office.saving import found, saved
from procurement.office.validation import check_agency, check_expert, check_organisation
from procurement.registers.parties import (
    CREDIT_KINDS,
    RECUSAL_RELATIONS,
    Agency,
    CreditEntry,
    Expert,
    ExpertRecusal,
    Organisation,
)
from procurement.registers.standing import credit_of, negative_on


class PartyDesk:
    """Reading is for everybody who may see the page; editing keeps the actor's name with the change."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def organisations(self, words: str = "", kind: str = "", *, active: bool | None = None) -> Sequence[Organisation]:
        query = select(Organisation).order_by(Organisation.id)
        if words:
            pattern = f"%{words}%"
            query = query.where(
                or_(Organisation.name.ilike(pattern), Organisation.credit_code.ilike(pattern), Organisation.scope.ilike(pattern))
            )
        if kind:
            query = query.where(Organisation.kind == kind)
        if active is not None:
            query = query.where(Organisation.active == active)
        with self._desk.reading() as session:
            return session.scalars(query).all()

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

    def negative_list(self) -> Sequence[CreditEntry]:
        """The entries that bar an organisation today."""
        today = self._desk.now().date()
        with self._desk.reading() as session:
            barred = negative_on(session, today)
            entries = session.scalars(
                select(CreditEntry).where(CreditEntry.kind == "negative").order_by(CreditEntry.starts_on)
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
