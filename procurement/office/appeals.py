"""Appeals (投诉) as those who raise them meet them: until when, what is missing, what became of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.errors import Conflict, NotFound
from engine.model import Actor
from procurement.office.desk import Desk
from procurement.office.objections import NothingAsked, ObjectionDesk, Period, filled, raised
from procurement.registers import numbers
from procurement.registers.comparison import OBJECTIONS_OPEN, Objection
from procurement.registers.publicity import Appeal
from procurement.registers.purchases import Purchase
from procurement.registers.row import OFFICE_ZONE

ANSWERED = ("refused", "rejected", "upheld")


class AppealTooLate(Conflict):
    """An appeal could be raised until {last_day}, {days} working days after {counted_from}; today it is too late."""


class AppealTooEarly(Conflict):
    """Objection {number} is still being answered, until {due}. Wait for the answer, or until that day has passed."""


class AlreadyAppealed(Conflict):
    """Appeal {number} on the same objection is registered already."""


class AppealDesk:
    def __init__(self, desk: Desk, objections: ObjectionDesk) -> None:
        self._desk = desk
        self._objections = objections

    def period(self, objection_id: int, *, actor: Actor) -> Period:
        """Until when the objection's answer, or its absence, may be appealed. Raises NotFound, AppealTooEarly."""
        with self._desk.reading() as session:
            return self._period(session, self._objections.own(session, objection_id, actor))

    def raise_(
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

        Raises NotFound, AppealTooEarly, AppealTooLate, AlreadyAppealed, InvalidInput.
        """
        given = {name: filled(name, value) for name, value in {"request": request, "facts": facts, "contact": contact}.items()}
        with self._desk.editing(actor) as session:
            objection = self._objections.own(session, objection_id, actor)
            period = self._period(session, objection)
            if self._objections.today() > period.last_day:
                raise AppealTooLate(last_day=period.last_day, days=period.days, counted_from=period.counted_from)
            earlier = session.scalars(select(Appeal).where(Appeal.objection_id == objection_id)).first()
            if earlier is not None:
                raise AlreadyAppealed(number=earlier.id)
            purchase = session.get_one(Purchase, objection.purchase_id)
            row = self._row(session, objection, period, given, actor)
            row.evidence = [dict(file) for file in files]
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

    def supplement(self, number: str, text: str, *, actor: Actor) -> None:
        """Send what the supervisor asked for. Raises NotFound, NothingAsked, InvalidInput."""
        row = self.one(number, actor=actor)
        given = filled("text", text)
        if row.status != "supplementing":
            raise NothingAsked(number=number)
        self._desk.engine.correlate_message("appeal_supplemented", f"appeal {number}", {"appeal_supplement": given}, actor=actor)

    def one(self, number: str, *, actor: Actor) -> Appeal:
        """Raises NotFound, also for an appeal that is not the actor's."""
        with self._desk.reading() as session:
            row = session.get(Appeal, number)
            if row is None or not (self._objections.sees_all(session, row.purchase_id, actor) or raised(row, actor)):
                raise NotFound(kind="Appeal", key=number)
            return row

    def all(self, *, actor: Actor, purchase_id: str = "") -> Sequence[Appeal]:
        """Newest first: all for the office, of its own purchases for an agency, else the actor's own."""
        query = select(Appeal).order_by(Appeal.id.desc()).limit(500)
        if purchase_id:
            query = query.where(Appeal.purchase_id == purchase_id)
        with self._desk.reading() as session:
            rows = session.scalars(query).all()
            return [row for row in rows if self._objections.sees_all(session, row.purchase_id, actor) or raised(row, actor)]

    def _period(self, session: Session, objection: Objection) -> Period:
        if objection.status in OBJECTIONS_OPEN:
            due = objection.answer_due_on
            if due is None or self._objections.today() <= due:
                raise AppealTooEarly(number=objection.id, due=due or "—")
            event = dt.datetime.combine(due, dt.time(), OFFICE_ZONE)
        elif objection.status in ANSWERED and objection.decided_at is not None:
            event = objection.decided_at
        else:
            raise NotFound(kind="Objection", key=objection.id)
        return self._objections.period(session, event, "appeal_raise_working_days", "appeal_rules")

    def _row(self, session: Session, objection: Objection, period: Period, given: Mapping[str, str], actor: Actor) -> Appeal:
        return Appeal(
            id=numbers.next_number(session, numbers.APPEAL, self._desk.now().year),
            purchase_id=objection.purchase_id,
            objection_id=objection.id,
            organisation_id=objection.organisation_id,
            raised_by=actor.user_id,
            person=objection.person,
            contact=given["contact"],
            request=given["request"],
            content=given["facts"],
            raised_at=self._desk.now(),
            last_day=period.last_day,
            status="raised",
            pauses=[],
            days_not_counted=0,
            unfounded=False,
        )


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
