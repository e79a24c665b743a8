"""Score sheets by version, what each expert gave, corrections, hints, and the explanations of low prices."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any, ClassVar

from sqlalchemy import ForeignKey, Identity, Integer, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from procurement.registers.row import KeptRow, Row

SHEET_STATES = ("draft", "signed", "reopened", "void")


class ScoreTemplate(KeptRow):
    """One version of a template. A version is never changed: an edit is the next version."""

    __tablename__ = "score_templates"

    id: Mapped[str] = mapped_column(primary_key=True)  # such as elderly_care
    version: Mapped[int] = mapped_column(Integer, primary_key=True)
    name: Mapped[str]
    organisations: Mapped[str]  # whom it compares: any, social_service, social_group, foundation, public_institution
    sheet: Mapped[dict[str, Any]]  # see procurement.scoring.sheets
    note: Mapped[str] = mapped_column(default="")  # what this version changes, and why
    by: Mapped[str]
    at: Mapped[dt.datetime]


class FrozenSheet(Row):
    """The score sheet of one comparison as it was published. Never changed; a comparison run again freezes another."""

    __tablename__ = "frozen_sheets"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    purchase_id: Mapped[str] = mapped_column(index=True)
    template_id: Mapped[str] = mapped_column(default="")  # empty: drawn up for this comparison alone
    template_version: Mapped[int] = mapped_column(Integer, default=0)
    sheet: Mapped[dict[str, Any]]
    sha256: Mapped[str]
    at: Mapped[dt.datetime]
    by: Mapped[str]


class ScoringRun(KeptRow):
    """One scoring by one panel. ``settled_at``: all experts have signed their sheets; ``signed_at``: the report is signed."""

    __tablename__ = "scoring_runs"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    purchase_id: Mapped[str] = mapped_column(index=True)
    sheet_id: Mapped[int] = mapped_column(ForeignKey("frozen_sheets.id"))
    bids: Mapped[list[Any]]  # [{organisation_id, name, price, files}] the valid ones
    rejected: Mapped[list[Any]]  # [{organisation_id, name, reason}] found invalid before the scoring
    panel: Mapped[list[Any]]  # [{expert_id, login, name, unit}]
    chair: Mapped[str] = mapped_column(default="")  # expert_id
    facts: Mapped[list[Any]]  # [{organisation_id, fact, value, page}] as confirmed
    objective: Mapped[dict[str, Any]]  # organisation → item → {points, how}
    opened_at: Mapped[dt.datetime]
    settled_at: Mapped[dt.datetime | None]
    signed_at: Mapped[dt.datetime | None]


class ExpertSheet(KeptRow):
    """What one expert gives. The edit history says that it changed, never what: nobody reads it before all have signed."""

    __tablename__ = "expert_sheets"
    __table_args__ = (UniqueConstraint("run_id", "expert_id"),)
    hidden_columns: ClassVar[frozenset[str]] = frozenset({"marks", "comment", "before"})

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("scoring_runs.id"), index=True)
    expert_id: Mapped[str]
    login: Mapped[str]
    state: Mapped[str]  # one of SHEET_STATES
    marks: Mapped[dict[str, Any]]  # organisation → item → {points, reason}
    comment: Mapped[str] = mapped_column(default="")
    saved_at: Mapped[dt.datetime]
    signed_at: Mapped[dt.datetime | None]
    sha256: Mapped[str] = mapped_column(default="")  # over marks and comment, when signed
    before: Mapped[dict[str, Any] | None]  # the marks as signed, while it is reopened
    cause: Mapped[str] = mapped_column(default="")  # why it was reopened: one of the four cases of 87号令 第六十四条


class ScoreCorrection(Row):
    """One changed score after the expert had signed. Never changed."""

    __tablename__ = "score_corrections"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("scoring_runs.id"), index=True)
    expert_id: Mapped[str]
    organisation_id: Mapped[str]
    item: Mapped[str]
    before: Mapped[Decimal | None]
    after: Mapped[Decimal | None]
    cause: Mapped[str]
    at: Mapped[dt.datetime]


class ScoreHint(Row):
    """What the chair was shown at one settling of a run. Never changed."""

    __tablename__ = "score_hints"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("scoring_runs.id"), index=True)
    hints: Mapped[list[Any]]
    at: Mapped[dt.datetime]


class PriceReview(Row):
    """One price that looked too low: the tests, the bidder's explanation, the panel's judgement. Never changed."""

    __tablename__ = "price_reviews"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    purchase_id: Mapped[str] = mapped_column(index=True)
    organisation_id: Mapped[str]
    content: Mapped[dict[str, Any]]  # price, findings, explanation, explanation_files, accepted, reason, searches
    at: Mapped[dt.datetime]
    by: Mapped[str]
