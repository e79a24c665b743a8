"""Date and time functions (DMN 1.5, sections 10.3.4.6 and 10.3.4.7)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from engine.feel.builtins.conversion import date_from
from engine.feel.builtins.registry import builtin
from engine.feel.errors import Refused
from engine.feel.run import Run
from engine.feel.semantics.properties import weekday
from engine.feel.values.calendar import make_date, ordinal

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


@builtin("now(): date and time", "now()", '@"2026-03-02T09:30:00+08:00"', with_run=True)
def now(run: Run) -> dt.datetime:
    """The moment of this evaluation, the same throughout one expression."""
    if run.now is None:
        raise Refused("the caller gave no present time")
    return run.now


@builtin("today(): date", "today()", '@"2026-03-02"', with_run=True)
def today(run: Run) -> dt.date:
    """The day of this evaluation, in the office's time zone."""
    return now(run).date()


@builtin("day of year(date: date | date and time): number", 'day of year(@"2026-03-02")', "61")
def day_of_year(day: Any) -> int:
    """The number of the day in its year."""
    date = date_from(day)
    return ordinal(date) - ordinal(make_date(date.year, 1, 1)) + 1


@builtin("day of week(date: date | date and time): string", 'day of week(@"2026-03-02")', '"Monday"')
def day_of_week(day: Any) -> str:
    """The English name of the weekday."""
    return _DAYS[weekday(date_from(day)) - 1]


@builtin("month of year(date: date | date and time): string", 'month of year(@"2026-03-02")', '"March"')
def month_of_year(day: Any) -> str:
    """The English name of the month."""
    return _MONTHS[date_from(day).month - 1]


@builtin("week of year(date: date | date and time): number", 'week of year(@"2026-01-01")', "1")
def week_of_year(day: Any) -> int:
    """The ISO 8601 week: weeks start on Monday, and week 1 holds the first Thursday."""
    date = date_from(day)
    thursday = ordinal(date) - weekday(date) + 4
    year = date.year
    for candidate in (year + 1, year, year - 1):
        first = ordinal(make_date(candidate, 1, 1))
        if thursday >= first:
            return (thursday - first) // 7 + 1
    raise Refused("the date has no week")
