"""A period of working days that can be stopped and resumed (补正, 异议, 质疑), as pure functions over immutable values."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

from procurement.calendar.working_days import ONE_DAY, WorkingCalendar


@dataclass(frozen=True)
class StoppablePeriod:
    """``remaining`` working days count from the day after ``runs_from``; ``runs_from`` is None while stopped."""

    remaining: int
    runs_from: dt.date | None


def start(day: dt.date, days: int) -> StoppablePeriod:
    """A period of ``days`` working days; ``day`` itself is not counted."""
    if days < 0:
        raise ValueError("a period cannot be shorter than no day")
    return StoppablePeriod(days, day)


def stop(period: StoppablePeriod, day: dt.date, calendar: WorkingCalendar) -> StoppablePeriod:
    """Stopped on ``day``: the day of the stop is not used up, what is left is kept. Stopping twice changes nothing."""
    if period.runs_from is None:
        return period
    used = max(0, calendar.between(period.runs_from, max(period.runs_from, day - ONE_DAY)))
    return StoppablePeriod(max(0, period.remaining - used), None)


def resume(period: StoppablePeriod, day: dt.date) -> StoppablePeriod:
    """Running again; the day of the resumption is not counted. Resuming a running period changes nothing."""
    return period if period.runs_from is not None else replace(period, runs_from=day)


def last_day(period: StoppablePeriod, calendar: WorkingCalendar) -> dt.date | None:
    """The last day of the period, None while it is stopped."""
    return None if period.runs_from is None else calendar.after(period.runs_from, period.remaining)


def days_left(period: StoppablePeriod, day: dt.date, calendar: WorkingCalendar) -> int:
    """Working days still to come after ``day``; never negative, unchanged while stopped."""
    if period.runs_from is None or day <= period.runs_from:
        return period.remaining
    return max(0, period.remaining - calendar.between(period.runs_from, day))
