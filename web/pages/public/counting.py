"""The publicity period day by day on the real calendar, for everybody to count along."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from procurement.calendar import UnknownCalendarYear, WorkingCalendar
from procurement.registers.comparison import Notice
from procurement.registers.publicity import PublicityStop
from web.pages.show import ZONE

LONGEST = 120  # days drawn; a longer period is told in words only


@dataclass(frozen=True)
class Day:
    """``kind``: first (of publication, not counted), work, off, stopped. ``number``: the how-manieth counted day, 0 for others."""

    date: dt.date
    kind: str
    number: int
    is_today: bool
    is_made_up: bool  # a Saturday or Sunday that is worked (调休)


@dataclass(frozen=True)
class Publicity:
    """``total``: working days announced; ``passed``: those that are over, today included."""

    days: Sequence[Day]
    total: int
    passed: int
    standing: bool  # the clock stands still

    @property
    def left(self) -> int:
        return max(0, self.total - self.passed)


def publicity(notice: Notice, stops: Sequence[PublicityStop], calendar: WorkingCalendar, today: dt.date) -> Publicity:
    """Day one is excluded; a day on which the clock stood still is not counted, nor is the one it went on."""
    mine = [stop for stop in stops if stop.notice_id == notice.id]
    standing = any(stop.resumed_on is None for stop in mine) or (notice.until is None and notice.closed_at is None)
    first = notice.published_at.astimezone(ZONE).date()
    last = notice.until.astimezone(ZONE).date() if notice.until else max(first, today)
    days = _days(first, min(last, first + dt.timedelta(days=LONGEST)), mine, calendar, today)
    total = notice.content.get("working_days")
    counted = sum(day.kind == "work" for day in days)
    passed = sum(day.kind == "work" and day.date <= today for day in days)
    return Publicity(days, total if isinstance(total, int) else counted, passed, standing)


def _days(first: dt.date, last: dt.date, stops: Sequence[PublicityStop], calendar: WorkingCalendar, today: dt.date) -> list[Day]:
    found: list[Day] = []
    number = 0
    for n in range((last - first).days + 1):
        day = first + dt.timedelta(days=n)
        kind = "first" if n == 0 else _kind(day, stops, calendar)
        number += kind == "work"
        made_up = kind == "work" and day.weekday() > 4
        found.append(Day(day, kind, number if kind == "work" else 0, day == today, made_up))
    return found


def _kind(day: dt.date, stops: Sequence[PublicityStop], calendar: WorkingCalendar) -> str:
    if any(stop.stopped_on <= day and (stop.resumed_on is None or day <= stop.resumed_on) for stop in stops):
        return "stopped"
    try:
        return "work" if calendar.is_working_day(day) else "off"
    except UnknownCalendarYear:
        return "off"
