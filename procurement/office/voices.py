"""Questions and objections: asked by an organisation or a citizen, answered in the case, shown to everybody."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from engine.errors import FieldError, InvalidInput, NotFound
from engine.model import Actor
from procurement.office.desk import Desk
from procurement.office.objections import AGAINST, SAID, ObjectionDesk, ObjectionTooLate, about_of
from procurement.office.portal import ObjectionNotPossible
from procurement.registers.comparison import Notice, Objection, Question
from procurement.registers.purchases import Purchase
from procurement.registers.row import OFFICE_ZONE

LONGEST = 5000
WAITS = dt.timedelta(days=30)


class VoiceDesk:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._objections = ObjectionDesk(desk)

    def ask(
        self, purchase_id: str, question: str, *, name: str = "", organisation_id: str | None = None, actor: Actor
    ) -> Question:
        """Keep the question and hand it to the running comparison. Raises NotFound, InvalidInput."""
        text = _texts(text=question)["text"]
        with self._desk.editing(actor) as session:
            if session.get(Purchase, purchase_id) is None:
                raise NotFound(kind="Purchase", key=purchase_id)
            row = Question(
                purchase_id=purchase_id,
                organisation_id=organisation_id,
                asked_by=actor.user_id,
                asked_at=self._desk.now(),
                question=text,
            )
            session.add(row)
            session.flush()
        sent = {"question_id": row.id, "organisation_id": organisation_id, "name": name, "text": text, "asked_at": row.asked_at}
        self._desk.engine.publish_message(
            "question_asked", purchase_id, {"question": sent}, actor=actor, message_id=f"question {row.id}", time_to_live=WAITS
        )
        return row

    def answer(self, question_id: int, answer: str, *, actor: Actor) -> Question:
        """The answer goes to everybody. Answering again corrects it, with both in the edit history. Raises NotFound, InvalidInput."""
        text = _texts(answer=answer)["answer"]
        with self._desk.editing(actor) as session:
            row = session.get(Question, question_id)
            if row is None:
                raise NotFound(kind="Question", key=question_id)
            row.answer, row.answered_at, row.answered_by = text, self._desk.now(), actor.user_id
            session.flush()
            return row

    def questions(self, purchase_id: str, *, answered: bool | None = None) -> Sequence[Question]:
        query = select(Question).where(Question.purchase_id == purchase_id).order_by(Question.id)
        if answered is not None:
            query = query.where(Question.answered_at.is_not(None) if answered else Question.answered_at.is_(None))
        with self._desk.reading() as session:
            return session.scalars(query).all()

    def object(
        self,
        purchase_id: str,
        *,
        name: str,
        contact: str,
        request: str,
        facts: str,
        organisation_id: str | None = None,
        files: Sequence[Mapping[str, Any]] = (),
        about: str = "result",
        against: str = "",
        actor: Actor,
    ) -> Objection:
        """Object to the documents, the process or a published result; the running case gets the message.

        One about a result waits for up to 30 days while an earlier one is examined. ``against``: whose doing it concerns
        (agency, street, panel, bidder). Raises NotFound, ObjectionNotPossible, ObjectionTooLate, ObjectionNotYours, InvalidInput.
        """
        given = _texts(name=name, contact=contact, request=request, facts=facts)
        period = None
        with self._desk.editing(actor) as session:
            if about_of(about) != "result":
                period = self._objections.check(session, purchase_id, about, organisation_id)
            row = Objection(
                purchase_id=purchase_id,
                notice_id=None if period else self._open_notice(session, purchase_id).id,
                about=about,
                against=against if against in AGAINST else "",
                raised_by=actor.user_id,
                last_day=period.last_day if period else None,
                organisation_id=organisation_id,
                person=given["name"],
                contact=given["contact"],
                request=given["request"],
                content=given["facts"],
                evidence=[dict(file) for file in files],
                raised_at=self._desk.now(),
                status="raised",
            )
            session.add(row)
            session.flush()
        if period:
            self._hand_in(row, _sent(row), actor)
            return row
        self._desk.engine.publish_message(
            "objection_raised",
            purchase_id,
            {"objection": _sent(row)},
            actor=actor,
            message_id=f"objection {row.id}",
            time_to_live=WAITS,
        )
        return row

    def _hand_in(self, row: Objection, sent: Mapping[str, Any], actor: Actor) -> None:
        try:
            self._objections.hand_in(row, sent, actor=actor)
        except NotFound:  # no comparison runs any more: what nobody can answer is not left open
            with self._desk.editing(actor) as session:
                session.delete(session.get_one(Objection, row.id))
            raise ObjectionNotPossible(purchase=row.purchase_id) from None

    def objections(self, purchase_id: str) -> Sequence[Objection]:
        with self._desk.reading() as session:
            return session.scalars(select(Objection).where(Objection.purchase_id == purchase_id).order_by(Objection.id)).all()

    def _open_notice(self, session: Any, purchase_id: str) -> Notice:
        if session.get(Purchase, purchase_id) is None:
            raise NotFound(kind="Purchase", key=purchase_id)
        query = select(Notice).where(
            Notice.purchase_id == purchase_id,
            Notice.kind == "result_publicity",
            Notice.closed_at.is_(None),
            or_(Notice.until.is_(None), Notice.until >= self._desk.now()),
        )
        notice: Notice | None = session.scalars(query.order_by(Notice.id.desc())).first()
        if notice is None:
            raise _too_late(session, purchase_id)
        return notice


def _too_late(session: Session, purchase_id: str) -> ObjectionTooLate | ObjectionNotPossible:
    """With the dates of the publicity that is over; there may never have been one."""
    query = select(Notice).where(
        Notice.purchase_id == purchase_id,
        Notice.kind == "result_publicity",
        Notice.closed_at.is_(None),
        Notice.until.is_not(None),
    )
    last = session.scalars(query.order_by(Notice.id.desc()).limit(1)).first()
    if last is None or last.until is None:
        return ObjectionNotPossible(purchase=purchase_id)
    return ObjectionTooLate(
        about=SAID["result"],
        last_day=last.until.astimezone(OFFICE_ZONE).date(),
        days=last.content.get("working_days", "—"),
        counted_from=last.published_at.astimezone(OFFICE_ZONE).date(),
    )


def _sent(row: Objection) -> dict[str, Any]:
    """What the case is told of an objection."""
    return {
        "name": row.person,
        "contact": row.contact,
        "request": row.request,
        "facts": row.content,
        "objection_id": row.id,
        "notice_id": row.notice_id,
        "organisation_id": row.organisation_id,
        "files": row.evidence,
        "raised_at": row.raised_at,
        "about": row.about,
        "against": row.against,
        "raised_by": row.raised_by,
    }


def _texts(**given: str) -> dict[str, str]:
    errors = []
    for name, value in given.items():
        if not value.strip():
            errors.append(FieldError(name, "This field must be filled in."))
        elif len(value) > LONGEST:
            errors.append(FieldError(name, "Use at most {limit} characters.", {"limit": LONGEST}))
    if errors:
        raise InvalidInput(fields=tuple(errors))
    return {name: value.strip() for name, value in given.items()}
