"""Reading files that stay sealed on disk: by the hash of their content, with the data keys the opening released."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from procurement.registers.comparison import Bid
from procurement.registers.sealing import BidFileMetadata, SealedPart
from procurement.sealing import records, streams

Read = Callable[[str], Iterator[bytes]]


def reader(session: Session, sha256: str, read: Read) -> Callable[[], Iterator[bytes]]:
    """How to read a file of a purchase by its hash: unsealed when it came with a sealed bid, else as it lies in the store.

    The session is needed now only, not while the content is read. Reading raises what ``read`` raises, and BrokenSeal.
    """
    query = (
        select(SealedPart, Bid)
        .join(BidFileMetadata, (BidFileMetadata.bid_id == SealedPart.bid_id) & (BidFileMetadata.number == SealedPart.number))
        .join(Bid, Bid.id == SealedPart.bid_id)
        .where(BidFileMetadata.sha256 == sha256, SealedPart.data_key.is_not(None), SealedPart.place.is_not(None))
        .limit(1)
    )
    found = session.execute(query).first()
    if found is None:
        return lambda: read(sha256)
    part, bid = found
    key = base64.b64decode(part.data_key or "")
    context, place = records.context_of(bid.purchase_id, bid.organisation_id, part.number), str(part.place)
    return lambda: streams.unseal(read(place), key, context)


def places(session: Session) -> dict[str, str]:
    """Where sealed files lie → their content's hash if they are open, else the receipt number: what a backup must hold."""
    query = (
        select(SealedPart.place, BidFileMetadata.sha256, SealedPart.bid_id)
        .join(
            BidFileMetadata,
            (BidFileMetadata.bid_id == SealedPart.bid_id) & (BidFileMetadata.number == SealedPart.number),
            isouter=True,
        )
        .where(SealedPart.place.is_not(None), SealedPart.wrapped_key.is_not(None))
    )
    return {str(place): sha256 or bid_id for place, sha256, bid_id in session.execute(query)}
