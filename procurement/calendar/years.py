"""Which days are worked in China, year by year: weekends, statutory holidays and make-up days (调休).

Source of the built-in years: the PyPI package ``chinesecalendar``, which transcribes the State Council's yearly notice. A
year it does not hold is refused, never guessed; an office enters the notice of a later year as a ``YearTable``.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version

from chinese_calendar import constants


@dataclass(frozen=True)
class YearTable:
    """One year's departures from Monday-to-Friday: weekdays that are off and weekend days that are worked."""

    year: int
    holidays: frozenset[dt.date]
    make_up_days: frozenset[dt.date]
    source: str  # the notice, or the package and its version

    def __post_init__(self) -> None:
        strangers = sorted(day for day in self.holidays | self.make_up_days if day.year != self.year)
        if strangers:
            raise ValueError(f"{strangers[0]} does not lie in {self.year}")
        both = sorted(self.holidays & self.make_up_days)
        if both:
            raise ValueError(f"{both[0]} cannot be a holiday and a make-up day")
        idle = sorted(day for day in self.make_up_days if day.weekday() < 5)
        if idle:
            raise ValueError(f"{idle[0]} is a weekday: only a Saturday or Sunday can be a make-up day")

    def is_working_day(self, day: dt.date) -> bool:
        return day in self.make_up_days or (day.weekday() < 5 and day not in self.holidays)


@cache
def published_years() -> tuple[YearTable, ...]:
    """The years of the installed ``chinesecalendar``."""
    source = f"chinesecalendar {version('chinesecalendar')}"
    years = sorted({day.year for day in constants.holidays})
    return tuple(
        YearTable(
            year,
            frozenset(day for day in constants.holidays if day.year == year),
            frozenset(day for day in constants.workdays if day.year == year and day.weekday() > 4),
            source,
        )
        for year in years
    )
