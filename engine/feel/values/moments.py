"""Date-times to the nanosecond, in any year, on top of ``datetime.datetime``.

A value with whole microseconds within the years 1 to 9999 is a plain ``datetime``; only others are PreciseDateTime or
FarDateTime, so callers hardly ever meet anything but datetime's own classes.
"""

from __future__ import annotations

import datetime as dt
from typing import TypeAlias
from zoneinfo import ZoneInfo

from engine.feel.values.calendar import AnyDate, FarDate, FarDateTime, date_text, from_ordinal, ordinal
from engine.feel.values.clock import DAY, day_nanos, finer, fraction, make_time, time_from_nanos, time_text
from engine.feel.values.durations import duration_nanos

AnyDateTime: TypeAlias = "dt.datetime | FarDateTime"


class PreciseDateTime(dt.datetime):
    """A date and time with a part of a microsecond."""

    extra_nanos = 0

    def isoformat(self, sep: str = "T", timespec: str = "auto") -> str:
        return finer(super().isoformat(sep, "microseconds" if timespec == "auto" else timespec), self.extra_nanos)


def combine(date: AnyDate, time: dt.time) -> AnyDateTime:
    if isinstance(date, FarDate):
        return FarDateTime(date, time)
    extra = getattr(time, "extra_nanos", 0)
    if not extra:
        return dt.datetime.combine(date, time)
    precise = PreciseDateTime.combine(date, time)
    precise.extra_nanos = extra
    return precise


def date_part(moment: AnyDateTime) -> AnyDate:
    return moment.date if isinstance(moment, FarDateTime) else moment.date()


def time_part(moment: AnyDateTime) -> dt.time:
    """The time of day, keeping the zone."""
    if isinstance(moment, FarDateTime):
        return moment.time
    return make_time(moment.hour, moment.minute, moment.second, fraction(moment), moment.tzinfo)


def offset_nanos(value: dt.time | AnyDateTime) -> int | None:
    """Offset from UTC; None for a local value, and for a time of day in a zone whose offset depends on the date."""
    zone = value.tzinfo
    if zone is None:
        return None
    if isinstance(value, FarDateTime):
        year = 2000 + value.date.year % 400  # the same weekday pattern, and a year the zone tables know
        value = dt.datetime.combine(dt.date(year, value.date.month, value.date.day), value.time)
    offset = value.utcoffset()
    return None if offset is None else duration_nanos(offset)


def local_nanos(moment: AnyDateTime) -> int:
    """Nanoseconds since the calendar's beginning, by the wall clock."""
    return ordinal(date_part(moment)) * DAY + day_nanos(time_part(moment))


def utc_nanos(moment: AnyDateTime) -> int:
    """Nanoseconds since the calendar's beginning, in UTC; a local value counts as UTC."""
    return local_nanos(moment) - (offset_nanos(moment) or 0)


def from_local_nanos(nanos: int, zone: dt.tzinfo | None) -> AnyDateTime:
    days, rest = divmod(nanos, DAY)
    return combine(from_ordinal(days), time_from_nanos(rest, zone))


def shift(moment: AnyDateTime, nanos: int) -> AnyDateTime:
    """That much later in real time; in a named zone the wall clock follows summer time. Raises ValueError or OverflowError."""
    zone = moment.tzinfo
    if not isinstance(zone, ZoneInfo):
        return from_local_nanos(local_nanos(moment) + nanos, zone)
    in_utc = from_local_nanos(utc_nanos(moment) + nanos, dt.UTC)
    if isinstance(in_utc, FarDateTime):
        return from_local_nanos(local_nanos(in_utc) + (offset_nanos(moment) or 0), zone)
    there = in_utc.astimezone(zone)
    return combine(there.date(), make_time(there.hour, there.minute, there.second, fraction(in_utc), zone))


def date_time_text(moment: AnyDateTime) -> str:
    return f"{date_text(date_part(moment))}T{time_text(time_part(moment))}"
