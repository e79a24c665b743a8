"""The portal desk: what an organisation does. Every call names the organisation, and the actor must belong to it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from engine.errors import Conflict, FieldError, InvalidInput, NotFound, NotPermitted
from engine.model import Actor, Page
from procurement.office import rules
from procurement.office.desk import Desk
from procurement.office.evidence import resolved
from procurement.office.own_sides import OwnPurchase, own_sides
from procurement.office.prices import price_of
from procurement.registers import bidding, sealed_bids
from procurement.registers.bidding import BidReceipt
from procurement.registers.comparison import NO_LONGER, Application, Bid, Notice
from procurement.registers.parties import BARRING, Organisation
from procurement.registers.purchases import RUNNING, Purchase
from procurement.registers.standing import credit_of

LONGEST_REASON = 1000


class NotYourOrganisation(NotPermitted):
    """Your account does not belong to {organisation}. Log in with an account of that organisation."""


class ApplicationsClosed(Conflict):
    """Applications for {purchase} were accepted until {deadline}; yours arrived at {arrived} by the server's clock and was not accepted."""


class ApplicationsNotAwaited(Conflict):
    """{purchase} is not accepting applications. See its latest notice for the dates."""


class AlreadyApplied(Conflict):
    """Your organisation applied already, under {number}."""


class OrganisationBarred(NotPermitted):
    """{organisation} is on a list that bars it from {since} until {until} ({reason}), so it cannot apply until then."""


class OrganisationNoLongerRegistered(NotPermitted):
    """The registration of {organisation} has lapsed, so it cannot apply. Ask the service centre to correct the register."""


class WithdrawalClosed(Conflict):
    """Applications for {purchase} could be taken back until {deadline}; it is {arrived} now by the server's clock."""


class NothingToWithdraw(Conflict):
    """Your organisation has no application for {purchase} that could be taken back."""


class WithdrawalNotDrawn(Conflict):
    """{purchase} runs on an earlier version that knows no withdrawal of applications. Tell the street in writing instead."""


class ObjectionNotPossible(Conflict):
    """{purchase} has no published notice or result that can still be objected to."""


class PortalDesk:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def open_comparisons(self) -> Sequence[Notice]:
        """Comparison notices that still accept applications, the nearest deadline first."""
        now = self._desk.now()
        query = (
            select(Notice)
            .join(Purchase, Purchase.id == Notice.purchase_id)
            .where(Notice.kind == "comparison_notice", Notice.closed_at.is_(None), Purchase.apply_until >= now)
            .order_by(Purchase.apply_until, Notice.id)
        )
        with self._desk.reading() as session:
            return session.scalars(query).all()

    def own_purchases(self, organisation_id: str, *, actor: Actor, limit: int = 50, after: str | None = None) -> Page:
        """Those the organisation applied for or won, newest first."""
        self._belongs(actor, organisation_id)
        taken = _taken_part(organisation_id)
        query = select(Purchase).where(taken).order_by(Purchase.id.desc()).limit(limit + 1)
        with self._desk.reading() as session:
            total = session.scalar(select(func.count()).select_from(Purchase).where(taken)) or 0
            rows = session.scalars(query.where(Purchase.id < after) if after else query).all()
        return Page(tuple(rows[:limit]), total, rows[limit - 1].id if len(rows) > limit else None)

    def running(self, organisation_id: str, *, actor: Actor, limit: int) -> list[OwnPurchase]:
        """The newest of them that have not ended, with all the organisation sees of each."""
        self._belongs(actor, organisation_id)
        query = select(Purchase).where(_taken_part(organisation_id), Purchase.status.in_(RUNNING))
        with self._desk.reading() as session:
            found = session.scalars(query.order_by(Purchase.id.desc()).limit(limit)).all()
            return own_sides(session, found, organisation_id)

    def purchase(self, purchase_id: str, organisation_id: str, *, actor: Actor) -> OwnPurchase:
        """Raises NotFound, also while nothing of the purchase is published and the organisation has no part in it."""
        self._belongs(actor, organisation_id)
        with self._desk.reading() as session:
            purchase = session.get(Purchase, purchase_id)
            found = own_sides(session, [purchase] if purchase else [], organisation_id)
            if not found or not (
                found[0].notices or found[0].application or found[0].purchase.organisation_id == organisation_id
            ):
                raise NotFound(kind="Purchase", key=purchase_id)
            return found[0]

    def applied(self, organisation_id: str, *, actor: Actor) -> frozenset[str]:
        """The purchases the organisation has applied for and not left."""
        self._belongs(actor, organisation_id)
        standing = (Application.organisation_id == organisation_id, Application.status.not_in(NO_LONGER))
        with self._desk.reading() as session:
            return frozenset(session.scalars(select(Application.purchase_id).where(*standing)))

    def apply(
        self,
        purchase_id: str,
        organisation_id: str,
        application: Mapping[str, Any],
        *,
        actor: Actor,
        command_id: str | None = None,
    ) -> None:
        """Send an application to the running comparison. ``application``: contact, phone, legal_representative, conditions, files.

        A condition with ``reuse`` takes the evidence that is kept for it. Any registered organisation may apply, invited or not.
        Raises ApplicationsNotAwaited, ApplicationsClosed, AlreadyApplied, OrganisationBarred, OrganisationNoLongerRegistered,
        EvidenceExpired, NotYourOrganisation.
        """
        self._belongs(actor, organisation_id)
        now = self._desk.now()
        with self._desk.reading() as session:
            purchase, organisation = session.get(Purchase, purchase_id), session.get(Organisation, organisation_id)
            if purchase is None or organisation is None:
                raise NotFound(kind="Purchase" if purchase is None else "Organisation", key=purchase_id)
            if purchase.apply_until is None or purchase.step != "selection":
                raise ApplicationsNotAwaited(purchase=purchase_id)
            if now > purchase.apply_until:
                raise ApplicationsClosed(purchase=purchase_id, deadline=_shown(purchase.apply_until), arrived=_shown(now))
            _refuse_barred(session, organisation, now.date())
            self._refuse_second(session.scalars(_applications(purchase_id, organisation_id)).all())
            content = {
                **resolved(session, organisation_id, application, now.date()),
                "organisation_id": organisation_id,
                "name": organisation.name,
                "credit_code": organisation.credit_code,
                "legal_representative": application.get("legal_representative") or organisation.legal_representative,
            }
        try:
            self._desk.engine.correlate_message(
                "application_submitted", purchase_id, {"application": content}, actor=actor, command_id=command_id
            )
        except NotFound:  # nobody waits for it: the window was closed otherwise than by its date
            raise ApplicationsNotAwaited(purchase=purchase_id) from None

    def withdraw_application(self, purchase_id: str, organisation_id: str, reason: str, *, actor: Actor) -> None:
        """Take the application back before the deadline; a bid lapses with it, and applying again is possible.

        Raises NothingToWithdraw, WithdrawalClosed, WithdrawalNotDrawn, InvalidInput, NotYourOrganisation.
        """
        self._belongs(actor, organisation_id)
        now, text = self._desk.now(), _reason(reason)
        with self._desk.reading() as session:
            purchase = session.get(Purchase, purchase_id)
            application = session.scalars(_applications(purchase_id, organisation_id)).first()
            if purchase is None or application is None or application.status in ("late", "refused"):
                raise NothingToWithdraw(purchase=purchase_id)
            if purchase.apply_until is None or now > purchase.apply_until:
                deadline = _shown(purchase.apply_until) if purchase.apply_until else "—"
                raise WithdrawalClosed(purchase=purchase_id, deadline=deadline, arrived=_shown(now))
        sent = {"withdrawal": {"application_id": application.id, "reason": text}}
        for message, key in (("application_withdrawn", application.id), ("reviewed_application_withdrawn", purchase_id)):
            with suppress(NotFound):  # under review the first is waited for, afterwards the second
                self._desk.engine.correlate_message(message, key, sent, actor=actor)
                return
        raise WithdrawalNotDrawn(purchase=purchase_id)

    def submit_bid(
        self,
        purchase_id: str,
        organisation_id: str,
        *,
        price: Any,
        files: Sequence[Mapping[str, Any]],
        note: str = "",
        actor: Actor,
    ) -> BidReceipt:
        """Submit or replace. ``price`` in yuan, as number or typed text; ``files`` are references.

        Raises BidLate, BidsNotAwaited, NotAdmitted, BidsOpened, InvalidInput, NotYourOrganisation.
        """
        self._belongs(actor, organisation_id)
        content = {"price": price_of(price), "files": [dict(file) for file in files], "note": note.strip()}
        if not files:
            raise InvalidInput(fields=(FieldError("files", "Attach the bid documents."),))
        with self._desk.editing(actor) as session:
            return bidding.submit(session, purchase_id, organisation_id, content, by=actor.user_id, now=self._desk.now())

    def withdraw_bid(self, purchase_id: str, organisation_id: str, *, actor: Actor) -> BidReceipt:
        """Raises NotFound, BidLate, BidsOpened, NotYourOrganisation."""
        self._belongs(actor, organisation_id)
        with self._desk.editing(actor) as session:
            sealed_bids.hold_open(session, purchase_id)  # the list of receipts waits for it, or it is late
            return bidding.withdraw(session, purchase_id, organisation_id, self._desk.now())

    def clarification(self) -> Mapping[str, Any]:
        """``{value, unit, document, article, mark}``: how long before the close an answer that changes the documents is due."""
        return rules.legal(self._desk, "clarification_days")

    def receipts(self, organisation_id: str, *, actor: Actor, limit: int = 50, after: str | None = None) -> Page:
        """The organisation's receipts, newest first."""
        self._belongs(actor, organisation_id)
        own = select(Bid).where(Bid.organisation_id == organisation_id)
        with self._desk.reading() as session:
            total = session.scalar(select(func.count()).select_from(own.subquery())) or 0
            query = own.order_by(Bid.id.desc()).limit(limit + 1)
            bids = session.scalars(query.where(Bid.id < after) if after else query).all()
        shown = tuple(map(bidding.receipt, bids[:limit]))
        return Page(shown, total, bids[limit - 1].id if len(bids) > limit else None)

    def _belongs(self, actor: Actor, organisation_id: str) -> None:
        if not actor.system and f"organisation:{organisation_id}" not in actor.groups:
            raise NotYourOrganisation(organisation=organisation_id)

    def _refuse_second(self, earlier: Sequence[Application]) -> None:
        if earlier:
            raise AlreadyApplied(number=earlier[0].id)


def _taken_part(organisation_id: str) -> ColumnElement[bool]:
    applied = select(Application.purchase_id).where(Application.organisation_id == organisation_id)
    return or_(Purchase.organisation_id == organisation_id, Purchase.id.in_(applied))


def _applications(purchase_id: str, organisation_id: str) -> Any:
    return select(Application).where(
        Application.purchase_id == purchase_id,
        Application.organisation_id == organisation_id,
        Application.status.not_in(NO_LONGER),
    )


def _refuse_barred(session: Session, organisation: Organisation, day: dt.date) -> None:
    if not organisation.active:
        raise OrganisationNoLongerRegistered(organisation=organisation.name)
    for entry in credit_of(session, organisation.id):
        if entry.kind in BARRING and entry.in_force(day):
            until = entry.ends_on.isoformat() if entry.ends_on else "—"
            raise OrganisationBarred(
                organisation=organisation.name, since=entry.starts_on.isoformat(), until=until, reason=entry.reason
            )


def _reason(text: str) -> str:
    if not text.strip():
        raise InvalidInput(fields=(FieldError("reason", "This field must be filled in."),))
    if len(text) > LONGEST_REASON:
        raise InvalidInput(fields=(FieldError("reason", "Use at most {limit} characters.", {"limit": LONGEST_REASON}),))
    return text.strip()


def _shown(moment: dt.datetime) -> str:
    return moment.strftime("%Y-%m-%d %H:%M:%S")
