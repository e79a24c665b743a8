"""Durations: of days and time (timedelta, to the nanosecond) and of years and months, which Python lacks."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from engine.feel.values.clock import NANOS, decimals


@dataclass(frozen=True, order=True)
class YearsMonths:
    """A duration of whole months; 14 is one year and two months. Not comparable with a timedelta: months differ in length."""

    total_months: int

    @property
    def years(self) -> int:
        return abs(self.total_months) // 12 * (-1 if self.total_months < 0 else 1)

    @property
    def months(self) -> int:
        return abs(self.total_months) % 12 * (-1 if self.total_months < 0 else 1)

    def feel_text(self) -> str:
        """ISO 8601 text, ``P1Y2M``; zero is ``P0M``."""
        years, months = divmod(abs(self.total_months), 12)
        sign = "-" if self.total_months < 0 else ""
        parts = (f"{years}Y" if years else "") + (f"{months}M" if months else "")
        return f"{sign}P{parts or '0M'}"


class PreciseDuration(dt.timedelta):
    """A days-and-time duration with a part of a microsecond, counted up from the timedelta below it."""

    extra_nanos = 0

    def feel_text(self) -> str:
        return duration_text(self)


def duration_nanos(duration: dt.timedelta) -> int:
    whole = (duration.days * 86_400 + duration.seconds) * NANOS + duration.microseconds * 1000
    return whole + int(getattr(duration, "extra_nanos", 0))


def make_duration(nanos: int) -> dt.timedelta:
    """Raises OverflowError beyond a thousand million days."""
    micros, extra = divmod(nanos, 1000)
    seconds, micros = divmod(micros, 1_000_000)
    days, seconds = divmod(seconds, 86_400)
    if not extra:
        return dt.timedelta(days, seconds, micros)
    precise = PreciseDuration(days, seconds, micros)
    precise.extra_nanos = extra
    return precise


def duration_text(duration: dt.timedelta) -> str:
    """ISO 8601 text, ``P1DT2H``; zero is ``PT0S``."""
    total = duration_nanos(duration)
    whole, nanos = divmod(abs(total), NANOS)
    minutes, seconds = divmod(whole, 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    clock = (f"{hours}H" if hours else "") + (f"{minutes}M" if minutes else "")
    clock += f"{seconds}{decimals(nanos)}S" if seconds or nanos else ""
    parts = (f"{days}D" if days else "") + (f"T{clock}" if clock else "")
    return f"{'-' if total < 0 else ''}P{parts}" if parts else "PT0S"
