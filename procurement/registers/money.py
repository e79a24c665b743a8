"""The guiding catalogue, the budgets with every line that touched them, and the years of the calendar."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from procurement.registers.row import KeptRow, Row

BUDGET_LEVELS = ("district", "street", "community")


class CatalogueItem(KeptRow):
    """One version of one item of the guiding catalogue (指导性目录)."""

    __tablename__ = "catalogue_items"
    __table_args__ = (UniqueConstraint("code", "effective_from"),)

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    code: Mapped[str]
    name: Mapped[str]
    category: Mapped[str]
    effective_from: Mapped[dt.date]
    effective_to: Mapped[dt.date | None]  # the last day it counts
    statutory_scope: Mapped[bool] = mapped_column(default=False)  # 集中采购目录以内
    source: Mapped[str] = mapped_column(default="")
    note: Mapped[str] = mapped_column(default="")


class Budget(KeptRow):
    """``reserved`` waits for an award, ``committed`` is bound by an award or contract; the rest is available."""

    __tablename__ = "budgets"
    __table_args__ = (
        CheckConstraint("reserved >= 0 and committed >= 0", name="not_negative"),
        CheckConstraint("reserved + committed <= total", name="within_total"),
    )

    code: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    level: Mapped[str]  # one of BUDGET_LEVELS
    unit: Mapped[str] = mapped_column(default="")  # who may spend it
    year: Mapped[int]
    category: Mapped[str] = mapped_column(default="")
    fund_nature: Mapped[str] = mapped_column(default="fiscal")
    total: Mapped[Decimal]
    reserved: Mapped[Decimal] = mapped_column(default=Decimal(0))
    committed: Mapped[Decimal] = mapped_column(default=Decimal(0))

    @property
    def available(self) -> Decimal:
        return self.total - self.reserved - self.committed


class BudgetLine(Row):
    """One booking; never changed. ``amount`` is positive, ``kind`` says what it does."""

    __tablename__ = "budget_lines"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    budget_code: Mapped[str] = mapped_column(ForeignKey("budgets.code"), index=True)
    purchase_id: Mapped[str] = mapped_column(index=True)
    kind: Mapped[str]  # reserve, release, commit, uncommit
    amount: Mapped[Decimal]
    at: Mapped[dt.datetime]
    by: Mapped[str]
    note: Mapped[str] = mapped_column(default="")


class CalendarYear(KeptRow):
    """A year of the working-day calendar the office entered itself from the State Council's notice."""

    __tablename__ = "calendar_years"

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    holidays: Mapped[list[dt.date]]
    make_up_days: Mapped[list[dt.date]]
    source: Mapped[str]
