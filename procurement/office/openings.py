"""The opening desk: keys are given, bids opened one by one before everybody, and what does not open is decided."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from engine.errors import EngineError, FieldError, InvalidInput, NotFound, NotPermitted
from engine.model import Actor
from procurement.accounts import throttling
from procurement.accounts.tables import User
from procurement.office.access import may_see_purchase
from procurement.office.desk import Desk
from procurement.office.portal import NotYourOrganisation
from procurement.registers import bid_openings, opening_keys, openings, sealed_bids, seals
from procurement.registers.comparison import Bid
from procurement.registers.purchases import Purchase
from procurement.registers.sealing import DECISIONS, BidOpening, ComparisonKey, KeyShare, Opening, OpeningPresence
from procurement.sealing.codes import CodeMistyped

GIVE_KEY, OPEN_BIDS = "submit_key", "open_each_bid"  # the tasks of processes/bid_opening this desk completes
WATCHERS = frozenset({"procurement_officer", "street_leader", "discipline", "auditor", "legal"})
BUSY_SECONDS = 2.0


class NotTheHost(NotPermitted):
    """Bids are opened by the procurement officer or the support agency of this comparison. Ask the host."""


@dataclass(frozen=True)
class OpenedBid:
    """One bid as the opening page shows it; ``content`` once it is open: price, note, files."""

    bid: Bid
    result: BidOpening | None
    content: Mapping[str, Any] | None

    @property
    def waits(self) -> bool:
        """Whether something is still to be done about it."""
        return self.result is None or (self.result.outcome == "failed" and self.result.decision != "excluded")


@dataclass(frozen=True)
class OpeningView:
    """Everything the page shows at one moment. ``opening`` None: the deadline is not over, or nobody called it yet."""

    purchase: Purchase
    opening: Opening | None
    key: ComparisonKey | None
    shares: Sequence[KeyShare]
    present: Sequence[OpeningPresence]
    bids: Sequence[OpenedBid]
    own_share: KeyShare | None
    is_host: bool
    now: dt.datetime

    @property
    def given(self) -> int:
        return sum(share.given_at is not None for share in self.shares)

    @property
    def needed(self) -> int:
        return self.key.needed if self.key else 0

    @property
    def may_open(self) -> bool:
        return self.opening is not None and self.opening.state == "opening"

    @property
    def unopened(self) -> int:
        return sum(one.result is None for one in self.bids)

    @property
    def waiting(self) -> int:
        return sum(one.waits for one in self.bids)


class OpeningDesk:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def view(self, purchase_id: str, *, actor: Actor) -> OpeningView:
        """For people of the office who watch over it, the agency of the comparison, and its key holders. Raises NotFound."""
        with self._desk.reading() as session:
            purchase = session.get(Purchase, purchase_id)
            view = self._view(session, purchase, actor) if purchase else None
            if view is None or not self._may_watch(session, view, actor):
                raise NotFound(kind="Purchase", key=purchase_id)
            return view

    def view_of_bidder(self, purchase_id: str, organisation_id: str, *, actor: Actor) -> OpeningView:
        """For an organisation that bid: after the deadline, the same as everybody in the room sees. Raises NotFound."""
        if f"organisation:{organisation_id}" not in actor.groups:
            raise NotYourOrganisation(organisation=organisation_id)
        with self._desk.reading() as session:
            purchase = session.get(Purchase, purchase_id)
            view = self._view(session, purchase, actor) if purchase else None
            mine = view is not None and any(one.bid.organisation_id == organisation_id for one in view.bids)
            if view is None or not mine:
                raise NotFound(kind="Purchase", key=purchase_id)
            return view

    def give_key(self, purchase_id: str, code: str, *, actor: Actor) -> KeyShare:
        """Give one's share by typing the opening code; the code is kept nowhere. Five wrong ones, and the next must wait.

        Raises TooManyAttempts, KeyTooEarly, OpeningNotCalled, NotAHolder, CodeMistyped, WrongCode, OtherCode.
        """
        now, counted = self._desk.now(), (f"opening:{actor.user_id}",)
        with self._desk.reading() as session:
            throttling.refuse_if_blocked(session, counted, now)
        try:
            with self._desk.editing(actor) as session:
                share = openings.give_share(session, purchase_id, actor.user_id, code, now)
        except (CodeMistyped, openings.WrongCode):
            with self._desk.editing(actor) as session:
                throttling.count_failure(session, counted, now)
            raise
        self._complete(purchase_id, GIVE_KEY, actor)
        return share

    def open_bid(self, purchase_id: str, bid_id: str, *, actor: Actor) -> BidOpening:
        """Open one bid in a transaction of its own; what is open already stays as it is. Raises NotTheHost and those of open_bid."""
        with self._hosting(purchase_id, actor) as session:
            row = bid_openings.open_bid(
                session, purchase_id, bid_id, self._desk.files.read, by=actor.user_id, now=self._desk.now()
            )
        self._complete_when_done(purchase_id, actor)
        return row

    def open_rest(self, purchase_id: str, *, actor: Actor, seconds: float = BUSY_SECONDS) -> int:
        """Open the next bids, one transaction each, for about ``seconds``; returns how many were opened."""
        opened, until = 0, time.monotonic() + seconds
        for one in self.view(purchase_id, actor=actor).bids:
            if one.result is None:
                self.open_bid(purchase_id, one.bid.id, actor=actor)
                opened += 1
                if time.monotonic() > until:
                    break
        return opened

    def decide(
        self, purchase_id: str, bid_id: str, decision: str, reason: str, *, until: dt.datetime | None = None, actor: Actor
    ) -> BidOpening:
        """What becomes of a bid that failed to open, with a reason for the minutes. Raises NotTheHost, NothingToDecide, InvalidInput."""
        wrong = []
        if decision not in DECISIONS:
            wrong.append(FieldError("decision", "Choose what becomes of this bid."))
        if not reason.strip():
            wrong.append(FieldError("reason", "Write the reason: it goes into the minutes."))
        if decision == "hand_in" and (until is None or until <= self._desk.now()):
            wrong.append(FieldError("until", "Say until when it may be handed in; the time must be to come."))
        if wrong:
            raise InvalidInput(fields=tuple(wrong))
        with self._hosting(purchase_id, actor) as session:
            row = bid_openings.decide(
                session, purchase_id, bid_id, decision, reason.strip(), until=until, by=actor.user_id, now=self._desk.now()
            )
        self._complete_when_done(purchase_id, actor)
        return row

    @contextmanager
    def _hosting(self, purchase_id: str, actor: Actor) -> Iterator[Session]:
        with self._desk.editing(actor) as session:
            purchase = session.get(Purchase, purchase_id)
            if purchase is None or not may_see_purchase(session, actor, purchase_id):
                raise NotFound(kind="Purchase", key=purchase_id)
            if not _is_host(purchase, actor):
                raise NotTheHost
            opening = openings.running(session, purchase_id)
            self._note_host(session, purchase, opening, actor)
            yield session

    def _note_host(self, session: Session, purchase: Purchase, opening: Opening, actor: Actor) -> None:
        user = session.get(User, actor.user_id)
        part = opening_keys.part_of(actor.groups, purchase.agency_id) or "street"
        openings.note_presence(session, opening, actor.user_id, user.name if user else actor.user_id, part, self._desk.now())

    def _view(self, session: Session, purchase: Purchase, actor: Actor) -> OpeningView:
        opening = openings.current(session, purchase.id)
        key = seals.comparison_key(session, purchase.id)
        if opening is not None and opening.state not in openings.RUNNING and key is not None:
            is_earlier = opening.comparison_key_id != key.id or not sealed_bids.is_closed(session, purchase.id, self._desk.now())
            opening = None if is_earlier else opening  # a new round is on
        shares = opening_keys.shares_of(session, key.id) if key else []
        results = openings.results(session, opening) if opening else {}
        closed = sealed_bids.is_closed(session, purchase.id, self._desk.now())
        contents = bid_openings.contents(session, purchase.id)
        bids = [
            OpenedBid(bid, results.get(bid.id), contents.get(bid.id))
            for bid in (sealed_bids.counting(session, purchase.id) if closed else [])
        ]
        return OpeningView(
            purchase=purchase,
            opening=opening,
            key=key,
            shares=shares,
            present=openings.presences(session, opening) if opening else [],
            bids=bids,
            own_share=next((share for share in shares if share.login == actor.user_id), None),
            is_host=_is_host(purchase, actor),
            now=self._desk.now(),
        )

    def _may_watch(self, session: Session, view: OpeningView, actor: Actor) -> bool:
        if view.own_share is not None or actor.system or actor.groups & WATCHERS:
            return True
        return any(group.startswith("agency:") for group in actor.groups) and may_see_purchase(session, actor, view.purchase.id)

    def _complete_when_done(self, purchase_id: str, actor: Actor) -> None:
        with self._desk.reading() as session:
            done = bid_openings.is_done(session, purchase_id)
        if done:
            self._complete(purchase_id, OPEN_BIDS, actor)

    def _complete(self, purchase_id: str, element_id: str, actor: Actor) -> None:
        """The task is done by what was done on the page; one that cannot be completed now stays in the inbox, to be sent by hand."""
        for task in self._desk.engine.tasks(candidate_of=actor, business_key=purchase_id, limit=50).items:
            if task.element_id == element_id:
                try:
                    self._desk.engine.complete_task(task.key, {}, actor=actor)
                except EngineError:
                    continue


def _is_host(purchase: Purchase, actor: Actor) -> bool:
    agency = f"agency:{purchase.agency_id}" if purchase.agency_id else ""
    return actor.system or "procurement_officer" in actor.groups or bool(agency and agency in actor.groups)
