"""Days and years beyond what datetime can hold: FEEL dates run from year -999,999,999 to 999,999,999."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TypeAlias

from engine.feel.values.clock import time_text

YEAR_LIMIT = 999_999_999
_DAYS_BEFORE_YEAR_ONE = 306  # days from 0000-03-01 to 0001-01-01 in the proleptic Gregorian calendar


@dataclass(frozen=True)
class FarDate:
    """A date outside the years 1 to 9999, with the same three fields as ``datetime.date``."""

    year: int
    month: int
    day: int

    def feel_text(self) -> str:
        return f"{year_text(self.year)}-{self.month:02}-{self.day:02}"

    isoformat = feel_text


@dataclass(frozen=True)
class FarDateTime:
    """A date and time outside the years 1 to 9999."""

    date: FarDate
    time: dt.time

    @property
    def tzinfo(self) -> dt.tzinfo | None:
        return self.time.tzinfo

    def feel_text(self) -> str:
        return f"{self.date.feel_text()}T{time_text(self.time)}"

    isoformat = feel_text


AnyDate: TypeAlias = "dt.date | FarDate"


def year_text(year: int) -> str:
    return f"-{-year:04}" if year < 0 else f"{year:04}"


def date_text(date: AnyDate) -> str:
    return date.feel_text() if isinstance(date, FarDate) else f"{year_text(date.year)}-{date.month:02}-{date.day:02}"


def is_leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


def days_in_month(year: int, month: int) -> int:
    if month == 2:
        return 29 if is_leap(year) else 28
    return 30 if month in (4, 6, 9, 11) else 31


def make_date(year: int, month: int, day: int) -> AnyDate:
    """Raises ValueError when there is no such day."""
    if 1 <= year <= 9999:
        return dt.date(year, month, day)
    if abs(year) > YEAR_LIMIT or not 1 <= month <= 12 or not 1 <= day <= days_in_month(year, month):
        raise ValueError("no such day")
    return FarDate(year, month, day)


def ordinal(date: AnyDate) -> int:
    """Days since 0000-12-31, as ``datetime.date.toordinal`` counts, for any year."""
    if isinstance(date, dt.date):
        return date.toordinal()
    year = date.year - (date.month <= 2)
    era_days, year_of_era = year // 400 * 146_097, year % 400
    day_of_year = (153 * ((date.month - 3) % 12) + 2) // 5 + date.day - 1
    return era_days + year_of_era * 365 + year_of_era // 4 - year_of_era // 100 + day_of_year - _DAYS_BEFORE_YEAR_ONE + 1


def from_ordinal(number: int) -> AnyDate:
    """Inverse of ``ordinal``. Raises ValueError beyond the last year."""
    if 1 <= number <= dt.date.max.toordinal():
        return dt.date.fromordinal(number)
    era, day_of_era = divmod(number + _DAYS_BEFORE_YEAR_ONE - 1, 146_097)
    year_of_era = (day_of_era - day_of_era // 1460 + day_of_era // 36_524 - day_of_era // 146_096) // 365
    day_of_year = day_of_era - (365 * year_of_era + year_of_era // 4 - year_of_era // 100)
    shifted_month = (5 * day_of_year + 2) // 153
    month = shifted_month + 3 if shifted_month < 10 else shifted_month - 9
    return make_date(era * 400 + year_of_era + (month <= 2), month, day_of_year - (153 * shifted_month + 2) // 5 + 1)


def add_months(date: AnyDate, months: int) -> AnyDate:
    """The same day that many months later, or the last day of a shorter month."""
    count = date.year * 12 + date.month - 1 + months
    year, month = count // 12, count % 12 + 1
    return make_date(year, month, min(date.day, days_in_month(year, month)))
