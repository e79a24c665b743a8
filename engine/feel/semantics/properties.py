"""What comes after a dot: entries of contexts, parts of dates, times, durations and ranges."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from engine.feel.values.calendar import AnyDate, ordinal
from engine.feel.values.clock import NANOS
from engine.feel.values.durations import duration_nanos
from engine.feel.values.moments import AnyDateTime, date_part, offset_nanos, time_part
from engine.feel.values.types import Value, kind_of


def weekday(date: AnyDate) -> int:
    """Monday is 1."""
    return (ordinal(date) - 1) % 7 + 1


def _offset(value: Any) -> dt.timedelta | None:
    nanos = offset_nanos(value)
    return None if nanos is None else dt.timedelta(microseconds=nanos // 1000)


def _zone(value: Any) -> str | None:
    return value.tzinfo.key if isinstance(value.tzinfo, ZoneInfo) else None


def _part(nanos_in_unit: int, units_in_next: int | None) -> Callable[[dt.timedelta], Decimal]:
    def part(duration: dt.timedelta) -> Decimal:
        total = duration_nanos(duration)
        units = abs(total) // nanos_in_unit
        units = units % units_in_next if units_in_next else units
        return Decimal(-units if total < 0 else units)

    return part


_OF_DATE: Mapping[str, Callable[[Any], Value]] = {
    "year": lambda date: Decimal(date.year),
    "month": lambda date: Decimal(date.month),
    "day": lambda date: Decimal(date.day),
    "weekday": lambda date: Decimal(weekday(date)),
}
_OF_TIME: Mapping[str, Callable[[Any], Value]] = {
    "hour": lambda time: Decimal(time.hour),
    "minute": lambda time: Decimal(time.minute),
    "second": lambda time: Decimal(time.second),
}
_OF_ZONED: Mapping[str, Callable[[Any], Value]] = {"time offset": _offset, "timezone": _zone}


def _of_date_part(read: Callable[[Any], Value]) -> Callable[[AnyDateTime], Value]:
    return lambda moment: read(date_part(moment))


def _of_time_part(read: Callable[[Any], Value]) -> Callable[[AnyDateTime], Value]:
    return lambda moment: read(time_part(moment))


PROPERTIES: Mapping[str, Mapping[str, Callable[[Any], Value]]] = {
    "date": _OF_DATE,
    "time": {**_OF_TIME, **_OF_ZONED},
    "date and time": {
        **{name: _of_date_part(read) for name, read in _OF_DATE.items()},
        **{name: _of_time_part(read) for name, read in _OF_TIME.items()},
        **_OF_ZONED,
    },
    "days and time duration": {
        "days": _part(86_400 * NANOS, None),
        "hours": _part(3_600 * NANOS, 24),
        "minutes": _part(60 * NANOS, 60),
        "seconds": _part(NANOS, 60),
    },
    "years and months duration": {
        "years": lambda duration: Decimal(duration.years),
        "months": lambda duration: Decimal(duration.months),
    },
    "range": {
        "start": lambda span: span.start,
        "end": lambda span: span.end,
        "start included": lambda span: span.start_included,
        "end included": lambda span: span.end_included,
    },
}


def read_property(value: Value, name: str) -> Value:
    """The named part of a value that is neither a context nor a list. Raises KeyError when it has no such part."""
    return PROPERTIES[kind_of(value)][name](value)
