"""Keys, sealed parts and openings of an open comparison: what lies in the database before, during and after the opening.

Before the opening nothing here can be read without the opening codes of enough key holders. Binary values are base64 text.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Identity, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from procurement.registers.row import KeptRow, Row

PARTS = ("street", "agency", "supervisor")  # which side a key holder stands for
OPENING_STATES = ("gathering", "opening", "opened", "returned")
OUTCOMES = ("opened", "failed")
DECISIONS = ("excluded", "hand_in")  # what the host decides about a bid that does not open


class OpeningKey(KeptRow):
    """The public half of a person's opening code. The code itself is kept by the person, on paper."""

    __tablename__ = "opening_keys"
    __table_args__ = (Index("uq_opening_keys_one_current", "login", unique=True, postgresql_where=text("replaced_at is null")),)

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    login: Mapped[str] = mapped_column(index=True)
    public_key: Mapped[str]
    fingerprint: Mapped[str]  # of the public key, in groups to be compared by eye
    since: Mapped[dt.datetime]
    replaced_at: Mapped[dt.datetime | None]


class ComparisonKey(Row):
    """What the bids of one comparison are sealed to; its private half exists only as shares wrapped to the key holders."""

    __tablename__ = "comparison_keys"
    __table_args__ = (
        Index("uq_comparison_keys_one_current", "purchase_id", unique=True, postgresql_where=text("ended_at is null")),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    purchase_id: Mapped[str] = mapped_column(index=True)
    cipher: Mapped[str]  # AES-256-GCM or SM4-GCM
    public_key: Mapped[str]
    fingerprint: Mapped[str]
    needed: Mapped[int]  # so many shares open it
    sealed_at: Mapped[dt.datetime]
    sealed_by: Mapped[str]
    ended_at: Mapped[dt.datetime | None]  # the comparison was organised again under another key


class KeyShare(Row):
    """One holder's share: wrapped to the holder, and readable for the time between giving it and the end of the opening."""

    __tablename__ = "key_shares"
    __table_args__ = (UniqueConstraint("comparison_key_id", "number"), UniqueConstraint("comparison_key_id", "login"))

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    comparison_key_id: Mapped[int] = mapped_column(ForeignKey("comparison_keys.id"))
    number: Mapped[int]  # 1 … n
    login: Mapped[str]
    name: Mapped[str]
    part: Mapped[str]  # one of PARTS
    opening_key_id: Mapped[int] = mapped_column(ForeignKey("opening_keys.id"))
    wrapped: Mapped[str]
    share: Mapped[str | None]  # only after the deadline; destroyed when every bid is open
    given_at: Mapped[dt.datetime | None]


class SealedPart(Row):
    """One sealed piece of a bid: number 0 is its record (price, note, list of files), the others are its files."""

    __tablename__ = "sealed_parts"
    __table_args__ = (UniqueConstraint("bid_id", "number"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    bid_id: Mapped[str] = mapped_column(ForeignKey("bids.id"), index=True)
    number: Mapped[int]
    content: Mapped[str | None]  # the record's ciphertext
    place: Mapped[str | None]  # a file's ciphertext in the file store: its SHA-256
    size: Mapped[int] = mapped_column(BigInteger)  # of the ciphertext, bytes
    wrapped_key: Mapped[str | None]  # destroyed when the bid is replaced, withdrawn or returned
    data_key: Mapped[str | None]  # released by the opening; downloads decrypt with it
    failure: Mapped[str] = mapped_column(default="")  # why it did not open


class Opening(KeptRow):
    """One opening ceremony."""

    __tablename__ = "openings"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    purchase_id: Mapped[str] = mapped_column(index=True)
    comparison_key_id: Mapped[int | None] = mapped_column(ForeignKey("comparison_keys.id"))
    state: Mapped[str]  # one of OPENING_STATES
    called_at: Mapped[dt.datetime]
    host: Mapped[str] = mapped_column(default="")
    host_name: Mapped[str] = mapped_column(default="")
    place: Mapped[str] = mapped_column(default="")
    begun_at: Mapped[dt.datetime | None]
    ended_at: Mapped[dt.datetime | None]
    minutes: Mapped[dict[str, Any] | None]
    minutes_sha256: Mapped[str] = mapped_column(default="")


class OpeningPresence(Row):
    """Somebody was at the opening; those present sign the minutes."""

    __tablename__ = "opening_presences"
    __table_args__ = (UniqueConstraint("opening_id", "login"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    opening_id: Mapped[int] = mapped_column(ForeignKey("openings.id"))
    login: Mapped[str]
    name: Mapped[str]
    part: Mapped[str]  # one of PARTS, or bidder
    came_at: Mapped[dt.datetime]
    signed_at: Mapped[dt.datetime | None]
    remark: Mapped[str] = mapped_column(default="")


class BidOpening(Row):
    """How one bid was opened, or why it was not, and what was decided then."""

    __tablename__ = "bid_openings"

    bid_id: Mapped[str] = mapped_column(ForeignKey("bids.id"), primary_key=True)
    opening_id: Mapped[int] = mapped_column(ForeignKey("openings.id"), index=True)
    purchase_id: Mapped[str] = mapped_column(index=True)
    position: Mapped[int]  # in order of arrival, from 1
    opened_at: Mapped[dt.datetime]
    opened_by: Mapped[str]
    outcome: Mapped[str]  # one of OUTCOMES
    failures: Mapped[list[Any]] = mapped_column(default=list)  # [{"number", "cause", "expected", "found"}]
    decision: Mapped[str] = mapped_column(default="")  # one of DECISIONS, for a bid that failed
    decision_reason: Mapped[str] = mapped_column(default="")
    decided_by: Mapped[str] = mapped_column(default="")
    decided_at: Mapped[dt.datetime | None]
    hand_in_until: Mapped[dt.datetime | None]


class BidFileMetadata(Row):
    """What an opened file says of its own making; times as the file writes them."""

    __tablename__ = "bid_file_metadata"
    __table_args__ = (UniqueConstraint("bid_id", "number"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    purchase_id: Mapped[str] = mapped_column(index=True)
    bid_id: Mapped[str] = mapped_column(ForeignKey("bids.id"))
    organisation_id: Mapped[str]
    number: Mapped[int]  # of the file in the bid, from 1
    name: Mapped[str]
    media_type: Mapped[str]
    size: Mapped[int] = mapped_column(BigInteger)
    sha256: Mapped[str]  # of the plaintext
    author: Mapped[str] = mapped_column(default="")
    last_modified_by: Mapped[str] = mapped_column(default="")
    company: Mapped[str] = mapped_column(default="")
    tool: Mapped[str] = mapped_column(default="")
    created: Mapped[str] = mapped_column(default="")
    modified: Mapped[str] = mapped_column(default="")
    findings: Mapped[list[Any]] = mapped_column(
        default=list
    )  # codes of procurement.sealing.inspection; a quarantined file has some
