"""What a bid is sealed to, its sealed parts, and how it is made unreadable for good."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.registers.comparison import Bid, BidContent
from procurement.registers.sealing import ComparisonKey, SealedPart


def comparison_key(session: Session, purchase_id: str) -> ComparisonKey | None:
    """The key bids are sealed to; None for a comparison of an earlier version."""
    query = select(ComparisonKey).where(ComparisonKey.purchase_id == purchase_id, ComparisonKey.ended_at.is_(None))
    return session.scalars(query).one_or_none()


def destroy(session: Session, bid: Bid) -> None:
    """Make the content of a bid unreadable for good: its data keys go, the receipt stays."""
    content = session.get(BidContent, bid.id)
    if content is not None:
        session.delete(content)
    for part in parts(session, bid.id):
        part.wrapped_key = part.data_key = part.content = None
    session.flush()


def parts(session: Session, bid_id: str) -> Sequence[SealedPart]:
    """The record, then the files."""
    return session.scalars(select(SealedPart).where(SealedPart.bid_id == bid_id).order_by(SealedPart.number)).all()
