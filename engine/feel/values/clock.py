"""Times of day to the nanosecond, with their zone, on top of ``datetime.time``."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

NANOS = 1_000_000_000
DAY = 86_400 * NANOS


class PreciseTime(dt.time):
    """A time with a part of a microsecond; a coarser one is a plain ``datetime.time``."""

    extra_nanos = 0

    def isoformat(self, timespec: str = "auto") -> str:
        return finer(super().isoformat("microseconds" if timespec == "auto" else timespec), self.extra_nanos)


def finer(text: str, extra: int) -> str:
    """``text`` with three more decimals after its microseconds."""
    point = text.index(".") + 7
    return f"{text[:point]}{extra:03}{text[point:]}"


def make_time(hour: int, minute: int, second: int, nanos: int = 0, zone: dt.tzinfo | None = None) -> dt.time:
    """Raises ValueError when there is no such time."""
    micros, extra = divmod(nanos, 1000)
    if not extra:
        return dt.time(hour, minute, second, micros, zone)
    precise = PreciseTime(hour, minute, second, micros, zone)
    precise.extra_nanos = extra
    return precise


def fraction(value: dt.time | dt.datetime) -> int:
    """Nanoseconds within the second."""
    return value.microsecond * 1000 + int(getattr(value, "extra_nanos", 0))


def day_nanos(time: dt.time) -> int:
    """Nanoseconds since midnight."""
    return (time.hour * 3600 + time.minute * 60 + time.second) * NANOS + fraction(time)


def time_from_nanos(nanos: int, zone: dt.tzinfo | None) -> dt.time:
    """Inverse of ``day_nanos``; whole days are dropped."""
    seconds, rest = divmod(nanos % DAY, NANOS)
    return make_time(seconds // 3600, seconds // 60 % 60, seconds % 60, rest, zone)


def time_text(time: dt.time) -> str:
    return f"{time.hour:02}:{time.minute:02}:{time.second:02}{decimals(fraction(time))}{zone_text(time.tzinfo)}"


def zone_text(zone: dt.tzinfo | None) -> str:
    """``Z``, ``+08:00``, ``@Asia/Shanghai`` or nothing."""
    if zone is None:
        return ""
    if isinstance(zone, ZoneInfo):
        return f"@{zone.key}"
    offset = zone.utcoffset(None) or dt.timedelta(0)
    if not offset:
        return "Z"
    total = int(abs(offset).total_seconds())
    seconds = f":{total % 60:02}" if total % 60 else ""
    return f"{'-' if offset < dt.timedelta(0) else '+'}{total // 3600:02}:{total // 60 % 60:02}{seconds}"


def decimals(nanos: int) -> str:
    """The part of a second, ``.25``, or nothing."""
    return f".{nanos:09}".rstrip("0") if nanos else ""
