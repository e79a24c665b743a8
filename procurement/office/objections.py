"""Objections (异议) and appeals (投诉) as those who raise them meet them: until when, what is missing, what became of it."""

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
from procurement.registers import numbers
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
AGAINST = ("", "agency", "street", "panel", "bidder")
SYSTEM = Actor("system", system=True)
ANSWERED = ("refused", "rejected", "upheld")


class ObjectionTooLate(Conflict):
    """An objection to {about} could be raised until {last_day}, {days} working days after {counted_from}; today it is too late."""


class ObjectionNotYours(NotPermitted):
    """An objection to {about} is for organisations that applied. Anybody may object to a published result."""


class ObjectionClosed(Conflict):
    """Objection {number} was answered already; it can be neither supplemented nor withdrawn."""


class NothingAsked(Conflict):
    """Nothing is asked to be supplemented for objection {number}."""


class AppealTooLate(Conflict):
    """An appeal could be raised until {last_day}, {days} working days after {counted_from}; today it is too late."""


class AppealTooEarly(Conflict):
    """Objection {number} is still being answered, until {due}. Wait for the answer, or until that day has passed."""


class AppealNotYours(NotPermitted):
    """Only whoever raised objection {number} may appeal."""


class AlreadyAppealed(Conflict):
    """Appeal {number} on the same objection is registered already."""


@dataclass(frozen=True)
class Period:
    """Until when something may be raised: ``days`` working days, the day of the event not counted."""

    counted_from: dt.date
    days: int
    last_day: dt.date


class ObjectionDesk:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    # ---------------------------------------------------------------- objections

    def check(self, session: Session, purchase_id: str, about: str, organisation_id: str | None) -> Period:
        """Who may object to the documents or the process, and until when. Raises ObjectionNotYours, ObjectionTooLate, NotFound."""
        purchase = session.get(Purchase, purchase_id)
        if purchase is None:
            raise NotFound(kind="Purchase", key=purchase_id)
        if about == "process" and not _applied(session, purchase_id, organisation_id):
            raise ObjectionNotYours(about="the process")
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
        period = self._period(session, event, f"objection_{about}_working_days", "objection_rules")
        if self._today() > period.last_day:
            raise ObjectionTooLate(
                about="the documents" if about == "documents" else "the process",
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
        given = _text("text", text)
        with self._desk.editing(actor) as session:
            row = self._own(session, objection_id, actor)
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
            row = self._own(session, objection_id, actor)
            if row.status not in OBJECTIONS_OPEN:
                raise ObjectionClosed(number=objection_id)
        said = {"withdrawn_objection_id": objection_id, "withdrawal_note": note.strip()[:LONGEST] or "异议人撤回"}
        try:
            self._desk.engine.correlate_message("objection_withdrawn", f"objection {objection_id}", said, actor=actor)
        except NotFound:  # it waits for an earlier one to be answered: nobody has begun with it
            with self._desk.editing(actor) as session:
                row = self._own(session, objection_id, actor)
                row.status, row.withdrawn_at, row.decision = "withdrawn", self._desk.now(), str(said["withdrawal_note"])
                row.outcome, row.decided_at, row.decided_by = "withdrawn", self._desk.now(), actor.user_id

    def one(self, objection_id: int, *, actor: Actor) -> Objection:
        """One objection, for the office, its agency, and whoever raised it. Raises NotFound."""
        with self._desk.reading() as session:
            return self._own(session, objection_id, actor, or_office=True)

    def of_purchase(self, purchase_id: str, *, actor: Actor) -> Sequence[Objection]:
        """All for the office and the agency entrusted; else the actor's own."""
        query = select(Objection).where(Objection.purchase_id == purchase_id).order_by(Objection.id)
        with self._desk.reading() as session:
            if not self._sees_all(session, purchase_id, actor):
                query = query.where(or_(*_mine(actor)))
            return session.scalars(query).all()

    # ---------------------------------------------------------------- appeals

    def appeal_period(self, objection_id: int, *, actor: Actor) -> Period:
        """Until when the objection's answer, or its absence, may be appealed. Raises NotFound, AppealTooEarly."""
        with self._desk.reading() as session:
            return self._appeal_period(session, self._own(session, objection_id, actor))

    def appeal(
        self,
        objection_id: int,
        *,
        request: str,
        facts: str,
        contact: str,
        files: Sequence[Mapping[str, Any]] = (),
        actor: Actor,
    ) -> Appeal:
        """Appeal to the supervisor about an objection's answer, or about there being none in time; a case of its own begins.

        Raises NotFound, AppealNotYours, AppealTooEarly, AppealTooLate, AlreadyAppealed, InvalidInput.
        """
        given = {name: _text(name, value) for name, value in {"request": request, "facts": facts, "contact": contact}.items()}
        with self._desk.editing(actor) as session:
            objection = self._own(session, objection_id, actor)
            period = self._appeal_period(session, objection)
            if self._today() > period.last_day:
                raise AppealTooLate(last_day=period.last_day, days=period.days, counted_from=period.counted_from)
            earlier = session.scalars(select(Appeal).where(Appeal.objection_id == objection_id)).first()
            if earlier is not None:
                raise AlreadyAppealed(number=earlier.id)
            purchase = session.get_one(Purchase, objection.purchase_id)
            row = Appeal(
                id=numbers.next_number(session, numbers.APPEAL, self._desk.now().year),
                purchase_id=objection.purchase_id,
                objection_id=objection_id,
                organisation_id=objection.organisation_id,
                raised_by=actor.user_id,
                person=objection.person,
                contact=given["contact"],
                request=given["request"],
                content=given["facts"],
                evidence=[dict(file) for file in files],
                raised_at=self._desk.now(),
                last_day=period.last_day,
                status="raised",
                pauses=[],
                days_not_counted=0,
                unfounded=False,
            )
            session.add(row)
            session.flush()
        self._desk.engine.start_process(
            "appeal_handling",
            _case(row, objection, purchase),
            actor=actor,
            business_key=row.purchase_id,
            command_id=f"appeal {row.id}",
        )
        return row

    def supplement_appeal(self, number: str, text: str, *, actor: Actor) -> None:
        """Send what the supervisor asked for. Raises NotFound, NothingAsked, InvalidInput."""
        given = _text("text", text)
        row = self.one_appeal(number, actor=actor)
        if row.status != "supplementing":
            raise NothingAsked(number=number)
        self._desk.engine.correlate_message("appeal_supplemented", f"appeal {number}", {"appeal_supplement": given}, actor=actor)

    def one_appeal(self, number: str, *, actor: Actor) -> Appeal:
        """Raises NotFound, also for an appeal that is not the actor's."""
        with self._desk.reading() as session:
            row = session.get(Appeal, number)
            if row is None or not (self._sees_all(session, row.purchase_id, actor) or _raised(row, actor)):
                raise NotFound(kind="Appeal", key=number)
            return row

    def appeals(self, *, actor: Actor, purchase_id: str = "") -> Sequence[Appeal]:
        """Newest first: all for the office, of its own purchases for an agency, else the actor's own."""
        query = select(Appeal).order_by(Appeal.id.desc()).limit(500)
        if purchase_id:
            query = query.where(Appeal.purchase_id == purchase_id)
        with self._desk.reading() as session:
            rows = session.scalars(query).all()
            return [row for row in rows if self._sees_all(session, row.purchase_id, actor) or _raised(row, actor)]

    # ---------------------------------------------------------------- shared

    def _appeal_period(self, session: Session, objection: Objection) -> Period:
        if objection.status in OBJECTIONS_OPEN:
            due = objection.answer_due_on
            if due is None or self._today() <= due:
                raise AppealTooEarly(number=objection.id, due=due or "—")
            event = dt.datetime.combine(due, dt.time(), OFFICE_ZONE)
        elif objection.status in ANSWERED and objection.decided_at is not None:
            event = objection.decided_at
        else:
            raise NotFound(kind="Objection", key=objection.id)
        return self._period(session, event, "appeal_raise_working_days", "appeal_rules")

    def _period(self, session: Session, event: dt.datetime, rule_id: str, decision: str) -> Period:
        first = event.astimezone(OFFICE_ZONE).date()
        row = self._desk.engine.evaluate_decision(decision, {"rule_id": rule_id, "on": first}, actor=SYSTEM).value
        days = int(row["value"])
        return Period(first, days, WorkingCalendar.published(*entered_years(session)).after(first, days))

    def _own(self, session: Session, objection_id: int, actor: Actor, *, or_office: bool = False) -> Objection:
        row = session.get(Objection, objection_id)
        if row is not None and (_raised(row, actor) or (or_office and self._sees_all(session, row.purchase_id, actor))):
            return row
        raise NotFound(kind="Objection", key=objection_id)

    def _sees_all(self, session: Session, purchase_id: str, actor: Actor) -> bool:
        if of_office(actor):
            return True
        purchase = session.get(Purchase, purchase_id)
        return purchase is not None and purchase.agency_id in parties(actor, "agency")

    def _today(self) -> dt.date:
        return self._desk.now().astimezone(OFFICE_ZONE).date()


def _raised(row: Objection | Appeal, actor: Actor) -> bool:
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


def _case(row: Appeal, objection: Objection, purchase: Purchase) -> dict[str, Any]:
    """The variables an appeal's case begins with."""
    return {
        "purchase_id": row.purchase_id,
        "appeal_id": row.id,
        "title": purchase.title,
        "agency_id": purchase.agency_id,
        "appellant": row.organisation_id,
        "appeal": {
            "appeal_id": row.id,
            "name": row.person,
            "contact": row.contact,
            "request": row.request,
            "facts": row.content,
            "files": row.evidence,
            "raised_on": row.raised_at.astimezone(OFFICE_ZONE).date(),
        },
        "objection": {
            "objection_id": objection.id,
            "facts": objection.content,
            "answer": objection.decision,
            "outcome": objection.outcome,
        },
    }


def _text(name: str, value: str) -> str:
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
