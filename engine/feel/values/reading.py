"""Dates, times and durations read from ISO 8601 text, with a time zone written ``@Area/City``. None means: not one."""

from __future__ import annotations

import datetime as dt
import re
from zoneinfo import ZoneInfo

from engine.feel.values.calendar import AnyDate, from_ordinal, make_date, ordinal
from engine.feel.values.clock import NANOS, make_time
from engine.feel.values.durations import YearsMonths, make_duration
from engine.feel.values.moments import AnyDateTime, combine

_DATE = re.compile(r"(-?(?:[1-9]\d{4,8}|\d{4}))-(\d\d)-(\d\d)", re.ASCII)
_TIME = re.compile(r"(\d\d):(\d\d):(\d\d)(?:\.(\d+))?(Z|[+-]\d\d:\d\d(?::\d\d)?|@[A-Za-z0-9_+\-/]+)?", re.ASCII)
_MONTHS = re.compile(r"(-?)P(?:(\d{1,10})Y)?(?:(\d{1,10})M)?", re.ASCII)
_DAYS = re.compile(r"(-?)P(?:(\d{1,10})D)?(?:T(?=\d)(?:(\d{1,15})H)?(?:(\d{1,15})M)?(?:(\d{1,18})(?:\.(\d*))?S)?)?", re.ASCII)
_OFFSET_LIMIT = dt.timedelta(hours=18)


def parse_date(text: str) -> AnyDate | None:
    found = _DATE.fullmatch(text)
    if not found:
        return None
    try:
        return make_date(*(int(part) for part in found.groups()))
    except ValueError:
        return None


def parse_time(text: str) -> dt.time | None:
    found = _TIME.fullmatch(text)
    if not found:
        return None
    hour, minute, second, fraction, zone = found.groups()
    try:
        where = parse_zone(zone) if zone else None
        if (hour, minute, second, (fraction or "").strip("0")) == ("24", "00", "00", ""):
            hour = "00"
        return make_time(int(hour), int(minute), int(second), _nanos(fraction), where)
    except ValueError:
        return None


def parse_date_time(text: str) -> AnyDateTime | None:
    """``2026-03-02T09:00:00+08:00``; a date alone is its midnight."""
    day, mark, time = text.partition("T")
    date = parse_date(day)
    if date is None:
        return None
    if not mark:
        return combine(date, dt.time(0))
    clock = parse_time(time)
    if clock is None:
        return None
    try:
        return combine(from_ordinal(ordinal(date) + 1) if time.startswith("24") else date, clock)
    except ValueError:
        return None


def parse_duration(text: str) -> dt.timedelta | YearsMonths | None:
    found = _MONTHS.fullmatch(text)
    if found and (found[2] or found[3]):
        months = int(found[2] or 0) * 12 + int(found[3] or 0)
        return YearsMonths(-months if found[1] else months)
    found = _DAYS.fullmatch(text)
    if not found or not any(found.groups()[1:]):
        return None
    sign, days, hours, minutes, seconds, fraction = found.groups()
    whole = ((int(days or 0) * 24 + int(hours or 0)) * 60 + int(minutes or 0)) * 60 + int(seconds or 0)
    nanos = whole * NANOS + _nanos(fraction)
    try:
        return make_duration(-nanos if sign else nanos)
    except OverflowError:
        return None


def parse_literal(text: str) -> AnyDate | dt.time | AnyDateTime | dt.timedelta | YearsMonths | None:
    """What ``@"…"`` means, or None."""
    if "T" in text and not text.lstrip("-").startswith("P"):
        return parse_date_time(text)
    return parse_date(text) or parse_time(text) or parse_duration(text)


def parse_zone(text: str) -> dt.tzinfo:
    """``Z``, ``+08:00`` or ``@Asia/Shanghai``. Raises ValueError."""
    if text == "Z":
        return dt.UTC
    if text.startswith("@"):
        try:
            return ZoneInfo(text[1:])
        except (KeyError, OSError) as unknown:
            raise ValueError("no such time zone") from unknown
    hours, minutes, *seconds = (int(part) for part in text[1:].split(":"))
    offset = dt.timedelta(hours=hours, minutes=minutes, seconds=seconds[0] if seconds else 0)
    if minutes > 59 or (seconds and seconds[0] > 59):
        raise ValueError("no such offset")
    return zone_at(-offset if text[0] == "-" else offset)


def zone_at(offset: dt.timedelta) -> dt.timezone:
    """Raises ValueError beyond 18 hours."""
    if abs(offset) > _OFFSET_LIMIT:
        raise ValueError("no such offset")
    return dt.timezone(offset) if offset else dt.UTC


def _nanos(fraction: str | None) -> int:
    return int(fraction[:9].ljust(9, "0")) if fraction else 0
