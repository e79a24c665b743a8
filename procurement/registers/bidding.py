"""Receiving bids: on time, from who was admitted, one per organisation, with a receipt; nobody reads them before the opening."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from engine import json_codec
from engine.errors import Conflict, NotFound, NotPermitted
from procurement.registers import numbers, seals
from procurement.registers.comparison import Application, Bid, BidContent
from procurement.registers.files import FileUse
from procurement.registers.purchases import Purchase

ADMITTED = ("confirmed",)


class BidLate(Conflict):
    """Bids were accepted until {deadline}; yours arrived at {arrived} by the server's clock and was not accepted."""


class BidsNotAwaited(Conflict):
    """No bids are being accepted for {purchase}. See its latest notice for the dates."""


class NotAdmitted(NotPermitted):
    """Only organisations whose application was confirmed may submit a bid. See the state of your application."""


class BidsOpened(Conflict):
    """The bids for {purchase} were opened already, so yours can be neither changed nor withdrawn."""


class BidMustBeSealed(Conflict):
    """Bids for {purchase} are sealed on arrival. Submit yours on the page of the comparison in the portal."""


class OpeningTooEarly(Conflict):
    """Bids for {purchase} are accepted until {deadline}; they cannot be opened before."""


class BidsUnopened(Conflict):
    """{count} bids for {purchase} are not open yet. Open each of them on the opening page first."""


@dataclass(frozen=True)
class BidReceipt:
    """What a bidder can check later: number, time of arrival, and SHA-256 over the canonical JSON of the content."""

    number: str
    purchase_id: str
    organisation_id: str
    submitted_at: dt.datetime
    sha256: str
    status: str


def submit(
    session: Session, purchase_id: str, organisation_id: str, content: dict[str, Any], *, by: str, now: dt.datetime
) -> BidReceipt:
    """Take a bid in, replacing the organisation's earlier one. ``content`` holds ``price`` (yuan) and ``files`` (references).

    This is how bids of comparisons without a key are kept, which earlier versions began; a sealed one takes its bids by
    ``sealed_bids``. Raises BidLate, BidsNotAwaited, NotAdmitted, BidsOpened, BidMustBeSealed.
    """
    purchase = _awaiting(session, purchase_id, now)
    if seals.comparison_key(session, purchase_id) is not None:
        raise BidMustBeSealed(purchase=purchase_id)
    application = admitted(session, purchase_id, organisation_id)
    earlier = current_bid(session, purchase_id, organisation_id)
    if earlier is not None:
        refuse_opened(earlier)
        earlier.status = "replaced"
        session.flush()
    bid = Bid(
        id=numbers.next_number(session, numbers.BID_RECEIPT, now.year),
        purchase_id=purchase.id,
        application_id=application.id,
        organisation_id=organisation_id,
        name=application.name,
        sha256=json_codec.digest(content),
        submitted_at=now,
        submitted_by=by,
        status="submitted",
    )
    session.add(bid)
    session.flush()
    session.add(BidContent(bid_id=bid.id, content=content))
    session.flush()
    return receipt(bid)


def withdraw(session: Session, purchase_id: str, organisation_id: str, now: dt.datetime) -> BidReceipt:
    """Take the bid back before the deadline; its content is destroyed. Raises NotFound, BidLate, BidsOpened."""
    _awaiting(session, purchase_id, now)
    bid = current_bid(session, purchase_id, organisation_id)
    if bid is None:
        raise NotFound(kind="Bid", key=f"{purchase_id} / {organisation_id}")
    refuse_opened(bid)
    bid.status = "withdrawn"
    seals.destroy(session, bid)
    return receipt(bid)


def lapse(session: Session, purchase_id: str, organisation_id: str) -> BidReceipt | None:
    """The bid of an application that was taken back: it no longer counts and its content is destroyed. None: there was none.

    Raises BidsOpened.
    """
    bid = current_bid(session, purchase_id, organisation_id)
    if bid is None:
        return None
    refuse_opened(bid)
    bid.status = "lapsed"
    seals.destroy(session, bid)
    return receipt(bid)


def current_bid(session: Session, purchase_id: str, organisation_id: str) -> Bid | None:
    """The one that counts: submitted or opened."""
    query = select(Bid).where(
        Bid.purchase_id == purchase_id, Bid.organisation_id == organisation_id, Bid.status.in_(("submitted", "opened"))
    )
    return session.scalars(query).one_or_none()


def refuse_early(session: Session, purchase_id: str, now: dt.datetime) -> None:
    """Raises OpeningTooEarly until the deadline, for sealed bids its whole second, is over; the purchase stays locked."""
    purchase = session.get(Purchase, purchase_id, with_for_update=True)
    if purchase is None or purchase.bid_until is None:
        return
    is_sealed = seals.comparison_key(session, purchase_id) is not None
    if now < purchase.bid_until or (is_sealed and now.replace(microsecond=0) <= purchase.bid_until):
        raise OpeningTooEarly(purchase=purchase_id, deadline=_shown(purchase.bid_until))


def open_all(session: Session, purchase_id: str, now: dt.datetime) -> Sequence[tuple[Bid, dict[str, Any]]]:
    """Give every bid in order of arrival, after the deadline; unsealed ones of earlier versions are opened by it.

    Raises OpeningTooEarly, and BidsUnopened while sealed ones wait for their opening.
    """
    refuse_early(session, purchase_id, now)
    query = (
        select(Bid)
        .where(Bid.purchase_id == purchase_id, Bid.status.in_(("submitted", "opened")))
        .order_by(Bid.submitted_at, Bid.id)
    )
    bids = session.scalars(query).all()
    if unopened := sum(bid.status == "submitted" and bid.comparison_key_id is not None for bid in bids):
        raise BidsUnopened(purchase=purchase_id, count=unopened)
    for bid in bids:
        bid.status, bid.opened_at = "opened", bid.opened_at or now
    session.execute(
        update(FileUse).where(FileUse.purchase_id == purchase_id, FileUse.visibility == "sealed").values(visibility="case")
    )
    session.flush()
    return [(bid, session.get_one(BidContent, bid.id).content) for bid in bids]


def receipt(bid: Bid) -> BidReceipt:
    return BidReceipt(bid.id, bid.purchase_id, bid.organisation_id, bid.submitted_at, bid.sha256, bid.status)


def _awaiting(session: Session, purchase_id: str, now: dt.datetime) -> Purchase:
    purchase = session.get(Purchase, purchase_id, with_for_update=True)
    if purchase is None:
        raise NotFound(kind="Purchase", key=purchase_id)
    refuse_untimely(purchase, now)
    return purchase


def refuse_untimely(purchase: Purchase, now: dt.datetime) -> None:
    """The whole second of the deadline is in time. Raises BidsNotAwaited, BidLate."""
    if purchase.bid_until is None or purchase.step != "selection":
        raise BidsNotAwaited(purchase=purchase.id)
    if now.replace(microsecond=0) > purchase.bid_until:
        raise BidLate(deadline=_shown(purchase.bid_until), arrived=_shown(now))


def admitted(session: Session, purchase_id: str, organisation_id: str) -> Application:
    """The confirmed application. Raises NotAdmitted."""
    query = select(Application).where(
        Application.purchase_id == purchase_id, Application.organisation_id == organisation_id, Application.status.in_(ADMITTED)
    )
    application = session.scalars(query).one_or_none()
    if application is None:
        raise NotAdmitted
    return application


def refuse_opened(bid: Bid) -> None:
    """Raises BidsOpened."""
    if bid.status == "opened":
        raise BidsOpened(purchase=bid.purchase_id)


def _shown(moment: dt.datetime) -> str:
    return moment.strftime("%Y-%m-%d %H:%M:%S")
