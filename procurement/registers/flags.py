"""Red flags of a purchase, who looked at them and what they made of them."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Identity, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from procurement.registers.row import KeptRow, Row

# open: nobody has judged it; false_alarm and explained: closed with a reason; followed_up: work goes on; referred: handed over
VERDICTS = ("false_alarm", "explained", "followed_up", "referred")
STATES = ("open", *VERDICTS)


class RedFlag(KeptRow):
    """A pattern somebody should look at. It bars nobody."""

    __tablename__ = "red_flags"
    __table_args__ = (
        UniqueConstraint("purchase_id", "fingerprint"),
        Index(None, "state", "id"),
        Index(None, "kind", "id"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    purchase_id: Mapped[str] = mapped_column(index=True)
    kind: Mapped[str]  # one of procurement.flags.KINDS
    stage: Mapped[str]  # one of procurement.flags.STAGES: when it was looked for
    fingerprint: Mapped[str]
    organisations: Mapped[list[str]]
    evidence: Mapped[list[Any]]  # [{"what", "value", "where"}]
    rule_id: Mapped[str]  # the row of red_flag_rules that counted, with its value and source then
    rule: Mapped[dict[str, Any]]
    found_at: Mapped[dt.datetime] = mapped_column(index=True)
    state: Mapped[str] = mapped_column(default="open")  # one of STATES


class FlagLook(Row):
    """When somebody first opened a flag. Never changed."""

    __tablename__ = "red_flag_looks"

    flag_id: Mapped[int] = mapped_column(ForeignKey("red_flags.id"), primary_key=True)
    login: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[dt.datetime]


class FlagVerdict(Row):
    """What somebody made of a flag, with the reason. Never changed; the last one counts."""

    __tablename__ = "red_flag_verdicts"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    flag_id: Mapped[int] = mapped_column(ForeignKey("red_flags.id"), index=True)
    by: Mapped[str]
    at: Mapped[dt.datetime]
    verdict: Mapped[str]  # one of VERDICTS
    reason: Mapped[str]
