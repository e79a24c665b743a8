"""The planning desk: the guiding catalogue, the budgets, and the years of the working-day calendar."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select

from engine.errors import FieldError, InvalidInput
from engine.model import Actor
from procurement.calendar import WorkingCalendar, YearTable
from procurement.office.desk import Desk
from procurement.office.saving import assign, found, refuse, saved
from procurement.office.validation import check_budget, check_catalogue_item
from procurement.registers.cataloguing import catalogue_on
from procurement.registers.money import Budget, BudgetLine, CalendarYear, CatalogueItem
from procurement.registers.office_calendar import entered_years


class PlanningDesk:
    """What may be bought, from which money, and which days count."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def catalogue(self, on: dt.date | None = None) -> Sequence[CatalogueItem]:
        """The items in force on a day (default today)."""
        with self._desk.reading() as session:
            return catalogue_on(session, on or self._desk.now().date())

    def catalogue_versions(self, code: str = "") -> Sequence[CatalogueItem]:
        """Every version of one item, or of all."""
        query = select(CatalogueItem).order_by(CatalogueItem.code, CatalogueItem.effective_from)
        with self._desk.reading() as session:
            return session.scalars(query.where(CatalogueItem.code == code) if code else query).all()

    def save_catalogue_item(
        self, code: str, effective_from: dt.date, values: Mapping[str, Any], *, actor: Actor
    ) -> CatalogueItem:
        """A new version of an item ends the one before on the day before. Raises InvalidInput."""
        with self._desk.editing(actor) as session:
            query = select(CatalogueItem).where(CatalogueItem.code == code).order_by(CatalogueItem.effective_from.desc())
            versions = session.scalars(query).all()
            row = next((version for version in versions if version.effective_from == effective_from), None)
            if row is None:
                before = next((version for version in versions if version.effective_from < effective_from), None)
                day_before = effective_from - dt.timedelta(days=1)
                if before is not None and (before.effective_to is None or before.effective_to > day_before):
                    before.effective_to = day_before
                row = CatalogueItem(code=code, effective_from=effective_from)
                session.add(row)
            assign(row, values)
            refuse(check_catalogue_item(row))
            session.flush()
            return row

    def budgets(self, year: int | None = None, level: str = "") -> Sequence[Budget]:
        query = select(Budget).order_by(Budget.year.desc(), Budget.code)
        if year is not None:
            query = query.where(Budget.year == year)
        if level:
            query = query.where(Budget.level == level)
        with self._desk.reading() as session:
            return session.scalars(query).all()

    def budget(self, code: str) -> Budget:
        return found(self._desk, Budget, code)

    def budget_lines(self, code: str) -> Sequence[BudgetLine]:
        """Every booking, oldest first."""
        with self._desk.reading() as session:
            return session.scalars(select(BudgetLine).where(BudgetLine.budget_code == code).order_by(BudgetLine.id)).all()

    def save_budget(self, code: str, values: Mapping[str, Any], *, actor: Actor) -> Budget:
        """Everything but reserved and committed, which only bookings change. Raises InvalidInput."""
        kept = {name: value for name, value in values.items() if name not in {"reserved", "committed"}}
        return saved(self._desk, Budget(code=code), kept, check=check_budget, actor=actor)

    def calendar(self) -> WorkingCalendar:
        """The built-in years and the ones the office entered."""
        with self._desk.reading() as session:
            return WorkingCalendar.published(*entered_years(session))

    def calendar_years(self) -> Sequence[CalendarYear]:
        """The years the office entered itself."""
        with self._desk.reading() as session:
            return session.scalars(select(CalendarYear).order_by(CalendarYear.year)).all()

    def save_calendar_year(
        self, year: int, holidays: Sequence[dt.date], make_up_days: Sequence[dt.date], source: str, *, actor: Actor
    ) -> None:
        """Enter a year from the State Council's notice. Raises InvalidInput."""
        if not source.strip():
            raise InvalidInput(fields=(FieldError("source", "Name the notice the days are taken from."),))
        try:
            YearTable(year, frozenset(holidays), frozenset(make_up_days), source)
        except ValueError as fault:
            raise InvalidInput(fields=(FieldError("holidays", "{fault}", {"fault": str(fault)}),)) from None
        with self._desk.editing(actor) as session:
            row = session.get(CalendarYear, year)
            if row is None:
                row = CalendarYear(year=year)
                session.add(row)
            row.holidays, row.make_up_days, row.source = sorted(holidays), sorted(make_up_days), source.strip()
