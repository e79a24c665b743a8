"""The panels desk: who may know a panel, an expert's own invitations, and what applicants ask before the draw."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import and_, func, not_, select, union
from sqlalchemy.orm import Session

from engine.errors import Conflict, FieldError, InvalidInput, NotFound, NotPermitted
from engine.model import Actor, Page, last_key
from procurement.office.access import parties
from procurement.office.desk import Desk
from procurement.registers import panels
from procurement.registers.comparison import Application, ExpertDraw, Notice
from procurement.registers.draw_files import RESULT_NOTICES, is_result_public
from procurement.registers.draws import Draw, ExpertEmployment, PanelInvitation, RecusalRequest
from procurement.registers.parties import RECUSAL_RELATIONS, Expert, ExpertRecusal
from procurement.registers.purchases import Purchase

# who organises or watches a panel; whoever only keeps the pool does not learn who was drawn (198号 第三条 管用分离)
KNOWING = frozenset({"procurement_officer", "discipline"})
LONGEST = 2000
STANDING = ("invited", "coming")  # states of an invitation that nobody took back


class DrawAnnounced(Conflict):
    """The draw for {purchase} was announced already. After the result is published you can still object to it."""


class NotAnApplicant(Conflict):
    """Only organisations whose application for {purchase} stands may ask that somebody does not judge them."""


class PanelSecret(NotPermitted):
    """The panel of this case is secret until its result is published, so nothing can be computed from its variables."""


class ValueCovered(Conflict):
    """{variables} cannot be stored: a part is covered up here, because the panel is secret until the result. Mend it with the procurement officer, who sees it."""


@dataclass(frozen=True)
class Member:
    """One invited person, as whoever may know the panel sees it."""

    expert_id: str
    name: str
    unit: str
    way: str
    state: str
    reason: str
    invited_at: dt.datetime
    answered_at: dt.datetime | None


@dataclass(frozen=True)
class Duty:
    """One invitation as the expert sees it."""

    invitation: PanelInvitation
    title: str


@dataclass(frozen=True)
class Secret:
    """What somebody may not learn yet: ``cases`` by root key, and the ``words`` (numbers, accounts, names) of the whole pool.

    The whole pool, not only those drawn: what is covered up must not tell who was drawn.
    """

    cases: frozenset[int]
    words: frozenset[str]


class PanelDesk:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def may_know(self, purchase_id: str, *, actor: Actor) -> bool:
        """Names are known to the buyer's officer, discipline and the purchase's agency, and to all once the result is public."""
        with self._desk.reading() as session:
            return _may_know(session, purchase_id, actor)

    def secret(self, *, actor: Actor) -> Secret | None:
        """The cases whose panel the actor may not know yet; None when there is none, as for whoever may know them all."""
        if actor.system or actor.groups & KNOWING:
            return None
        formed = union(select(PanelInvitation.purchase_id), select(ExpertDraw.purchase_id)).subquery()
        published = select(Notice.purchase_id).where(Notice.kind.in_(RESULT_NOTICES))
        query = select(Purchase.process_key, Purchase.agency_id).where(
            Purchase.id.in_(select(formed.c.purchase_id)), Purchase.id.not_in(published), Purchase.process_key.is_not(None)
        )
        agencies = parties(actor, "agency")
        with self._desk.reading() as session:
            cases = frozenset(key for key, agency in session.execute(query) if key and agency not in agencies)
            if not cases:
                return None
            pool = session.execute(select(Expert.id, Expert.login, Expert.name).where(Expert.login != actor.user_id))
            return Secret(cases, frozenset(word for one in pool for word in one if word))

    def secret_logins(self, purchase_id: str, *, actor: Actor) -> frozenset[str]:
        """Accounts whose part in the purchase the actor may not learn; its own never is among them."""
        with self._desk.reading() as session:
            if _may_know(session, purchase_id, actor):
                return frozenset()
            invited = select(PanelInvitation.expert_id).where(PanelInvitation.purchase_id == purchase_id)
            logins = session.scalars(select(Expert.login).where(Expert.id.in_(invited)))
            return frozenset(logins) - {actor.user_id}

    def members(self, purchase_id: str, *, actor: Actor) -> Sequence[Member]:
        """Everybody who was invited, in order. Raises NotFound for whoever may not know."""
        with self._desk.reading() as session:
            if not _may_know(session, purchase_id, actor):
                raise NotFound(kind="Panel", key=purchase_id)
            rows = panels.of_purchase(session, purchase_id)
            experts = {e.id: e for e in session.scalars(select(Expert).where(Expert.id.in_([row.expert_id for row in rows])))}
            return [_member(row, experts.get(row.expert_id)) for row in rows]

    def duties(self, *, actor: Actor, standing: bool, limit: int = 50, after: str | None = None) -> Page:
        """The actor's own invitations as an expert, the newest first: ``standing`` ones, or those of the past.

        One stands while its purchase runs and the expert neither declined nor was replaced.
        """
        stands = and_(PanelInvitation.state.in_(STANDING), Purchase.ended_at.is_(None))
        mine = PanelInvitation.expert_id.in_(parties(actor, "expert")), stands if standing else not_(stands)
        joined = select(PanelInvitation, Purchase.title).join(Purchase, Purchase.id == PanelInvitation.purchase_id)
        query = joined.where(*mine).order_by(PanelInvitation.id.desc()).limit(limit + 1)
        with self._desk.reading() as session:
            total = session.scalar(joined.where(*mine).with_only_columns(func.count())) or 0
            if (last := last_key(after)) is not None:
                query = query.where(PanelInvitation.id < last)
            rows = session.execute(query).all()
        shown = tuple(Duty(row, title) for row, title in rows[:limit])
        return Page(shown, total, str(shown[-1].invitation.id) if len(rows) > limit else None)

    def own_conflicts(self, *, actor: Actor) -> Sequence[ExpertRecusal]:
        """The conflicts on record about the actor as an expert."""
        query = (
            select(ExpertRecusal).where(ExpertRecusal.expert_id.in_(parties(actor, "expert"))).order_by(ExpertRecusal.id.desc())
        )
        with self._desk.reading() as session:
            return session.scalars(query).all()

    def conflicts(self, *, source: str = "", limit: int = 500) -> Sequence[tuple[ExpertRecusal, Expert]]:
        """The conflicts register, the newest first, for those who keep the pool."""
        query = select(ExpertRecusal, Expert).join(Expert, Expert.id == ExpertRecusal.expert_id)
        if source:
            query = query.where(ExpertRecusal.source == source)
        with self._desk.reading() as session:
            return [(row, expert) for row, expert in session.execute(query.order_by(ExpertRecusal.id.desc()).limit(limit))]

    def employments(self, expert_id: str) -> Sequence[ExpertEmployment]:
        query = select(ExpertEmployment).where(ExpertEmployment.expert_id == expert_id).order_by(ExpertEmployment.since.desc())
        with self._desk.reading() as session:
            return session.scalars(query).all()

    def add_employment(
        self, expert_id: str, unit: str, *, since: dt.date | None, until: dt.date | None, position: str = "", actor: Actor
    ) -> ExpertEmployment:
        """Raises NotFound, InvalidInput."""
        errors = []
        if not unit.strip():
            errors.append(FieldError("unit", "Enter the name of the employer."))
        if since is None:
            errors.append(FieldError("since", "Enter the first day."))
        elif until is not None and until < since:
            errors.append(FieldError("until", "The last day cannot lie before the first."))
        if errors or since is None:
            raise InvalidInput(fields=tuple(errors))
        with self._desk.editing(actor) as session:
            if session.get(Expert, expert_id) is None:
                raise NotFound(kind="Expert", key=expert_id)
            row = ExpertEmployment(
                expert_id=expert_id,
                unit=unit.strip(),
                position=position.strip(),
                since=since,
                until=until,
                recorded_by=actor.user_id,
                recorded_at=self._desk.now(),
            )
            session.add(row)
            session.flush()
            return row

    # applicants

    def ask_recusal(
        self,
        purchase_id: str,
        organisation_id: str,
        *,
        person: str,
        unit: str = "",
        relation: str = "other",
        facts: str,
        actor: Actor,
    ) -> RecusalRequest:
        """Raises NotFound, InvalidInput, DrawAnnounced, NotAnApplicant."""
        errors = []
        if not person.strip() or len(person) > 100:
            errors.append(FieldError("person", "Name the person you ask about."))
        if not facts.strip() or len(facts) > LONGEST:
            errors.append(FieldError("facts", "Say in at most 2000 characters what the relation is and how you know of it."))
        if relation not in RECUSAL_RELATIONS:
            errors.append(FieldError("relation", "Choose one of {allowed}.", {"allowed": ", ".join(RECUSAL_RELATIONS)}))
        if errors:
            raise InvalidInput(fields=tuple(errors))
        with self._desk.editing(actor) as session:
            self._require_applicant(session, purchase_id, organisation_id, actor)
            row = RecusalRequest(
                purchase_id=purchase_id,
                organisation_id=organisation_id,
                person=person.strip(),
                unit=unit.strip()[:100],
                relation=relation,
                facts=facts.strip(),
                state="asked",
                asked_at=self._desk.now(),
                asked_by=actor.user_id,
            )
            return panels.ask_recusal(session, row)

    def requests(self, purchase_id: str, organisation_id: str, *, actor: Actor) -> Sequence[RecusalRequest]:
        """The organisation's own requests. Raises NotFound."""
        if f"organisation:{organisation_id}" not in actor.groups:
            raise NotFound(kind="Purchase", key=purchase_id)
        with self._desk.reading() as session:
            return [row for row in panels.requests_of(session, purchase_id) if row.organisation_id == organisation_id]

    def _require_applicant(self, session: Session, purchase_id: str, organisation_id: str, actor: Actor) -> None:
        if session.get(Purchase, purchase_id) is None or f"organisation:{organisation_id}" not in actor.groups:
            raise NotFound(kind="Purchase", key=purchase_id)
        applied = select(Application.id).where(
            Application.purchase_id == purchase_id,
            Application.organisation_id == organisation_id,
            Application.status.in_(("registered", "first_check_passed", "confirmed")),
        )
        if session.scalar(applied.limit(1)) is None:
            raise NotAnApplicant(purchase=purchase_id)
        if session.scalar(select(Draw.id).where(Draw.purchase_id == purchase_id).limit(1)) is not None:
            raise DrawAnnounced(purchase=purchase_id)


def _may_know(session: Session, purchase_id: str, actor: Actor) -> bool:
    if actor.system or actor.groups & KNOWING:
        return True
    purchase = session.get(Purchase, purchase_id)
    if purchase is None:
        return False
    return purchase.agency_id in parties(actor, "agency") or is_result_public(session, purchase_id)


def _member(row: PanelInvitation, expert: Expert | None) -> Member:
    return Member(
        expert_id=row.expert_id,
        name=expert.name if expert else row.expert_id,
        unit=expert.unit if expert else "",
        way=row.way,
        state=row.state,
        reason=row.reason,
        invited_at=row.invited_at,
        answered_at=row.answered_at,
    )
