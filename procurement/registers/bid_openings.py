"""Opening one bid: every piece is unsealed and checked; what does not open is kept with what was expected and what was found."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, BinaryIO, cast

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine.errors import Conflict, NotFound
from procurement.registers import openings, sealed_bids, seals
from procurement.registers.bidding import BidLate
from procurement.registers.comparison import Bid, BidContent
from procurement.registers.files import FileUse, note_stored
from procurement.registers.sealing import BidFileMetadata, BidOpening, Opening, SealedPart
from procurement.sealing import records, streams, wrapping
from procurement.sealing.metadata import Made, made
from procurement.sealing.records import BidFile, BidRecord, NotARecord
from procurement.sealing.spool import EncryptedSpool

ReadSealed = Callable[[str], Iterator[bytes]]  # a place in the file store → ciphertext; NotFound


class NothingToDecide(Conflict):
    """Bid {bid} opened without trouble, or was decided already. Reload the page."""


@dataclass
class _Found:
    """What came out of one bid while it was opened."""

    record: BidRecord | None = None
    made: list[Made] = field(default_factory=list)
    failures: list[dict[str, Any]] = field(default_factory=list)

    def fail(self, number: int, cause: str, expected: str = "", found: str = "") -> None:
        self.failures.append({"number": number, "cause": cause, "expected": expected, "found": found})


def open_bid(session: Session, purchase_id: str, bid_id: str, read: ReadSealed, *, by: str, now: dt.datetime) -> BidOpening:
    """Open one bid; opened before, or by somebody at the same moment, it is opened once.

    Raises OpeningNotCalled, KeysMissing, NotFound. A bid that does not open is no error: see its failures.
    """
    opening = openings.running(session, purchase_id)
    done = session.get(BidOpening, bid_id)
    if done is not None:
        return done
    bid = session.get(Bid, bid_id)
    if bid is None or bid.purchase_id != purchase_id or bid.status != "submitted":
        raise NotFound(kind="Bid", key=bid_id)
    private = openings.comparison_private(session, opening)
    found = _unsealed(session, bid, private, read)
    return _noted(session, opening, bid, found, by, now)


def decide(
    session: Session,
    purchase_id: str,
    bid_id: str,
    decision: str,
    reason: str,
    *,
    until: dt.datetime | None,
    by: str,
    now: dt.datetime,
) -> BidOpening:
    """What the host decides about a bid that failed: excluded, or hand_in ``until``. Raises OpeningNotCalled, NothingToDecide."""
    openings.running(session, purchase_id)
    row = session.get(BidOpening, bid_id)
    if row is None or row.purchase_id != purchase_id or row.outcome != "failed" or row.decision == "excluded":
        raise NothingToDecide(bid=bid_id)
    row.decision, row.decision_reason, row.decided_by, row.decided_at = decision, reason, by, now
    row.hand_in_until = until if decision == "hand_in" else None
    session.flush()
    return row


def undecided(session: Session, purchase_id: str) -> list[BidOpening]:
    """Bids that failed and wait for a decision or for what is to be handed in."""
    query = select(BidOpening).where(BidOpening.purchase_id == purchase_id, BidOpening.outcome == "failed")
    return [row for row in session.scalars(query.order_by(BidOpening.position)) if row.decision != "excluded"]


def is_done(session: Session, purchase_id: str) -> bool:
    """Whether every bid is open, or excluded."""
    unopened = select(Bid.id).where(Bid.purchase_id == purchase_id, Bid.status == "submitted").limit(1)
    return session.scalar(unopened) is None and not undecided(session, purchase_id)


def contents(session: Session, purchase_id: str) -> dict[str, dict[str, Any]]:
    """Bid → price, note and list of files, of those that are open."""
    query = select(BidContent).join(Bid, Bid.id == BidContent.bid_id).where(Bid.purchase_id == purchase_id)
    return {row.bid_id: row.content for row in session.scalars(query)}


def to_hand_in(session: Session, purchase_id: str, organisation_id: str, now: dt.datetime) -> Bid:
    """The bid that may be handed in again. Raises OpeningNotCalled, NothingToDecide, BidLate."""
    openings.running(session, purchase_id)
    for row in undecided(session, purchase_id):
        bid = session.get_one(Bid, row.bid_id)
        if bid.organisation_id == organisation_id and row.decision == "hand_in" and row.hand_in_until is not None:
            if now > row.hand_in_until:
                raise BidLate(deadline=f"{row.hand_in_until:%Y-%m-%d %H:%M:%S}", arrived=f"{now:%Y-%m-%d %H:%M:%S}")
            return bid
    raise NothingToDecide(bid=organisation_id)


def handed_in(
    session: Session, bid: Bid, record: BidRecord, pieces: Sequence[sealed_bids.Piece], made_by: list[Made], now: dt.datetime
) -> None:
    """The pieces take the place of those that did not open; the failure stays written."""
    for part in seals.parts(session, bid.id):
        session.delete(part)
    session.flush()
    key = seals.comparison_key(session, bid.purchase_id)
    for piece in pieces:
        part = sealed_bids.part_of(bid, piece, base64.b64decode(key.public_key if key else ""))
        part.data_key = base64.b64encode(piece.data_key).decode()
        session.add(part)
    session.get_one(BidOpening, bid.id).outcome = "opened"
    bid.status = "opened"
    keep_content(session, bid, record)
    keep_files(session, bid, record, made_by, now)
    session.flush()


def _unsealed(session: Session, bid: Bid, private: X25519PrivateKey, read: ReadSealed) -> _Found:
    found = _Found()
    parts = seals.parts(session, bid.id)
    for part in parts:
        context = records.context_of(bid.purchase_id, bid.organisation_id, part.number)
        try:
            part.data_key = base64.b64encode(wrapping.unwrap(base64.b64decode(part.wrapped_key or ""), private, context)).decode()
        except wrapping.CannotUnwrap:
            found.fail(part.number, "key")
    found.record = _record(bid, parts[0], found) if parts else None
    if found.record is None:
        if not found.failures:
            found.fail(0, "missing")
        return found
    by_number = {part.number: part for part in parts}
    for number, file in enumerate(found.record.files, 1):
        _check_file(bid, by_number.get(number), number, file, read, found)
    return found


def _record(bid: Bid, part: SealedPart, found: _Found) -> BidRecord | None:
    if part.number != 0 or part.content is None or part.data_key is None:
        return None
    context = records.context_of(bid.purchase_id, bid.organisation_id, 0)
    try:
        pieces = streams.unseal([base64.b64decode(part.content)], base64.b64decode(part.data_key), context)
        text = b"".join(pieces).decode()
        if (sha256 := records.record_sha256(text)) != bid.sha256:
            found.fail(0, "hash", bid.sha256, sha256)
            return None
        return records.read_record(text)
    except (streams.BrokenSeal, NotARecord, UnicodeDecodeError) as cause:
        found.fail(0, "broken", found=str(cause))
        return None


def _check_file(bid: Bid, part: SealedPart | None, number: int, file: BidFile, read: ReadSealed, found: _Found) -> None:
    if part is None or part.place is None:
        return found.fail(number, "missing", file.sha256)
    if part.data_key is None:
        return None  # its key did not open: noted already
    context = records.context_of(bid.purchase_id, bid.organisation_id, number)
    try:
        with EncryptedSpool() as spool:
            sha256 = hashlib.sha256()
            for piece in streams.unseal(read(part.place), base64.b64decode(part.data_key), context):
                sha256.update(piece)
                spool.write(piece)
            if sha256.hexdigest() != file.sha256:
                return found.fail(number, "hash", file.sha256, sha256.hexdigest())
            found.made.append(made(cast("BinaryIO", spool)))
    except NotFound:
        found.fail(number, "missing", file.sha256)
    except streams.BrokenSeal as cause:
        found.fail(number, "broken", file.sha256, str(cause))
    return None


def _noted(session: Session, opening: Opening, bid: Bid, found: _Found, by: str, now: dt.datetime) -> BidOpening:
    for failure in found.failures:
        _remember_failure(session, bid, failure)
    position = session.scalar(select(func.count()).select_from(BidOpening).where(BidOpening.opening_id == opening.id)) or 0
    row = BidOpening(
        bid_id=bid.id,
        opening_id=opening.id,
        purchase_id=bid.purchase_id,
        position=position + 1,
        opened_at=now,
        opened_by=by,
        outcome="failed" if found.failures else "opened",
        failures=found.failures,
    )
    session.add(row)
    bid.status, bid.opened_at = row.outcome, now
    if found.record is not None:
        keep_content(session, bid, found.record)
        if not found.failures:
            keep_files(session, bid, found.record, found.made, now)
    session.flush()
    return row


def _remember_failure(session: Session, bid: Bid, failure: dict[str, Any]) -> None:
    for part in seals.parts(session, bid.id):
        if part.number == failure["number"]:
            part.failure = failure["cause"]


def keep_content(session: Session, bid: Bid, record: BidRecord) -> None:
    """What everybody at the opening hears: price, note, the list of files."""
    if session.get(BidContent, bid.id) is None:
        content = {"price": record.price, "note": record.note, "files": records.file_variables(record.files)}
        session.add(BidContent(bid_id=bid.id, content=content))


def keep_files(session: Session, bid: Bid, record: BidRecord, made_by: list[Made], now: dt.datetime) -> None:
    """From now on the files can be asked for by their hash; what lies on disk stays sealed."""
    for number, (file, said) in enumerate(zip(record.files, made_by, strict=True), 1):
        use = FileUse(
            sha256=file.sha256,
            name=file.name,
            purchase_id=bid.purchase_id,
            uploaded_by=bid.submitted_by,
            party=f"organisation:{bid.organisation_id}",
            visibility="quarantine" if file.findings else "case",
            uploaded_at=bid.submitted_at,
        )
        note_stored(session, use, size=file.size, media_type=file.media_type, at=now)
        session.add(
            BidFileMetadata(
                purchase_id=bid.purchase_id,
                bid_id=bid.id,
                organisation_id=bid.organisation_id,
                number=number,
                name=file.name,
                media_type=file.media_type,
                size=file.size,
                sha256=file.sha256,
                findings=list(file.findings),
                **vars(said),
            )
        )
