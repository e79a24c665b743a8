"""Counting in working days: day one is excluded, so the last counted day is always a working day (民法典 201, 203)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from engine.feel import Unanswerable
from procurement.calendar.years import YearTable, published_years

ONE_DAY = dt.timedelta(days=1)


class UnknownCalendarYear(Unanswerable):
    """The working days of {year} are not known (known: {known}). Enter the holiday notice of that year in the calendar register."""


class WorkingCalendar:
    """The working days of the years it was given; later tables replace earlier ones of the same year."""

    def __init__(self, years: Iterable[YearTable]) -> None:
        self.years = {table.year: table for table in years}

    @classmethod
    def published(cls, *more: YearTable) -> WorkingCalendar:
        """The built-in years, and what the office entered itself."""
        return cls([*published_years(), *more])

    @property
    def version(self) -> str:
        """What a decision on a deadline was counted with, e.g. ``chinesecalendar 1.11.0 (2004-2026)``."""
        spans: dict[str, list[int]] = {}
        for year in sorted(self.years):
            spans.setdefault(self.years[year].source, []).append(year)
        return " + ".join(f"{source} ({_span(years)})" for source, years in spans.items())

    def is_working_day(self, day: dt.date) -> bool:
        """Raises UnknownCalendarYear outside the known years."""
        table = self.years.get(day.year)
        if table is None:
            raise UnknownCalendarYear(year=day.year, known=_span(sorted(self.years)))
        return table.is_working_day(day)

    def after(self, day: dt.date, count: int) -> dt.date:
        """The ``count``-th working day after ``day``; 0 gives ``day`` itself or, on a day off, the next working day.

        A negative count goes backwards: -2 is the second working day before ``day``.
        """
        if count == 0:
            return self.rolled_over(day)
        step = ONE_DAY if count > 0 else -ONE_DAY
        left = abs(count)
        while left:
            day += step
            left -= self.is_working_day(day)
        return day

    def between(self, first: dt.date, last: dt.date) -> int:
        """Working days after ``first`` up to and including ``last``; negative when ``last`` comes before ``first``."""
        if last < first:
            return -self.between(last, first)
        days = (last - first).days
        return sum(self.is_working_day(first + ONE_DAY * n) for n in range(1, days + 1))

    def numbered(self, first: dt.date, last: dt.date) -> dict[dt.date, int]:
        """Each day from ``first`` with the working days up to and including it; ends early where the years are not known."""
        found: dict[dt.date, int] = {}
        count = 0
        for n in range((last - first).days + 1):
            day = first + ONE_DAY * n
            try:
                count += self.is_working_day(day)
            except UnknownCalendarYear:
                if found:
                    break
                continue  # the known years begin later
            found[day] = count
        return found

    def rolled_over(self, day: dt.date) -> dt.date:
        """``day``, or the next working day when it is off."""
        while not self.is_working_day(day):
            day += ONE_DAY
        return day


def _span(years: list[int]) -> str:
    if not years:
        return "no year"
    if years == list(range(years[0], years[-1] + 1)):
        return str(years[0]) if len(years) == 1 else f"{years[0]}-{years[-1]}"
    return ", ".join(map(str, years))
