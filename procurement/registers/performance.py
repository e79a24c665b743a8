"""Contracts with milestones and payments, monitoring records, proposals and case files: what follows an award."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from procurement.registers.row import KeptRow, Row

CONTRACT_STATUSES = ("drafted", "signed", "completed", "terminated")
SIGNING_PARTIES = ("street", "organisation")
CASE_FILE_STATUSES = ("listed", "assembling", "built", "accepted", "replaced", "disposed")


class Contract(KeptRow):
    """``id`` is the contract number; ``sha256`` is over what both sides signed. A supplement names the contract it adds to."""

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
    created_at: Mapped[dt.datetime] = mapped_column(index=True)
    supplements_id: Mapped[str | None] = mapped_column(ForeignKey("contracts.id"))
    reason: Mapped[str] = mapped_column(default="")  # of a supplement
    papers: Mapped[list[Any]] = mapped_column(default=list)  # the printed text: file references
    filed_on: Mapped[dt.date | None]
    filed_with: Mapped[str] = mapped_column(default="")


class ContractSignature(Row):
    """One side signed the text with this SHA-256: account, time and the uploaded scan with the seal. Never changed.

    An account's click and a scan are no reliable electronic signature (电子签名法 13, 14); the seal on the paper binds.
    """

    __tablename__ = "contract_signatures"
    __table_args__ = (UniqueConstraint("contract_id", "party"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    contract_id: Mapped[str] = mapped_column(ForeignKey("contracts.id"))
    party: Mapped[str]  # one of SIGNING_PARTIES
    login: Mapped[str]
    name: Mapped[str]
    signed_at: Mapped[dt.datetime]
    sha256: Mapped[str]
    scans: Mapped[list[Any]]  # file references


class ContractRefusal(Row):
    """A chosen organisation did not sign: what it said, and what the street decided. Never changed."""

    __tablename__ = "contract_refusals"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    purchase_id: Mapped[str] = mapped_column(index=True)
    organisation_id: Mapped[str]
    contract_id: Mapped[str | None]
    how: Mapped[str]  # refused, overdue
    reason: Mapped[str]
    at: Mapped[dt.datetime]
    decision: Mapped[str]  # renegotiate, next, stop
    decision_reason: Mapped[str]
    decided_by: Mapped[str]


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
    paid_on: Mapped[dt.date] = mapped_column(index=True)
    recorded_by: Mapped[str]


class MonitoringRecord(KeptRow):
    """One entry of the monitoring ledger (监测台账): visits, satisfaction, file checks, rectifications, assessments."""

    __tablename__ = "monitoring_records"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    purchase_id: Mapped[str] = mapped_column(index=True)
    kind: Mapped[str]
    findings: Mapped[str]
    data: Mapped[dict[str, Any]]
    recorded_at: Mapped[dt.datetime] = mapped_column(index=True)
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
    """The closed file (卷宗) of a purchase: its contents list with a hash each, its archive, and until when it is kept.

    ``root`` is the Merkle root over the archive's entries, ``archive_sha256`` of the zip in the file store. What comes later
    is another volume with a root of its own, which names the one before (``previous_id``). Files older than archives are
    ``listed`` only.
    """

    __tablename__ = "case_files"

    id: Mapped[str] = mapped_column(primary_key=True)
    purchase_id: Mapped[str] = mapped_column(index=True)
    manifest: Mapped[list[Any]]
    sha256: Mapped[str]
    keep_until: Mapped[dt.date] = mapped_column(index=True)
    assembled_at: Mapped[dt.datetime]
    volume: Mapped[int] = mapped_column(default=1)
    previous_id: Mapped[str | None]
    purpose: Mapped[str] = mapped_column(default="")  # why there is another volume
    status: Mapped[str] = mapped_column(default="listed")  # one of CASE_FILE_STATUSES
    root: Mapped[str] = mapped_column(default="")
    entries: Mapped[int] = mapped_column(default=0)
    archive_sha256: Mapped[str] = mapped_column(default="")
    archive_size: Mapped[int] = mapped_column(BigInteger, default=0)  # bytes
    built_at: Mapped[dt.datetime | None]
    accepted_at: Mapped[dt.datetime | None]
    accepted_by: Mapped[str] = mapped_column(default="")
    disposed_at: Mapped[dt.datetime | None]
    disposed_by: Mapped[str] = mapped_column(default="")
    disposal_reason: Mapped[str] = mapped_column(default="")
