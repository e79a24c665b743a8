"""Evidence of an organisation for the seven conditions (办法 第六条), kept once and used for every application until it expires."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Identity, Index, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from procurement.registers.parties import Organisation
from procurement.registers.row import KeptRow

CONDITIONS = ("independent", "governance", "finance", "capability", "tax_social", "record", "other")  # 办法 第六条(一)-(七)
CONCLUSIONS = ("met", "unmet", "supplement")
VALID, EXPIRING, EXPIRED = "valid", "expiring", "expired"


class Evidence(KeptRow):
    """What an organisation handed in for one condition, and the last verification of it.

    The row without ``replaced_at`` is the current one; an empty ``conclusion`` says that nobody has verified it yet.
    """

    __tablename__ = "organisation_evidence"
    __table_args__ = (
        Index(
            "uq_organisation_evidence_current",
            "organisation_id",
            "condition",
            unique=True,
            postgresql_where=text("replaced_at is null"),
        ),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisations.id"), index=True)
    condition: Mapped[str]  # one of CONDITIONS
    note: Mapped[str] = mapped_column(default="")
    files: Mapped[list[Any]] = mapped_column(default=list)  # file references
    valid_until: Mapped[dt.date | None]  # the last day it may be used; None: it does not expire
    recorded_at: Mapped[dt.datetime]
    recorded_by: Mapped[str]
    origin: Mapped[str] = mapped_column(default="")  # number of the registration or application it came with
    replaced_at: Mapped[dt.datetime | None]
    conclusion: Mapped[str] = mapped_column(default="")  # one of CONCLUSIONS
    source: Mapped[str] = mapped_column(default="")  # where it was verified
    verified_on: Mapped[dt.date | None]
    verified_by: Mapped[str] = mapped_column(default="")
    verified_for: Mapped[str] = mapped_column(default="")  # number of the registration or application it was verified for
    reason: Mapped[str] = mapped_column(default="")

    def state(self, day: dt.date, notice_days: int) -> str:
        """VALID, EXPIRING (the last day is at most ``notice_days`` away) or EXPIRED. The last day itself still counts."""
        if self.valid_until is None:
            return VALID
        if day > self.valid_until:
            return EXPIRED
        return EXPIRING if self.valid_until - day <= dt.timedelta(days=notice_days) else VALID


def current(session: Session, organisation_id: str) -> dict[str, Evidence]:
    """Condition → the evidence in use, in the order of the article; conditions without any are left out."""
    query = select(Evidence).where(Evidence.organisation_id == organisation_id, Evidence.replaced_at.is_(None))
    found = {row.condition: row for row in session.scalars(query)}
    return {condition: found[condition] for condition in CONDITIONS if condition in found}


def history(session: Session, organisation_id: str) -> Sequence[Evidence]:
    """Everything ever handed in, newest first."""
    query = select(Evidence).where(Evidence.organisation_id == organisation_id)
    return session.scalars(query.order_by(Evidence.id.desc())).all()


def record(
    session: Session,
    organisation_id: str,
    condition: str,
    *,
    note: str,
    files: Sequence[Mapping[str, Any]],
    valid_until: dt.date | None,
    by: str,
    at: dt.datetime,
    origin: str = "",
) -> Evidence:
    """New evidence; what was in use before is kept, marked as replaced."""
    session.get_one(Organisation, organisation_id, with_for_update=True)  # two uploads at once follow one another
    earlier = current(session, organisation_id).get(condition)
    if earlier is not None:
        earlier.replaced_at = at
        session.flush()
    row = Evidence(
        organisation_id=organisation_id,
        condition=condition,
        note=note,
        files=[dict(file) for file in files],
        valid_until=valid_until,
        recorded_at=at,
        recorded_by=by,
        origin=origin,
    )
    session.add(row)
    session.flush()
    return row


def usable(rows: Mapping[str, Evidence], day: dt.date) -> Collection[str]:
    """The conditions whose evidence may be used on ``day``: handed in, not expired, not found wanting."""
    return [name for name, row in rows.items() if row.state(day, 0) != EXPIRED and row.conclusion in ("", "met")]
