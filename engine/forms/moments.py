"""Dates and times as they are typed, and as ISO text that FEEL reads: with seconds, and with the zone the form asks for."""

from __future__ import annotations

import datetime as dt
import re

_DATE = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})", re.ASCII)
_TIME = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?(Z|[+-]\d{2}:\d{2})?", re.ASCII)
OFFICE_ZONE = dt.timezone(dt.timedelta(hours=8))  # China has one zone and no summer time


def date_text(text: str, _format: str = "", _zone: dt.tzinfo | None = None) -> str | None:
    """``2026-3-2`` → ``2026-03-02``; None when there is no such day."""
    found = _DATE.fullmatch(text)
    try:
        return dt.date(*map(int, found.groups())).isoformat() if found else None
    except ValueError:
        return None


def time_text(text: str, time_format: str, zone: dt.tzinfo | None) -> str | None:
    """``14:30`` → ``14:30:00+08:00`` (utc_offset), ``06:30:00Z`` (utc_normalized) or ``14:30:00`` (no_timezone)."""
    moment = _read(dt.date(2000, 1, 1), text, zone)  # any day: an offset does not depend on it
    return _written(moment, time_format)[11:] if moment else None


def date_time_text(text: str, time_format: str, zone: dt.tzinfo | None) -> str | None:
    """``2026-03-02T14:30`` → ``2026-03-02T14:30:00+08:00``; a space between date and time is understood too."""
    date_part, separator, time_part = text.replace(" ", "T", 1).partition("T")
    day = date_text(date_part)
    if not separator or day is None:
        return None
    moment = _read(dt.date.fromisoformat(day), time_part, zone)
    return _written(moment, time_format) if moment else None


def _read(day: dt.date, text: str, zone: dt.tzinfo | None) -> dt.datetime | None:
    found = _TIME.fullmatch(text)
    if not found:
        return None
    hour, minute, second = (int(part or 0) for part in found.groups()[:3])
    try:
        clock = dt.time(hour, minute, second)
        offset = dt.datetime.fromisoformat(f"2000-01-01T00:00:00{found[4]}").tzinfo if found[4] else (zone or OFFICE_ZONE)
    except ValueError:
        return None
    return dt.datetime.combine(day, clock, offset)


def _written(moment: dt.datetime, time_format: str) -> str:
    if time_format == "no_timezone":
        return moment.replace(tzinfo=None).isoformat()
    if time_format == "utc_normalized":
        return moment.astimezone(dt.UTC).replace(tzinfo=None).isoformat() + "Z"
    return moment.isoformat()
