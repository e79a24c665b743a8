"""Notices, applications, bids, panels, scores, questions and objections: what an open comparison leaves behind."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Identity, Index, Numeric, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from procurement.registers.row import KeptRow, Row

NOTICE_KINDS = (
    "comparison_notice",
    "correction",
    "extension",
    "termination",
    "result_publicity",
    "result",
    "award",
    "termination_of_contract",
    "intention",
    "contract",
    "acceptance",
    "negative_list",
    "bid_list",
    "opening_record",
    "appeal_decision",
)
APPLICATION_STATUSES = (
    "registered",
    "first_check_passed",
    "first_check_failed",
    "confirmed",
    "refused",
    "late",
    "withdrawn",
    "lapsed",
)
NO_LONGER = ("withdrawn", "lapsed")  # lapsed: the comparison it was for was closed and run again
OBJECTION_SUBJECTS = ("documents", "process", "result")
OBJECTION_STATUSES = ("raised", "supplementing", "refused", "withdrawn", "rejected", "upheld")
OBJECTIONS_OPEN = ("raised", "supplementing")
# returned: unopened, because too few had bid; failed: its seal did not open, and it was excluded
BID_STATUSES = ("submitted", "replaced", "withdrawn", "lapsed", "opened", "returned", "failed")


class Notice(KeptRow):
    """Something published to everybody. ``id`` is its number; ``sha256`` is over title, content and time.

    ``purchase_id`` is empty for a notice of a matter that is about no purchase.
    """

    __tablename__ = "notices"
    __table_args__ = (Index(None, "kind", "until"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    purchase_id: Mapped[str] = mapped_column(index=True)
    kind: Mapped[str]  # one of NOTICE_KINDS
    title: Mapped[str]
    content: Mapped[dict[str, Any]]
    published_at: Mapped[dt.datetime] = mapped_column(index=True)
    until: Mapped[dt.datetime | None]
    closed_at: Mapped[dt.datetime | None]
    closed_reason: Mapped[str] = mapped_column(default="")
    published_by: Mapped[str]
    sha256: Mapped[str]


class Application(KeptRow):
    """An organisation asks to take part. ``id`` is its registration number."""

    __tablename__ = "applications"
    __table_args__ = (
        Index(
            "uq_applications_one_each",
            "purchase_id",
            "organisation_id",
            unique=True,
            postgresql_where=text("status not in ('withdrawn', 'lapsed')"),
        ),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    purchase_id: Mapped[str] = mapped_column(index=True)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"))
    name: Mapped[str]
    contact: Mapped[str] = mapped_column(default="")
    phone: Mapped[str] = mapped_column(default="")
    content: Mapped[dict[str, Any]]  # the seven conditions with evidence, as sent
    status: Mapped[str]  # one of APPLICATION_STATUSES
    registered_at: Mapped[dt.datetime]
    first_reason: Mapped[str] = mapped_column(default="")
    first_checked_at: Mapped[dt.datetime | None]
    confirm_reason: Mapped[str] = mapped_column(default="")
    confirmed_at: Mapped[dt.datetime | None]


class Bid(KeptRow):
    """The envelope of a bid: what anybody in charge may know before the opening. The content is in ``bid_contents``."""

    __tablename__ = "bids"
    __table_args__ = (
        Index(
            "uq_bids_one_each",
            "purchase_id",
            "organisation_id",
            unique=True,
            postgresql_where=text("status in ('submitted', 'opened')"),
        ),
    )

    id: Mapped[str] = mapped_column(primary_key=True)  # receipt number
    purchase_id: Mapped[str] = mapped_column(index=True)
    application_id: Mapped[str] = mapped_column(ForeignKey("applications.id"))
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"))
    name: Mapped[str]
    sha256: Mapped[str]  # over the canonical content, see procurement.registers.bidding
    submitted_at: Mapped[dt.datetime]
    submitted_by: Mapped[str]
    status: Mapped[str]  # one of BID_STATUSES
    opened_at: Mapped[dt.datetime | None]
    comparison_key_id: Mapped[int | None] = mapped_column(
        ForeignKey("comparison_keys.id")
    )  # None: kept unsealed, by earlier versions
    command_sha256: Mapped[str | None] = mapped_column(unique=True)  # the sent form, so that a double click bids once
    sender_address: Mapped[str] = mapped_column(default="")
    user_agent: Mapped[str] = mapped_column(default="")


class BidContent(Row):
    """What is inside; read by the opening only."""

    __tablename__ = "bid_contents"

    bid_id: Mapped[str] = mapped_column(ForeignKey("bids.id"), primary_key=True)
    content: Mapped[dict[str, Any]]


class ExpertDraw(Row):
    """One draw, as it happened; anybody can repeat it from ``seed`` and ``candidates``. Never changed."""

    __tablename__ = "expert_draws"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    purchase_id: Mapped[str] = mapped_column(index=True)
    field: Mapped[str]
    number: Mapped[int]
    seed: Mapped[str]
    candidates: Mapped[list[Any]]
    excluded: Mapped[list[Any]]  # [{"expert_id", "reason"}]
    chosen: Mapped[list[Any]]
    at: Mapped[dt.datetime]
    by: Mapped[str]


class ScoreSheet(KeptRow):
    """What one expert gave one organisation."""

    __tablename__ = "score_sheets"
    __table_args__ = (UniqueConstraint("purchase_id", "expert_id", "organisation_id"),)

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    purchase_id: Mapped[str] = mapped_column(index=True)
    expert_id: Mapped[str]
    organisation_id: Mapped[str]
    scores: Mapped[dict[str, Any]]
    total: Mapped[Any] = mapped_column(Numeric(18, 6))
    comment: Mapped[str] = mapped_column(default="")


class Evaluation(Row):
    """One ranking with the report that explains it. Never changed: a re-run adds another."""

    __tablename__ = "evaluations"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    purchase_id: Mapped[str] = mapped_column(index=True)
    ranking: Mapped[list[Any]]
    report: Mapped[dict[str, Any]]
    at: Mapped[dt.datetime]
    by: Mapped[str]


class Question(KeptRow):
    """A question on a comparison; the answer goes to everybody."""

    __tablename__ = "questions"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    purchase_id: Mapped[str] = mapped_column(index=True)
    organisation_id: Mapped[str | None]
    asked_by: Mapped[str]
    asked_at: Mapped[dt.datetime]
    question: Mapped[str]
    answer: Mapped[str] = mapped_column(default="")
    answered_at: Mapped[dt.datetime | None]
    answered_by: Mapped[str] = mapped_column(default="")


class Objection(KeptRow):
    """An objection to a published result or notice."""

    __tablename__ = "objections"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    purchase_id: Mapped[str] = mapped_column(index=True)
    notice_id: Mapped[str | None]
    organisation_id: Mapped[str | None]
    person: Mapped[str]
    contact: Mapped[str] = mapped_column(default="")
    request: Mapped[str] = mapped_column(default="")
    content: Mapped[str]  # facts and reasons
    evidence: Mapped[list[Any]] = mapped_column(default=list)  # file references
    raised_at: Mapped[dt.datetime] = mapped_column(index=True)
    raised_by: Mapped[str] = mapped_column(default="")  # login
    about: Mapped[str] = mapped_column(default="result")  # one of OBJECTION_SUBJECTS
    against: Mapped[str] = mapped_column(default="")  # whose doing it concerns: agency, street, panel, bidder or nobody named
    counted_from: Mapped[dt.datetime | None]  # the event its period is counted from
    last_day: Mapped[dt.date | None]  # until when it could be raised
    status: Mapped[str]  # one of OBJECTION_STATUSES
    supplement_asked_at: Mapped[dt.datetime | None]
    supplemented_at: Mapped[dt.datetime | None]
    supplement: Mapped[str] = mapped_column(default="")  # what was asked for, then what was sent
    answer_due_on: Mapped[dt.date | None]
    joined_to: Mapped[int | None]  # answered together with this one
    examined_by: Mapped[str] = mapped_column(default="")
    outcome: Mapped[str] = mapped_column(default="")  # what was decided: refuse, correct, re_evaluate, rerun, void …
    decision: Mapped[str] = mapped_column(default="")  # the written answer
    decided_at: Mapped[dt.datetime | None]
    decided_by: Mapped[str] = mapped_column(default="")
    withdrawn_at: Mapped[dt.datetime | None]


class Award(KeptRow):
    """Who was chosen, how, and for how much."""

    __tablename__ = "awards"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    purchase_id: Mapped[str] = mapped_column(index=True)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"), index=True)
    amount: Mapped[Decimal]
    method: Mapped[str]
    awarded_at: Mapped[dt.datetime]
    status: Mapped[str] = mapped_column(default="valid")  # valid, void
