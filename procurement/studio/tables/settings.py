"""How serious the office takes each rule of the checks."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import BigInteger, Identity, Index
from sqlalchemy.orm import Mapped, mapped_column

from procurement.registers.row import Row


class RuleSettingRow(Row):
    """From ``at`` on the rule has this severity; None is the one it came with. Append-only: the newest row counts."""

    __tablename__ = "studio_rule_settings"
    __table_args__ = (Index(None, "rule", "id"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    rule: Mapped[str]
    severity: Mapped[str | None]
    reason: Mapped[str] = mapped_column(default="")
    by: Mapped[str]
    at: Mapped[dt.datetime]
