"""The survey desk: answering by a link without an account, making the cards, and who may see which results.

Nobody is logged in on the answering side, and nothing of the visitor is kept: no account, no cookie, no address, no hour.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, delete, func, select, true
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from engine.errors import Conflict, FieldError, InvalidInput, NotFound, NotPermitted
from engine.model import Actor, Page
from procurement.office.access import may_see_purchase, of_office, visible_purchases
from procurement.office.desk import Desk
from procurement.registers.purchases import Purchase
from procurement.registers.surveys import CLOSED, INVITED, OPEN, POSTER, Answer, Invitation, InvitationBatch, PosterVisit, Survey
from procurement.registers.urn import put_in, shuffled
from procurement.surveys.answering import taken
from procurement.surveys.questions import TEXT, Question, read
from procurement.surveys.tokens import batch_of, hashed, tokens_of, visitor

MOST_CARDS = 1000  # printed at once
KEEPERS = frozenset({"procurement_officer", "service_centre", "department", "community", "agency"})


class LinkUnknown(NotFound):
    """This link does not lead to a survey. Check that it was copied completely, or scan the code again."""


class LinkUsed(Conflict):
    """This link has been used: the answer has arrived. Thank you."""


class SurveyOver(Conflict):
    """This survey is closed and takes no more answers. Thank you for your interest."""


class TooManyFromHere(Conflict):
    """Today's number of answers from this network is reached. Come back tomorrow, or ask the community for a card of your own."""


class CardsElsewhere(Conflict):
    """These cards were made already, for another group or number. Open the page again and make new ones."""


@dataclass(frozen=True)
class Asked:
    """What a link opens. ``invited`` is false for the open poster."""

    survey: Survey
    questions: Sequence[Question]
    invited: bool


@dataclass(frozen=True)
class Progress:
    """How far a survey has come: cards made and used by sampling group, answers from the poster, batches of cards."""

    survey: Survey
    purchase: Purchase | None
    cards: Mapping[str, int]
    used: Mapping[str, int]
    from_poster: int
    batches: Sequence[InvitationBatch]

    @property
    def runs(self) -> bool:
        return self.survey.state == OPEN


class SurveyDesk:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def asked(self, token: str) -> Asked:
        """Raises LinkUnknown, LinkUsed, SurveyOver."""
        with self._desk.reading() as session:
            survey, invitation = self._opened(session, token)
            return Asked(survey, read(survey.questions), invitation is not None)

    def answer(self, token: str, sent: Mapping[str, Sequence[str]], *, address: str) -> None:
        """Put one answer into the urn. Raises InvalidInput and what ``asked`` raises; TooManyFromHere for the poster."""
        with self._desk.database.unit_of_work() as work:
            session = work.session
            survey, invitation = self._opened(session, token, lock=True)
            answers = taken(
                read(survey.questions), sent, child_age=survey.notice["child_age"] if survey.notice["children"] else ""
            )
            if invitation is None:
                self._count_visit(session, survey, address)
            else:
                invitation.used = True
            put_in(session, survey.id, invitation.stratum if invitation else "", INVITED if invitation else POSTER, answers)
            work.commit()

    def _opened(self, session: Session, token: str, *, lock: bool = False) -> tuple[Survey, Invitation | None]:
        """The link is looked up by its hash, so the time it takes says nothing about how much of it was right."""
        invitation = session.get(Invitation, hashed(token), with_for_update=lock or None)
        survey = session.get(Survey, invitation.survey_id) if invitation else None
        if survey is None and token:
            survey = session.scalars(select(Survey).where(Survey.poster == token)).first()
        if survey is None:
            raise LinkUnknown
        if survey.state != OPEN or self._desk.now() > survey.closes_at:
            raise SurveyOver
        if invitation is not None and invitation.used:
            raise LinkUsed
        return survey, invitation

    def _count_visit(self, session: Session, survey: Survey, address: str) -> None:
        today = self._desk.now().date()
        session.execute(delete(PosterVisit).where(PosterVisit.survey_id == survey.id, PosterVisit.day < today))
        key = {"survey_id": survey.id, "day": today, "visitor": visitor(survey.poster_salt, today.isoformat(), address)}
        one = insert(PosterVisit).values(**key, answers=1)
        one = one.on_conflict_do_update(index_elements=list(key), set_={"answers": PosterVisit.answers + 1})
        if session.execute(one.returning(PosterVisit.answers)).scalar_one() > survey.poster_daily:
            raise TooManyFromHere

    def listed(self, *, actor: Actor, state: str = "", limit: int = 40, after: str | None = None) -> Page:
        """Newest first; outsiders see those of the purchases they take part in."""
        with self._desk.reading() as session:
            matching = select(Survey).where(_visible(session, actor))
            matching = matching.where(Survey.state == state) if state else matching
            total = session.scalar(select(func.count()).select_from(matching.subquery())) or 0
            query = matching.order_by(Survey.id.desc()).limit(limit + 1)
            rows = session.scalars(query.where(Survey.id < after) if after else query).all()
        return Page(tuple(rows[:limit]), total, rows[limit - 1].id if len(rows) > limit else None)

    def progress(self, number: str, *, actor: Actor) -> Progress:
        """Raises NotFound, also for the survey of a purchase ``actor`` may not see."""
        with self._desk.reading() as session:
            survey = _seen(session, number, actor)
            query = select(Invitation.stratum, Invitation.used, func.count()).where(Invitation.survey_id == number)
            cards: dict[str, int] = {}
            used: dict[str, int] = {}
            for stratum, was_used, count in session.execute(query.group_by(Invitation.stratum, Invitation.used)):
                cards[stratum] = cards.get(stratum, 0) + count
                used[stratum] = used.get(stratum, 0) + (count if was_used else 0)
            own = (Answer.survey_id == number, Answer.via == POSTER)
            batches = session.scalars(select(InvitationBatch).where(InvitationBatch.survey_id == number)).all()
            return Progress(
                survey,
                session.get(Purchase, survey.purchase_id) if survey.purchase_id else None,
                cards,
                used,
                session.scalar(select(func.count()).select_from(Answer).where(*own)) or 0,
                sorted(batches, key=lambda one: (one.made_on, one.stratum, one.id)),
            )

    def make_cards(self, number: str, secret: str, stratum: str, cards: int, *, actor: Actor) -> list[str]:
        """Tokens, to be seen this once; the same secret gives the same ones. Raises InvalidInput, SurveyOver, CardsElsewhere."""
        if not actor.groups & KEEPERS and not any(group.startswith("agency:") for group in actor.groups):
            raise NotPermitted
        if not 1 <= cards <= MOST_CARDS:
            raise InvalidInput(fields=(FieldError("cards", "Enter a whole number from 1 to {limit}.", {"limit": MOST_CARDS}),))
        with self._desk.editing(actor) as session:
            survey = _seen(session, number, actor, lock=True)
            if survey.state != OPEN or self._desk.now() > survey.closes_at:
                raise SurveyOver
            if stratum not in ({one["name"] for one in survey.strata} or {""}):
                raise InvalidInput(fields=(FieldError("stratum", "Choose one of the groups."),))
            batch = session.get(InvitationBatch, batch_of(secret))
            if batch is None:
                self._refuse_small(session, survey, stratum, cards)
                self._add_batch(session, survey, secret, stratum, cards, actor)
            elif (batch.survey_id, batch.stratum, batch.cards, batch.void) != (number, stratum, cards, False):
                raise CardsElsewhere
        return tokens_of(secret, cards)

    def _refuse_small(self, session: Session, survey: Survey, stratum: str, cards: int) -> None:
        own = (InvitationBatch.survey_id == survey.id, InvitationBatch.stratum == stratum, ~InvitationBatch.void)
        made = session.scalar(select(func.sum(InvitationBatch.cards)).where(*own)) or 0
        if stratum and made + cards < survey.minimum_group:
            least = {"limit": survey.minimum_group}
            raise InvalidInput(fields=(FieldError("cards", "A group of fewer than {limit} people could be recognised.", least),))

    def _add_batch(self, session: Session, survey: Survey, secret: str, stratum: str, cards: int, actor: Actor) -> None:
        batch, today = batch_of(secret), self._desk.now().date()
        session.add(
            InvitationBatch(
                id=batch, survey_id=survey.id, stratum=stratum, cards=cards, void=False, made_by=actor.user_id, made_on=today
            )
        )
        hashes = sorted(hashed(token) for token in tokens_of(secret, cards))  # sorted: not in the order of the sheet
        rows = [{"token_hash": h, "survey_id": survey.id, "batch": batch, "stratum": stratum, "used": False} for h in hashes]
        session.flush()
        session.execute(insert(Invitation), rows)

    def void_batch(self, number: str, batch_id: str, *, actor: Actor) -> int:
        """Cards that were lost do not work any more; those already used count. Gives how many were voided."""
        with self._desk.editing(actor) as session:
            _seen(session, number, actor, lock=True)
            batch = session.get(InvitationBatch, batch_id)
            if batch is None or batch.survey_id != number:
                raise NotFound(kind="Batch", key=batch_id)
            unused = (Invitation.batch == batch_id, ~Invitation.used)
            gone = session.execute(delete(Invitation).where(*unused).returning(Invitation.token_hash)).all()
            batch.cards -= len(gone)
            batch.void = batch.void or batch.cards == 0
            return len(gone)

    def remarks(self, number: str, *, actor: Actor) -> Mapping[str, Sequence[str]]:
        """Question → what people wrote, shuffled, for the office alone; empty while it runs, for too few, and once erased."""
        with self._desk.reading() as session:
            survey = _seen(session, number, actor)
            if survey.state != CLOSED or not survey.results["enough"]:
                return {}
            given = [row.answers for row in shuffled(session, number)]
            asked = [question for question in read(survey.questions) if question.kind == TEXT]
            return {q.text: [one[q.id] for one in given if q.id in one] for q in asked}

    def published(self, *, limit: int = 30, after: str | None = None) -> Page:
        """What everybody may read, newest first."""
        told = select(Survey).where(Survey.published_on.is_not(None)).order_by(Survey.id.desc())
        with self._desk.reading() as session:
            rows = session.scalars((told.where(Survey.id < after) if after else told).limit(limit + 1)).all()
        return Page(tuple(rows[:limit]), len(rows), rows[limit - 1].id if len(rows) > limit else None)

    def public(self, number: str) -> Survey:
        """Raises NotFound for one that is not published."""
        with self._desk.reading() as session:
            survey = session.get(Survey, number)
            if survey is None or survey.published_on is None:
                raise NotFound(kind="Survey", key=number)
            return survey

    def of_purchase(self, purchase_id: str, *, published_only: bool = False) -> Sequence[Survey]:
        """The surveys about a purchase, oldest first."""
        query = select(Survey).where(Survey.purchase_id == purchase_id).order_by(Survey.id)
        with self._desk.reading() as session:
            return session.scalars(query.where(Survey.published_on.is_not(None)) if published_only else query).all()


def _visible(session: Session, actor: Actor) -> ColumnElement[bool]:
    if of_office(actor):
        return true()
    return Survey.purchase_id.in_(select(Purchase.id).where(visible_purchases(session, actor)))


def _seen(session: Session, number: str, actor: Actor, *, lock: bool = False) -> Survey:
    survey = session.get(Survey, number, with_for_update=lock or None)
    if survey is None or not (of_office(actor) or (survey.purchase_id and may_see_purchase(session, actor, survey.purchase_id))):
        raise NotFound(kind="Survey", key=number)
    return survey
