"""Replays of past cases on drafts, and what came out for each case: ways and numbers, nothing anybody entered."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Identity, Index
from sqlalchemy.orm import Mapped, mapped_column

from procurement.registers.row import Row
from procurement.studio.tables.drafts import DRAFT


class ReplayRow(Row):
    """``cursor``: where the next cases are read; ``assumed``: by element id, {values, chosen}."""

    __tablename__ = "studio_replays"
    __table_args__ = (Index(None, "draft_key", "key"),)

    key: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    draft_key: Mapped[int] = mapped_column(BigInteger, ForeignKey(DRAFT))
    revision: Mapped[int]
    choice: Mapped[dict[str, Any]]
    assumed: Mapped[dict[str, Any]]
    state: Mapped[str]
    by: Mapped[str]
    begun_at: Mapped[dt.datetime]
    ended_at: Mapped[dt.datetime | None]
    total: Mapped[int]
    done: Mapped[int] = mapped_column(default=0)
    cursor: Mapped[str | None]


class ReplayedRow(Row):
    """One case of a replay. ``position`` counts from 0."""

    __tablename__ = "studio_replayed"

    replay_key: Mapped[int] = mapped_column(BigInteger, ForeignKey("studio_replays.key"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    status: Mapped[str]
    outcome: Mapped[dict[str, Any]]
