"""Booking on budgets. The budget row is locked first, so two purchases cannot spend the same yuan."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine.errors import BpmnError, NotFound
from procurement.registers.money import Budget, BudgetLine

NOTHING = Decimal(0)


@dataclass(frozen=True)
class Booking:
    """Who books for which purchase, and when."""

    session: Session
    budget_code: str
    purchase_id: str
    by: str
    at: dt.datetime

    def locked(self) -> Budget:
        """Raises NotFound."""
        budget = self.session.get(Budget, self.budget_code, with_for_update=True, populate_existing=True)
        if budget is None:
            raise NotFound(kind="Budget", key=self.budget_code)
        return budget

    def held(self, kind: str, undone_by: str) -> Decimal:
        """What this purchase still has reserved (reserve, release) or committed (commit, uncommit)."""
        query = (
            select(BudgetLine.kind, func.sum(BudgetLine.amount))
            .where(BudgetLine.budget_code == self.budget_code, BudgetLine.purchase_id == self.purchase_id)
            .group_by(BudgetLine.kind)
        )
        sums: dict[str, Decimal] = {line: amount for line, amount in self.session.execute(query)}  # noqa: C416 - rows are not pairs to mypy
        return sums.get(kind, NOTHING) - sums.get(undone_by, NOTHING)

    def line(self, kind: str, amount: Decimal, note: str = "") -> BudgetLine:
        line = BudgetLine(
            budget_code=self.budget_code,
            purchase_id=self.purchase_id,
            kind=kind,
            amount=amount,
            at=self.at,
            by=self.by,
            note=note,
        )
        self.session.add(line)
        self.session.flush()
        return line


def reserve(booking: Booking, amount: Decimal) -> BudgetLine:
    """Hold ``amount`` for the purchase instead of what it held before. Throws BUDGET_INSUFFICIENT."""
    budget = booking.locked()
    before = booking.held("reserve", "release")
    _need(budget, amount, budget.available + before)
    if before:
        booking.line("release", before, "replaced by a new reservation")
    budget.reserved += amount - before
    return booking.line("reserve", amount)


def release(booking: Booking) -> Decimal:
    """Give back what the purchase holds reserved; returns how much that was."""
    budget = booking.locked()
    held = booking.held("reserve", "release")
    if held:
        budget.reserved -= held
        booking.line("release", held)
    return held


def commit(booking: Booking, amount: Decimal) -> BudgetLine:
    """Bind ``amount`` by an award or contract; the reservation ends, an earlier commitment of the purchase is replaced.

    Throws BUDGET_INSUFFICIENT.
    """
    budget = booking.locked()
    reserved, committed = booking.held("reserve", "release"), booking.held("commit", "uncommit")
    _need(budget, amount, budget.available + reserved + committed)
    if reserved:
        booking.line("release", reserved, "committed")
    if committed:
        booking.line("uncommit", committed, "replaced by a new commitment")
    budget.reserved -= reserved
    budget.committed += amount - committed
    return booking.line("commit", amount)


def _need(budget: Budget, amount: Decimal, available: Decimal) -> None:
    if amount > available:
        text = f"Budget {budget.code} has {available} yuan left for this, but {amount} yuan are needed."
        raise BpmnError("BUDGET_INSUFFICIENT", text, {"available": available})
