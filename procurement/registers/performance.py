"""Contracts with milestones and payments, monitoring records, proposals and case files: what follows an award."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Identity, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from procurement.registers.row import KeptRow

CONTRACT_STATUSES = ("drafted", "signed", "completed", "terminated")


class Contract(KeptRow):
    """``id`` is the contract number; ``sha256`` is over what both sides signed."""

    __tablename__ = "contracts"
    __table_args__ = (
        CheckConstraint("ends_on >= starts_on", name="ends_after_start"),
        CheckConstraint("amount > 0", name="positive"),
    )

    id: Mapped[str] = mapped_column(primary_key=True)
    purchase_id: Mapped[str] = mapped_column(index=True)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"), index=True)
    amount: Mapped[Decimal]
    starts_on: Mapped[dt.date]
    ends_on: Mapped[dt.date]
    clauses: Mapped[dict[str, Any]]  # the six clause groups of 办法 第九条(十)
    staged: Mapped[bool] = mapped_column(default=False)
    sha256: Mapped[str]
    status: Mapped[str] = mapped_column(default="drafted")  # one of CONTRACT_STATUSES
    signed_on: Mapped[dt.date | None]
    ended_on: Mapped[dt.date | None]
    ended_reason: Mapped[str] = mapped_column(default="")
    created_at: Mapped[dt.datetime]


class Milestone(KeptRow):
    """What is due when, and what is paid for it."""

    __tablename__ = "milestones"
    __table_args__ = (UniqueConstraint("contract_id", "number"),)

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    contract_id: Mapped[str] = mapped_column(ForeignKey("contracts.id"), index=True)
    number: Mapped[int]
    title: Mapped[str]
    due_on: Mapped[dt.date]
    amount: Mapped[Decimal]


class Payment(KeptRow):
    """Money that left; the sum over a contract never exceeds its amount."""

    __tablename__ = "payments"
    __table_args__ = (CheckConstraint("amount > 0", name="positive"),)

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    contract_id: Mapped[str] = mapped_column(ForeignKey("contracts.id"), index=True)
    milestone: Mapped[str]
    amount: Mapped[Decimal]
    paid_on: Mapped[dt.date]
    recorded_by: Mapped[str]


class MonitoringRecord(KeptRow):
    """One entry of the monitoring ledger (监测台账): visits, satisfaction, file checks, rectifications, assessments."""

    __tablename__ = "monitoring_records"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    purchase_id: Mapped[str] = mapped_column(index=True)
    kind: Mapped[str]
    findings: Mapped[str]
    data: Mapped[dict[str, Any]]
    recorded_at: Mapped[dt.datetime]
    recorded_by: Mapped[str]


class Proposal(KeptRow):
    """What tracking a finished purchase proposes as the next demand."""

    __tablename__ = "proposals"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    purchase_id: Mapped[str] = mapped_column(index=True)  # where it came from
    title: Mapped[str]
    content: Mapped[dict[str, Any]]
    proposed_at: Mapped[dt.datetime]
    status: Mapped[str] = mapped_column(default="open")  # open, taken_up, dropped
    taken_up_by: Mapped[str | None]  # purchase it became


class CaseFile(KeptRow):
    """The closed file (卷宗) of a purchase: its contents list with a hash each, and until when it is kept."""

    __tablename__ = "case_files"

    id: Mapped[str] = mapped_column(primary_key=True)
    purchase_id: Mapped[str] = mapped_column(index=True)
    manifest: Mapped[list[Any]]
    sha256: Mapped[str]
    keep_until: Mapped[dt.date]
    assembled_at: Mapped[dt.datetime]
