"""Objections (异议) as those who raise them meet them: until when, what is missing, what became of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from engine.errors import Conflict, FieldError, InvalidInput, NotFound, NotPermitted
from engine.model import Actor
from procurement.calendar import WorkingCalendar
from procurement.office.access import of_office, parties
from procurement.office.desk import Desk
from procurement.registers.comparison import (
    NO_LONGER,
    OBJECTION_SUBJECTS,
    OBJECTIONS_OPEN,
    Application,
    Notice,
    Objection,
)
from procurement.registers.office_calendar import entered_years
from procurement.registers.publicity import Appeal
from procurement.registers.purchases import Purchase
from procurement.registers.row import OFFICE_ZONE

LONGEST = 5000
SAID = {"documents": "the documents", "process": "the process", "result": "the result"}  # what an objection is to, in a sentence
AGAINST = ("", "agency", "street", "panel", "bidder")
SYSTEM = Actor("system", system=True)


class ObjectionTooLate(Conflict):
    """An objection to {about} could be raised until {last_day}, {days} working days after {counted_from}; today it is too late."""


class ObjectionNotYours(NotPermitted):
    """An objection to {about} is for organisations that applied. Anybody may object to a published result."""


class ObjectionClosed(Conflict):
    """Objection {number} was answered already; it can be neither supplemented nor withdrawn."""


class NothingAsked(Conflict):
    """Nothing is asked to be supplemented for objection {number}."""


@dataclass(frozen=True)
class Period:
    """Until when something may be raised: ``days`` working days, the day of the event not counted."""

    counted_from: dt.date
    days: int
    last_day: dt.date


class ObjectionDesk:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def check(self, session: Session, purchase_id: str, about: str, organisation_id: str | None) -> Period:
        """Who may object to the documents or the process, and until when. Raises ObjectionNotYours, ObjectionTooLate, NotFound."""
        purchase = session.get(Purchase, purchase_id)
        if purchase is None:
            raise NotFound(kind="Purchase", key=purchase_id)
        if about == "process" and not _applied(session, purchase_id, organisation_id):
            raise ObjectionNotYours(about=SAID["process"])
        notice = session.scalars(
            select(Notice)
            .where(Notice.purchase_id == purchase_id, Notice.kind.in_(("comparison_notice", "correction", "extension")))
            .order_by(Notice.id.desc())
            .limit(1)
        ).first()
        if notice is None:
            raise NotFound(kind="Notice", key=purchase_id)
        event = notice.published_at
        if about == "process" and purchase.bid_until is not None and purchase.bid_until < self._desk.now():
            event = purchase.bid_until
        period = self.period(session, event, f"objection_{about}_working_days", "objection_rules")
        if self.today() > period.last_day:
            raise ObjectionTooLate(
                about=SAID[about],
                last_day=period.last_day,
                days=period.days,
                counted_from=period.counted_from,
            )
        return period

    def hand_in(self, row: Objection, sent: Mapping[str, Any], *, actor: Actor) -> None:
        """Give an objection to the documents or the process to the running comparison. Raises NotFound when there is none."""
        request = {"kind": "objection", "objection": dict(sent)}
        self._desk.engine.correlate_message(
            "comparison_request", row.purchase_id, {"request": request}, actor=actor, command_id=f"objection {row.id}"
        )

    def supplement(self, objection_id: int, text: str, *, files: Sequence[Mapping[str, Any]] = (), actor: Actor) -> Objection:
        """Send what was asked for. Raises NotFound, NothingAsked, InvalidInput."""
        with self._desk.reading() as session:
            self.own(session, objection_id, actor)  # first of all: a wrong field tells nobody that the objection is there
        given = filled("text", text)
        with self._desk.editing(actor) as session:
            row = self.own(session, objection_id, actor)
            if row.status != "supplementing":
                raise NothingAsked(number=objection_id)
            row.status, row.supplemented_at = "raised", self._desk.now()
            row.supplement = f"{row.supplement}\n\n补正：{given}"
            row.evidence = [*row.evidence, *(dict(file) for file in files)]
            session.flush()
        self._desk.engine.correlate_message(
            "objection_supplemented", f"objection {objection_id}", {"objection_supplement": given}, actor=actor
        )
        return row

    def withdraw(self, objection_id: int, note: str, *, actor: Actor) -> None:
        """Take an objection back before it is answered. Raises NotFound, ObjectionClosed."""
        with self._desk.reading() as session:
            row = self.own(session, objection_id, actor)
            if row.status not in OBJECTIONS_OPEN:
                raise ObjectionClosed(number=objection_id)
        said = {"withdrawn_objection_id": objection_id, "withdrawal_note": note.strip()[:LONGEST] or "异议人撤回"}
        try:
            self._desk.engine.correlate_message("objection_withdrawn", f"objection {objection_id}", said, actor=actor)
        except NotFound:  # it waits for an earlier one to be answered: nobody has begun with it
            with self._desk.editing(actor) as session:
                row = self.own(session, objection_id, actor)
                row.status, row.withdrawn_at, row.decision = "withdrawn", self._desk.now(), str(said["withdrawal_note"])
                row.outcome, row.decided_at, row.decided_by = "withdrawn", self._desk.now(), actor.user_id

    def one(self, objection_id: int, *, actor: Actor) -> Objection:
        """One objection, for the office, its agency, and whoever raised it. Raises NotFound."""
        with self._desk.reading() as session:
            return self.own(session, objection_id, actor, or_office=True)

    def of_purchase(self, purchase_id: str, *, actor: Actor) -> Sequence[Objection]:
        """All for the office and the agency entrusted; else the actor's own."""
        query = select(Objection).where(Objection.purchase_id == purchase_id).order_by(Objection.id)
        with self._desk.reading() as session:
            if not self.sees_all(session, purchase_id, actor):
                query = query.where(or_(*_mine(actor)))
            return session.scalars(query).all()

    # ---------------------------------------------------------------- shared with appeals

    def period(self, session: Session, event: dt.datetime, rule_id: str, decision: str) -> Period:
        first = event.astimezone(OFFICE_ZONE).date()
        row = self._desk.engine.evaluate_decision(decision, {"rule_id": rule_id, "on": first}, actor=SYSTEM).value
        days = int(row["value"])
        return Period(first, days, WorkingCalendar.published(*entered_years(session)).after(first, days))

    def own(self, session: Session, objection_id: int, actor: Actor, *, or_office: bool = False) -> Objection:
        row = session.get(Objection, objection_id)
        if row is not None and (raised(row, actor) or (or_office and self.sees_all(session, row.purchase_id, actor))):
            return row
        raise NotFound(kind="Objection", key=objection_id)

    def sees_all(self, session: Session, purchase_id: str, actor: Actor) -> bool:
        if of_office(actor):
            return True
        purchase = session.get(Purchase, purchase_id)
        return purchase is not None and purchase.agency_id in parties(actor, "agency")

    def today(self) -> dt.date:
        return self._desk.now().astimezone(OFFICE_ZONE).date()


def raised(row: Objection | Appeal, actor: Actor) -> bool:
    organisation = row.organisation_id is not None and f"organisation:{row.organisation_id}" in actor.groups
    return organisation or bool(row.raised_by and row.raised_by == actor.user_id)


def _mine(actor: Actor) -> list[Any]:
    own = parties(actor, "organisation")
    return [Objection.raised_by == actor.user_id, *([Objection.organisation_id.in_(own)] if own else [])]


def _applied(session: Session, purchase_id: str, organisation_id: str | None) -> bool:
    query = select(Application.id).where(
        Application.purchase_id == purchase_id,
        Application.organisation_id == (organisation_id or ""),
        Application.status.not_in(NO_LONGER),
    )
    return session.scalar(query.limit(1)) is not None


def filled(name: str, value: str) -> str:
    text = value.strip()
    if not text:
        raise InvalidInput(fields=(FieldError(name, "This field must be filled in."),))
    if len(text) > LONGEST:
        raise InvalidInput(fields=(FieldError(name, "Use at most {limit} characters.", {"limit": LONGEST}),))
    return text


def about_of(value: str) -> str:
    """One of OBJECTION_SUBJECTS. Raises InvalidInput."""
    if value not in OBJECTION_SUBJECTS:
        raise InvalidInput(fields=(FieldError("about", "Choose one of {allowed}.", {"allowed": ", ".join(OBJECTION_SUBJECTS)}),))
    return value
