"""How a year's budgets are spent: by level, unit and line what is bound, paid and left, and which payments are overdue."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import func, select

from engine.model import UserTask
from procurement.office.desk import Desk
from procurement.registers.money import Budget
from procurement.registers.performance import Contract, Payment
from procurement.registers.purchases import Purchase

NOTHING = Decimal(0)
PAYERS = "finance"  # whose tasks are payments


@dataclass(frozen=True)
class Spent:
    """A budget with what was paid from it, in yuan. ``left`` is neither reserved nor bound."""

    budget: Budget
    paid: Decimal

    @property
    def left(self) -> Decimal:
        return self.budget.available


@dataclass(frozen=True)
class Taken:
    """What one purchase takes of its budget."""

    purchase: Purchase
    contracted: Decimal
    paid: Decimal


@dataclass(frozen=True)
class Due:
    """A payment nobody has made yet; ``late`` in days, zero before it is due (保障中小企业款项支付条例 第九条)."""

    task: UserTask
    late: int


class ExecutionDesk:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def years(self) -> Sequence[int]:
        """Years there are budgets of, newest first."""
        with self._desk.reading() as session:
            return session.scalars(select(Budget.year).distinct().order_by(Budget.year.desc())).all()

    def spent(self, year: int) -> list[Spent]:
        """The year's budgets by level, unit and code."""
        paid = (
            select(Purchase.budget_code, func.sum(Payment.amount))
            .join(Contract, Contract.purchase_id == Purchase.id)
            .join(Payment, Payment.contract_id == Contract.id)
            .group_by(Purchase.budget_code)
        )
        query = select(Budget).where(Budget.year == year).order_by(Budget.level.desc(), Budget.unit, Budget.code)
        with self._desk.reading() as session:
            sums: dict[str, Decimal] = {code: amount for code, amount in session.execute(paid)}  # noqa: C416 - rows are not pairs to mypy
            return [Spent(budget, sums.get(budget.code, NOTHING)) for budget in session.scalars(query)]

    def taken(self, code: str, limit: int = 200) -> list[Taken]:
        """The purchases of one budget, newest first."""
        contracted = func.coalesce(func.sum(Contract.amount), NOTHING)
        paid = (
            select(func.coalesce(func.sum(Payment.amount), NOTHING))
            .join(Contract, Contract.id == Payment.contract_id)
            .where(Contract.purchase_id == Purchase.id)
            .scalar_subquery()
        )
        query = (
            select(Purchase, contracted, paid)
            .outerjoin(Contract, (Contract.purchase_id == Purchase.id) & (Contract.status != "drafted"))
            .where(Purchase.budget_code == code)
            .group_by(Purchase.id)
            .order_by(Purchase.id.desc())
            .limit(limit)
        )
        with self._desk.reading() as session:
            return [Taken(purchase, bound, out) for purchase, bound, out in session.execute(query)]

    def due(self, limit: int = 50) -> list[Due]:
        """Payments waiting for finance, the longest overdue first."""
        today = self._desk.now().date()
        tasks = self._desk.engine.tasks(candidate_group=PAYERS, order="due", limit=limit).items
        return [Due(task, _late(task, today)) for task in tasks if task.element_id.startswith("pay_")]


def _late(task: UserTask, today: dt.date) -> int:
    return max(0, (today - task.due.date()).days) if task.due else 0
