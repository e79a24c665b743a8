"""The days of a publicity period, counted once for everybody who shows them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from procurement.calendar import UnknownCalendarYear, WorkingCalendar
from procurement.registers.comparison import Notice
from procurement.registers.publicity import PublicityStop
from procurement.registers.row import OFFICE_ZONE

ONE_DAY = dt.timedelta(days=1)
MOST_DAYS = 400


@dataclass(frozen=True)
class PublicityDay:
    """One day of the period. ``counted``: which working day of the period it is, None for a day that does not count."""

    day: dt.date
    working: bool
    stopped: bool
    counted: int | None


def days_from(notice: Notice, stops: Sequence[PublicityStop], calendar: WorkingCalendar) -> Iterator[PublicityDay]:
    """From the day of publication, which is not counted, on and on; ends where the calendar does: no day is guessed.

    A day on which the clock stood still is not counted, nor is the one on which it went on.
    """
    first = notice.published_at.astimezone(OFFICE_ZONE).date()
    counted = 0
    try:
        for n in range(MOST_DAYS):
            day = first + n * ONE_DAY
            stopped = n > 0 and any(
                stop.stopped_on <= day and (stop.resumed_on is None or day <= stop.resumed_on) for stop in stops
            )
            working = calendar.is_working_day(day)
            counts = n > 0 and working and not stopped
            counted += counts
            yield PublicityDay(day, working, stopped, counted if counts else None)
    except UnknownCalendarYear:
        return
