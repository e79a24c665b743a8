"""The sealing desk: opening codes of key holders, and bids that are sealed while they arrive."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.errors import FieldError, InvalidInput, NotPermitted
from engine.model import Actor
from procurement.files import FileTooLarge
from procurement.files.store import MEGABYTE, FileEmpty
from procurement.office.desk import Desk
from procurement.office.portal import NotYourOrganisation
from procurement.office.prices import price_of
from procurement.registers import bid_openings, bidding, opening_keys, sealed_bids, seals
from procurement.registers.bidding import BidReceipt
from procurement.registers.comparison import Bid
from procurement.registers.sealed_bids import Piece, Sender
from procurement.registers.sealing import ComparisonKey, KeyShare, OpeningKey
from procurement.sealing import codes, records, streams
from procurement.sealing.inspection import inspect
from procurement.sealing.metadata import made
from procurement.sealing.records import BidFile, BidRecord

MOST_FILES = 20
MOST_NOTE = 1000
CHUNK = 256 * 1024


class NotAKeyHolder(NotPermitted):
    """Opening codes are for key holders: the street office, support agencies and discipline inspection."""


class DiffersFromReceipt(InvalidInput):
    """This is not what the receipt stands for ({what}). Hand in exactly the record and the files you sent then."""


@dataclass(frozen=True)
class Offered:
    """One file as it arrived; ``content`` can be read from any place and is never on disk in the clear."""

    name: str
    content: BinaryIO


@dataclass(frozen=True)
class Sent:
    """What a bidder gets back: the receipt, and the record it is the hash of (to be kept; nobody can give it again)."""

    receipt: BidReceipt
    record: str


@dataclass(frozen=True)
class OwnKeys:
    """A holder's present opening key, the ones it replaced, and the comparisons that wait for one of them."""

    current: OpeningKey | None
    earlier: Sequence[OpeningKey]
    waiting: Sequence[tuple[ComparisonKey, KeyShare]]


@dataclass(frozen=True)
class Tested:
    """Whose code was typed: the present one, an earlier one, or (None) one nobody knows."""

    key: OpeningKey | None
    is_current: bool


class SealingDesk:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    # opening codes

    def keys(self, *, actor: Actor) -> OwnKeys:
        """Raises NotAKeyHolder."""
        _refuse_stranger(actor)
        with self._desk.reading() as session:
            every = opening_keys.keys_of(session, actor.user_id)
            query = (
                select(ComparisonKey, KeyShare)
                .join(KeyShare, KeyShare.comparison_key_id == ComparisonKey.id)
                .where(KeyShare.login == actor.user_id, ComparisonKey.ended_at.is_(None), KeyShare.given_at.is_(None))
                .order_by(ComparisonKey.id.desc())
            )
            waiting = [(row[0], row[1]) for row in session.execute(query.limit(50)).all()]
            current = next((key for key in every if key.replaced_at is None), None)
            return OwnKeys(current, [key for key in every if key.replaced_at is not None], waiting)

    def make_code(self, *, actor: Actor) -> tuple[str, OpeningKey]:
        """A new opening code, shown now and never again; the one before stays good for what was sealed with it."""
        _refuse_stranger(actor)
        code = codes.new_code()
        with self._desk.editing(actor) as session:
            return code, opening_keys.store_key(session, actor.user_id, code, self._desk.now())

    def test_code(self, code: str, *, actor: Actor) -> Tested:
        """Look whose code it is without keeping anything. Raises CodeMistyped, NotAKeyHolder."""
        _refuse_stranger(actor)
        public = base64.b64encode(codes.public_bytes(codes.private_key(code))).decode()
        with self._desk.reading() as session:
            found = next((key for key in opening_keys.keys_of(session, actor.user_id) if key.public_key == public), None)
        return Tested(found, found is not None and found.replaced_at is None)

    # bids

    def is_sealed(self, purchase_id: str) -> bool:
        """Whether bids of this comparison are sealed; those begun by earlier versions are not."""
        with self._desk.reading() as session:
            return seals.comparison_key(session, purchase_id) is not None

    def key_of(self, purchase_id: str) -> ComparisonKey | None:
        with self._desk.reading() as session:
            return seals.comparison_key(session, purchase_id)

    def submit(
        self,
        purchase_id: str,
        organisation_id: str,
        *,
        price: Any,
        files: Sequence[Offered],
        note: str = "",
        command: str,
        sender: Sender | None = None,
        actor: Actor,
    ) -> Sent:
        """Look through a bid, seal it and take it in, replacing the earlier one. ``command``: the sent form's own secret.

        The same form sent twice gives the same receipt and record. Raises BidLate, BidsNotAwaited, NotAdmitted, NotSealed,
        BidsOpened, InvalidInput and the refusals of ``procurement.sealing.inspection``; nothing is kept then.
        """
        _belongs(actor, organisation_id)
        salt = records.salt_of(command, purchase_id, organisation_id)
        command_sha256 = hashlib.sha256(f"bid {salt}".encode()).hexdigest()
        with self._desk.editing(actor) as session:
            sealed_bids.hold_open(session, purchase_id)
            now = self._desk.now()  # the moment of arrival, taken after everything arrived and before anything is done with it
            earlier = sealed_bids.sent_before(session, command_sha256)
            key = None if earlier else sealed_bids.awaited_key(session, purchase_id, organisation_id, now)
            looked = tuple(self._looked_at(offered) for offered in _accepted(files))
            record = BidRecord(purchase_id, organisation_id, price_of(price), _note(note), looked, salt)
            if earlier is None:
                assert key is not None
                pieces = self._sealed(record, files, key.cipher)
                earlier = sealed_bids.take_in(
                    session,
                    key,
                    organisation_id,
                    record.sha256(),
                    pieces,
                    command_sha256=command_sha256,
                    sender=sender or Sender(),
                    by=actor.user_id,
                    now=now,
                )
            return Sent(bidding.receipt(earlier), record.text() if record.sha256() == earlier.sha256 else "")

    def hand_in(
        self, purchase_id: str, organisation_id: str, *, record: str, files: Sequence[Offered], actor: Actor
    ) -> BidReceipt:
        """Hand in again what the host asked for, because the sealed bid did not open: the record and files of the receipt.

        Nothing else is taken: the record must have the receipt's hash, each file the hash in the record. Raises NotFound,
        NothingToDecide (nobody asked for it), BidLate, DiffersFromReceipt and the refusals of inspection.
        """
        _belongs(actor, organisation_id)
        with self._desk.editing(actor) as session:
            bid = bid_openings.to_hand_in(session, purchase_id, organisation_id, self._desk.now())
            text = record.strip()
            if records.record_sha256(text) != bid.sha256:
                raise DiffersFromReceipt(what="record")
            given = records.read_record(text)
            by_hash = {file.sha256: (file, offered) for offered in _accepted(files) for file in [self._looked_at(offered)]}
            if missing := [file.name for file in given.files if file.sha256 not in by_hash]:
                raise DiffersFromReceipt(what="、".join(missing))
            ordered = [by_hash[file.sha256][1] for file in given.files]
            key = seals.comparison_key(session, purchase_id)
            pieces = list(self._sealed(given, ordered, key.cipher if key else streams.AES))
            said = [made(offered.content) for offered in ordered]
            bid_openings.handed_in(session, bid, given, pieces, said, self._desk.now())
            return bidding.receipt(bid)

    def receipts(self, purchase_id: str) -> Sequence[BidReceipt]:
        """Those that were published: after the deadline, in order of arrival."""
        now = self._desk.now()
        with self._desk.reading() as session:
            found = _published(session, select(Bid).where(Bid.purchase_id == purchase_id), now)
            return [bidding.receipt(bid) for bid in found]

    def check(self, text: str) -> tuple[str, BidReceipt | None]:
        """A pasted record, hash or receipt number → its hash, and the published receipt it belongs to, if there is one."""
        text = text.strip()
        sha256 = text.lower() if len(text) == 64 and set(text.lower()) <= set("0123456789abcdef") else records.record_sha256(text)
        now = self._desk.now()
        with self._desk.reading() as session:
            query = select(Bid).where((Bid.sha256 == sha256) | (Bid.id == text[:40].upper()))
            found = next(iter(_published(session, query, now)), None)
            return (found.sha256 if found and found.sha256 != sha256 else sha256), bidding.receipt(found) if found else None

    def _looked_at(self, offered: Offered) -> BidFile:
        sha256, size = hashlib.sha256(), 0
        for chunk in _read(offered.content):
            sha256.update(chunk)
            size += len(chunk)
        if not size:
            raise FileEmpty(name=offered.name)
        if size > self._desk.files.limit:
            raise FileTooLarge(name=offered.name, limit=self._desk.files.limit // MEGABYTE)
        seen = inspect(offered.name, offered.content)
        return BidFile(seen.name, size, sha256.hexdigest(), seen.media_type, seen.findings)

    def _sealed(self, record: BidRecord, files: Sequence[Offered], cipher: str) -> Iterator[Piece]:
        data_key = streams.new_key()
        context = records.context_of(record.purchase_id, record.organisation_id, 0)
        content = b"".join(streams.seal([record.text().encode()], data_key, context, cipher))
        yield Piece(0, len(content), data_key, content=content)
        for number, offered in enumerate(files, 1):
            data_key = streams.new_key()
            context = records.context_of(record.purchase_id, record.organisation_id, number)
            place, size = self._desk.files.put_sealed(streams.seal(_read(offered.content), data_key, context, cipher))
            yield Piece(number, size, data_key, place=place)


def _published(session: Session, query: Any, now: dt.datetime) -> Sequence[Bid]:
    bids: Sequence[Bid] = session.scalars(query.order_by(Bid.submitted_at, Bid.id)).all()
    return [bid for bid in bids if sealed_bids.is_closed(session, bid.purchase_id, now)]


def _refuse_stranger(actor: Actor) -> None:
    agencies = any(group.startswith("agency:") for group in actor.groups)
    if not (agencies or actor.groups & opening_keys.STREET or opening_keys.SUPERVISOR in actor.groups):
        raise NotAKeyHolder


def _belongs(actor: Actor, organisation_id: str) -> None:
    if not actor.system and f"organisation:{organisation_id}" not in actor.groups:
        raise NotYourOrganisation(organisation=organisation_id)


def _accepted(files: Sequence[Offered]) -> Sequence[Offered]:
    if not files:
        raise InvalidInput(fields=(FieldError("files", "Attach the bid documents."),))
    if len(files) > MOST_FILES:
        raise InvalidInput(
            fields=(FieldError("files", "At most {most} files; put more into one archive.", {"most": MOST_FILES}),)
        )
    return files


def _note(note: str) -> str:
    note = note.strip()
    if len(note) > MOST_NOTE:
        raise InvalidInput(fields=(FieldError("note", "At most {most} characters.", {"most": MOST_NOTE}),))
    return note


def _read(content: BinaryIO) -> Iterator[bytes]:
    content.seek(0)
    while chunk := content.read(CHUNK):
        yield chunk
