"""The figures desk: counts and sums for the dashboard, in a handful of queries."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import case, func, select

from procurement.office.desk import Desk
from procurement.registers.comparison import Notice
from procurement.registers.money import Budget
from procurement.registers.parties import Organisation
from procurement.registers.purchases import RUNNING, STEPS, Purchase
from procurement.registers.row import OFFICE_ZONE


@dataclass(frozen=True)
class Figures:
    """One year of the office. Money in yuan."""

    year: int
    running: int
    ended: int
    by_step: dict[str, int]  # running purchases, all six steps in order
    by_status: dict[str, int]
    by_route: dict[str, tuple[int, Decimal]]  # count, approved total
    by_category: dict[str, tuple[int, Decimal]]
    awarded: Decimal
    saved: Decimal  # approved minus awarded, where both are known
    budget_total: Decimal
    budget_reserved: Decimal
    budget_committed: Decimal
    open_notices: int
    organisations: int
    average_satisfaction: Decimal | None


class FigureDesk:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def of_year(self, year: int | None = None) -> Figures:
        """Purchases started in the year (default this one)."""
        now = self._desk.now()
        year = year or now.year
        first, last = dt.datetime(year, 1, 1, tzinfo=OFFICE_ZONE), dt.datetime(year + 1, 1, 1, tzinfo=OFFICE_ZONE)
        own = (Purchase.started_at >= first, Purchase.started_at < last)
        zero = Decimal(0)
        with self._desk.reading() as session:

            def grouped(column: object) -> Sequence[tuple[str, int, Decimal | None]]:
                query = select(column, func.count(), func.sum(Purchase.amount)).where(*own).group_by(column)  # type: ignore[call-overload]
                return [(row[0], row[1], row[2]) for row in session.execute(query)]

            statuses = {status: count for status, count, _ in grouped(Purchase.status)}
            by_step = select(Purchase.step, func.count()).where(*own, Purchase.status.in_(RUNNING)).group_by(Purchase.step)
            steps: dict[str, int] = {row[0]: row[1] for row in session.execute(by_step)}
            known = case((Purchase.awarded_amount.is_not(None), Purchase.amount))
            awarded, approved, satisfaction = session.execute(
                select(func.sum(Purchase.awarded_amount), func.sum(known), func.avg(Purchase.satisfaction)).where(*own)
            ).one()
            total, reserved, committed = session.execute(
                select(func.sum(Budget.total), func.sum(Budget.reserved), func.sum(Budget.committed)).where(Budget.year == year)
            ).one()
            open_notices = select(func.count()).where(Notice.closed_at.is_(None), Notice.until >= now)
            running = sum(count for status, count in statuses.items() if status in RUNNING)
            return Figures(
                year=year,
                running=running,
                ended=sum(statuses.values()) - running,
                by_step={step: steps.get(step, 0) for step in STEPS},
                by_status=statuses,
                by_route={route: (count, amount or zero) for route, count, amount in grouped(Purchase.route) if route},
                by_category={name: (count, amount or zero) for name, count, amount in grouped(Purchase.category) if name},
                awarded=awarded or zero,
                saved=(approved or zero) - (awarded or zero),
                budget_total=total or zero,
                budget_reserved=reserved or zero,
                budget_committed=committed or zero,
                open_notices=session.scalar(open_notices) or 0,
                organisations=session.scalar(select(func.count()).where(Organisation.active)) or 0,
                average_satisfaction=None if satisfaction is None else satisfaction.quantize(Decimal("0.01")),
            )
