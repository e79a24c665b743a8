"""When a person may be mailed: outside their quiet hours, and on working days if they wish."""

from __future__ import annotations

import datetime as dt

from procurement.calendar import UnknownCalendarYear, WorkingCalendar
from procurement.registers.messages import MailWish

WEEKEND = 5


def is_quiet(wish: MailWish, now: dt.datetime, calendar: WorkingCalendar) -> bool:
    """``now`` in the office's zone. The hour quiet ends is loud, the hour it begins is quiet."""
    return _in_quiet_hours(wish, now.time()) or (wish.quiet_days_off and not _is_working_day(now.date(), calendar))


def _in_quiet_hours(wish: MailWish, time: dt.time) -> bool:
    if not wish.quiet_from or not wish.quiet_until or wish.quiet_from == wish.quiet_until:
        return False
    begin, end = dt.time.fromisoformat(wish.quiet_from), dt.time.fromisoformat(wish.quiet_until)
    return begin <= time < end if begin < end else time >= begin or time < end


def _is_working_day(day: dt.date, calendar: WorkingCalendar) -> bool:
    """In a year whose holidays nobody has entered yet, weekends only: silence for ever would be worse than a mail on a holiday."""
    try:
        return calendar.is_working_day(day)
    except UnknownCalendarYear:
        return day.weekday() < WEEKEND
