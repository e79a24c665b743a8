"""The register row of each purchase: what lists, search, statistics and the public pages read. The case itself is in the engine."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from procurement.registers.row import KeptRow, Row

STEPS = ("demand_survey", "goal_setting", "selection", "delivery", "assessment", "tracking")
RUNNING = (
    "demand_review",
    "demand_approved",
    "goals_approved",
    "comparison_open",
    "awarded",
    "contracted",
    "delivering",
    "accepted",
)
GIVEN_UP = ("rejected", "withdrawn", "failed", "terminated", "void")  # void: the process never started
STATUSES = (*RUNNING, *GIVEN_UP, "archived")


class Purchase(KeptRow):
    """``id`` is the purchase number and the business key of its process. Money in yuan."""

    __tablename__ = "purchases"
    __table_args__ = (
        Index(None, "status", "updated_at"),
        Index(None, "organisation_id"),
        Index(None, "agency_id"),
        Index(None, "started_at"),
        Index(None, "community"),
        UniqueConstraint("initiator", "command_id"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    title: Mapped[str]
    unit: Mapped[str]
    initiator: Mapped[str] = mapped_column(index=True)
    initiator_kind: Mapped[str]  # department, institution, community
    community: Mapped[str] = mapped_column(default="")
    catalogue_code: Mapped[str] = mapped_column(default="")
    category: Mapped[str] = mapped_column(default="")
    beneficiary_group: Mapped[str] = mapped_column(default="")
    beneficiary_count: Mapped[int | None]
    estimate: Mapped[Decimal | None]
    amount: Mapped[Decimal | None]  # the approved total
    budget_code: Mapped[str] = mapped_column(default="")
    route: Mapped[str] = mapped_column(default="")  # committee, open_comparison, statutory
    step: Mapped[str]  # one of STEPS
    status: Mapped[str] = mapped_column(default="demand_review")  # one of STATUSES
    status_reason: Mapped[str] = mapped_column(default="")
    agency_id: Mapped[str | None]
    organisation_id: Mapped[str | None]  # the awarded one
    awarded_amount: Mapped[Decimal | None]
    contract_id: Mapped[str | None]
    apply_until: Mapped[dt.datetime | None]
    bid_until: Mapped[dt.datetime | None]
    satisfaction: Mapped[Decimal | None]
    details: Mapped[dict[str, Any]] = mapped_column(default=dict)  # whatever else the diagrams record
    process_key: Mapped[int | None] = mapped_column(BigInteger)  # root process instance
    command_id: Mapped[str | None]  # of the start, so that a double click starts one purchase
    started_at: Mapped[dt.datetime]
    updated_at: Mapped[dt.datetime]
    ended_at: Mapped[dt.datetime | None]


class NumberSeries(Row):
    """The last number given out in a series and year; its row is locked, so numbers have no gaps and no doubles."""

    __tablename__ = "number_series"

    series: Mapped[str] = mapped_column(primary_key=True)
    year: Mapped[int] = mapped_column(primary_key=True)
    last: Mapped[int]
