"""The clock of a publicity period, and appeals: what happens to a result after it is published."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import ForeignKey, Identity
from sqlalchemy.orm import Mapped, mapped_column

from procurement.registers.row import KeptRow

APPEAL_STATUSES = (
    "raised",
    "supplementing",
    "refused",  # not admissible, with the reason in writing
    "accepted",  # examined by the supervisor
    "withdrawn",
    "rejected",
    "upheld",
)
APPEALS_OPEN = ("raised", "supplementing", "accepted")


class PublicityStop(KeptRow):
    """One stop of a publicity period; ``resumed_on`` is empty while it stands still."""

    __tablename__ = "publicity_stops"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    purchase_id: Mapped[str] = mapped_column(index=True)
    notice_id: Mapped[str] = mapped_column(ForeignKey("notices.id"))
    objection_id: Mapped[int | None] = mapped_column(ForeignKey("objections.id"))
    stopped_on: Mapped[dt.date]
    days_left: Mapped[int]  # working days still to run when it stopped
    resumed_on: Mapped[dt.date | None]


class Appeal(KeptRow):
    """A complaint to the supervisor about the answer to an objection, or about there being none in time. ``id``: TS-2026-0001."""

    __tablename__ = "appeals"

    id: Mapped[str] = mapped_column(primary_key=True)
    purchase_id: Mapped[str] = mapped_column(index=True)
    objection_id: Mapped[int | None] = mapped_column(ForeignKey("objections.id"))
    organisation_id: Mapped[str | None] = mapped_column(index=True)
    raised_by: Mapped[str]
    person: Mapped[str]
    contact: Mapped[str] = mapped_column(default="")
    request: Mapped[str] = mapped_column(default="")
    content: Mapped[str]  # facts and reasons
    evidence: Mapped[list[Any]] = mapped_column(default=list)
    raised_at: Mapped[dt.datetime]
    last_day: Mapped[dt.date | None]  # until when it could be raised
    status: Mapped[str]  # one of APPEAL_STATUSES
    accepted_at: Mapped[dt.datetime | None]
    due_on: Mapped[dt.date | None]  # of the decision; moves with the days that are not counted
    days_not_counted: Mapped[int] = mapped_column(default=0)
    pauses: Mapped[list[Any]] = mapped_column(default=list)  # [{why, from, to, days}]
    suspended_on: Mapped[dt.date | None]
    suspended_until: Mapped[dt.date | None]
    suspension_lifted_on: Mapped[dt.date | None]
    outcome: Mapped[str] = mapped_column(default="")  # refused, withdrawn, rejected, redo, void, confirm
    unfounded: Mapped[bool] = mapped_column(default=False)
    decision: Mapped[str] = mapped_column(default="")
    decided_at: Mapped[dt.datetime | None]
    decided_by: Mapped[str] = mapped_column(default="")
