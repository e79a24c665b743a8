"""Sealed bids in the registers: what they are sealed to, how one is taken in, and how it is destroyed unread."""

from __future__ import annotations

import base64
import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from engine.errors import Conflict, NotFound
from procurement.registers import bidding, numbers, seals
from procurement.registers.comparison import Bid
from procurement.registers.purchases import Purchase
from procurement.registers.sealing import ComparisonKey, SealedPart
from procurement.sealing import records, wrapping


class NotSealed(Conflict):
    """The comparison for {purchase} has no key yet, so no bid can be sealed. Wait until its notice is published."""


@dataclass(frozen=True)
class Piece:
    """One sealed piece on its way into the registers; ``content`` or ``place``, see SealedPart."""

    number: int
    size: int
    data_key: bytes
    content: bytes | None = None
    place: str | None = None


@dataclass(frozen=True)
class Sender:
    """From where a bid came; for red flags only, never an automatic reason."""

    address: str = ""
    user_agent: str = ""


def hold_open(session: Session, purchase_id: str) -> None:
    """While a bid is being taken in, the opening waits for it; bids do not wait for each other."""
    session.execute(select(func.pg_advisory_xact_lock_shared(_lock(purchase_id))))


def close(session: Session, purchase_id: str) -> None:
    """Wait until every bid that arrived in time is taken in; those that come now are late."""
    session.execute(select(func.pg_advisory_xact_lock(_lock(purchase_id))))


def is_closed(session: Session, purchase_id: str, now: dt.datetime) -> bool:
    """Whether the deadline for bids is over, its whole second included: from then on receipts are public."""
    purchase = session.get(Purchase, purchase_id)
    return purchase is not None and purchase.bid_until is not None and now.replace(microsecond=0) > purchase.bid_until


def awaited_key(session: Session, purchase_id: str, organisation_id: str, now: dt.datetime) -> ComparisonKey:
    """What to seal with, for an organisation that may bid now. Raises NotFound, BidsNotAwaited, BidLate, NotAdmitted, NotSealed."""
    purchase = session.get(Purchase, purchase_id)
    if purchase is None:
        raise NotFound(kind="Purchase", key=purchase_id)
    bidding.refuse_untimely(purchase, now)
    bidding.admitted(session, purchase_id, organisation_id)
    key = seals.comparison_key(session, purchase_id)
    if key is None:
        raise NotSealed(purchase=purchase_id)
    return key


def sent_before(session: Session, command_sha256: str) -> Bid | None:
    """The bid the same form made when it was sent the first time."""
    return session.scalars(select(Bid).where(Bid.command_sha256 == command_sha256)).one_or_none()


def take_in(
    session: Session,
    key: ComparisonKey,
    organisation_id: str,
    sha256: str,
    pieces: Iterable[Piece],
    *,
    command_sha256: str,
    sender: Sender,
    by: str,
    now: dt.datetime,
) -> Bid:
    """Register a sealed bid that arrived at ``now``; an earlier one of the organisation is destroyed. Raises BidsOpened, NotAdmitted.

    One that the same form made a moment ago, while this one waited for its turn, is given back as it is.
    """
    session.get(Purchase, key.purchase_id, with_for_update=True)
    if (same := sent_before(session, command_sha256)) is not None:
        return same
    application = bidding.admitted(session, key.purchase_id, organisation_id)
    earlier = bidding.current_bid(session, key.purchase_id, organisation_id)
    if earlier is not None:
        bidding.refuse_opened(earlier)
        earlier.status = "replaced"
        seals.destroy(session, earlier)
    bid = Bid(
        id=numbers.next_number(session, numbers.BID_RECEIPT, now.year),
        purchase_id=key.purchase_id,
        application_id=application.id,
        organisation_id=organisation_id,
        name=application.name,
        sha256=sha256,
        submitted_at=now,
        submitted_by=by,
        status="submitted",
        comparison_key_id=key.id,
        command_sha256=command_sha256,
        sender_address=sender.address,
        user_agent=sender.user_agent[:300],
    )
    session.add(bid)
    session.flush()
    public = base64.b64decode(key.public_key)
    for piece in pieces:
        session.add(part_of(bid, piece, public))
    session.flush()
    return bid


def counting(session: Session, purchase_id: str) -> Sequence[Bid]:
    """The bids that count, in order of arrival: submitted, opened, or failed to open."""
    query = select(Bid).where(Bid.purchase_id == purchase_id, Bid.status.in_(("submitted", "opened", "failed")))
    return session.scalars(query.order_by(Bid.submitted_at, Bid.id)).all()


def return_unopened(session: Session, purchase_id: str) -> Sequence[Bid]:
    """Nothing is decrypted: every submitted bid is destroyed unread and goes back as returned."""
    bids = [bid for bid in counting(session, purchase_id) if bid.status == "submitted"]
    for bid in bids:
        bid.status = "returned"
        seals.destroy(session, bid)
    return bids


def part_of(bid: Bid, piece: Piece, public: bytes) -> SealedPart:
    """The row of a piece, its data key wrapped to the comparison's public key."""
    context = records.context_of(bid.purchase_id, bid.organisation_id, piece.number)
    return SealedPart(
        bid_id=bid.id,
        number=piece.number,
        content=None if piece.content is None else base64.b64encode(piece.content).decode(),
        place=piece.place,
        size=piece.size,
        wrapped_key=base64.b64encode(wrapping.wrap(piece.data_key, public, context)).decode(),
    )


def _lock(purchase_id: str) -> ColumnElement[int]:
    return func.hashtextextended(f"bids {purchase_id}", 0)
