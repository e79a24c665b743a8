"""The publicity period day by day on the real calendar, for everybody to count along."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile

from procurement.calendar import WorkingCalendar
from procurement.office.publicity_days import ONE_DAY, PublicityDay, days_from
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
    last = min(notice.until.astimezone(ZONE).date() if notice.until else max(first, today), first + LONGEST * ONE_DAY)
    period = takewhile(lambda one: one.day <= last, days_from(notice, mine, calendar))
    days = [_drawn(one, n == 0, today) for n, one in enumerate(period)]
    total = notice.content.get("working_days")
    counted = sum(day.kind == "work" for day in days)
    passed = sum(day.kind == "work" and day.date <= today for day in days)
    return Publicity(days, total if isinstance(total, int) else counted, passed, standing)


def _drawn(one: PublicityDay, is_first: bool, today: dt.date) -> Day:
    kind = "first" if is_first else "stopped" if one.stopped else "work" if one.working else "off"
    return Day(one.day, kind, one.counted or 0, one.day == today, kind == "work" and one.day.weekday() > 4)
