"""Registrations of organisations that have no account yet, and requests for supplements that stop the clock of a check."""

from __future__ import annotations

import datetime as dt
from typing import Any, ClassVar

from sqlalchemy import BigInteger, Identity, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from procurement.registers.row import KeptRow

DRAFT, SENT, SUPPLEMENT, ACCEPTED, REFUSED, WITHDRAWN = "draft", "sent", "supplement", "accepted", "refused", "withdrawn"
OPEN = (SENT, SUPPLEMENT)  # at the service centre


class Registration(KeptRow):
    """An organisation asks for an account. ``id`` is its number; whoever knows the number and the password follows it."""

    __tablename__ = "organisation_registrations"
    __table_args__ = (
        Index(
            "uq_organisation_registrations_open_code",
            "credit_code",
            unique=True,
            postgresql_where=text("status in ('sent', 'supplement')"),
        ),
        Index(
            "uq_organisation_registrations_open_login",
            "login",
            unique=True,
            postgresql_where=text("status in ('sent', 'supplement')"),
        ),
        Index(None, "sent_from", "begun_at"),
    )
    hidden_columns: ClassVar = frozenset({"password_hash"})

    id: Mapped[str] = mapped_column(primary_key=True)  # ZC-2026-0001
    name: Mapped[str]
    kind: Mapped[str]  # one of ORGANISATION_KINDS
    credit_code: Mapped[str] = mapped_column(index=True)
    registration_authority: Mapped[str]
    registered_on: Mapped[dt.date]
    scope: Mapped[str]
    legal_representative: Mapped[str]
    contact: Mapped[str]
    phone: Mapped[str]
    address: Mapped[str]
    login: Mapped[str]
    password_hash: Mapped[str]  # of the account to be; empty once it lives in the account
    conditions: Mapped[dict[str, Any]] = mapped_column(default=dict)  # condition → {note, files, valid_until}
    status: Mapped[str]  # draft, sent, supplement, accepted, refused or withdrawn
    begun_at: Mapped[dt.datetime]
    sent_at: Mapped[dt.datetime | None]
    sent_from: Mapped[str] = mapped_column(default="")  # network address
    decided_at: Mapped[dt.datetime | None]
    decided_by: Mapped[str] = mapped_column(default="")
    reason: Mapped[str] = mapped_column(default="")
    organisation_id: Mapped[str | None]
    process_key: Mapped[int | None] = mapped_column(BigInteger)


class SupplementRequest(KeptRow):
    """What has to be put right (补正), and how long the clock of the check stood still for it, in working days."""

    __tablename__ = "supplement_requests"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    subject: Mapped[str] = mapped_column(index=True)  # number of the registration or application
    purchase_id: Mapped[str | None] = mapped_column(index=True)
    items: Mapped[list[Any]]  # [{"condition", "reason"}]
    requested_at: Mapped[dt.datetime]
    requested_by: Mapped[str]
    due_on: Mapped[dt.date]  # the last day for the supplement
    check_due_before: Mapped[dt.date]  # the last day of the check, had the clock not been stopped
    days_left: Mapped[int]  # working days the check has left once the clock runs again
    closed_at: Mapped[dt.datetime | None]
    answered: Mapped[bool | None]  # False: the day passed without a supplement
    note: Mapped[str] = mapped_column(default="")
    files: Mapped[list[Any]] = mapped_column(default=list)
    stopped_days: Mapped[int | None]
    check_due_after: Mapped[dt.date | None]
