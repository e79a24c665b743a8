"""Equality and order (DMN 1.5, tables 52 to 54). None means: not comparable, so null."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from engine.feel.errors import FeelBoundExceeded
from engine.feel.values.calendar import ordinal
from engine.feel.values.clock import DAY, NANOS, day_nanos
from engine.feel.values.durations import YearsMonths, duration_nanos
from engine.feel.values.moments import AnyDateTime, offset_nanos, utc_nanos
from engine.feel.values.ranges import Range
from engine.feel.values.types import Value, kind_of

_COMPARED_ELEMENTS = 1_000_000


def equal(left: Value, right: Value) -> bool | None:
    """True or false; None for values of different types."""
    if type(left) is type(right) and type(left) in (Decimal, str, bool):
        return bool(left == right)
    return _equal(left, right, _Budget())


class _Budget:
    """Lists that share their parts can be compared endlessly."""

    def __init__(self) -> None:
        self.left = _COMPARED_ELEMENTS

    def take(self, count: int) -> None:
        self.left -= count + 1
        if self.left < 0:
            raise FeelBoundExceeded("Two values are too large to be compared")


def _equal(left: Value, right: Value, budget: _Budget) -> bool | None:
    if left is None or right is None:
        return left is right
    kind, other = kind_of(left), kind_of(right)
    if kind != other:
        if kind == "list" and len(left) == 1:
            return _equal(left[0], right, budget)
        if other == "list" and len(right) == 1:
            return _equal(left, right[0], budget)
        return None
    return _EQUALS.get(kind, _plain)(left, right, budget)


def _plain(left: Any, right: Any, _budget: _Budget) -> bool | None:
    return bool(left == right)


def _lists(left: list[Value], right: list[Value], budget: _Budget) -> bool | None:
    budget.take(len(left))
    if len(left) != len(right):
        return False
    return _all(_equal(mine, theirs, budget) for mine, theirs in zip(left, right, strict=True))


def _contexts(left: dict[str, Value], right: dict[str, Value], budget: _Budget) -> bool | None:
    budget.take(len(left))
    return left.keys() == right.keys() and _all(_equal(left[key], right[key], budget) for key in left)


def _all(answers: Any) -> bool | None:
    """Elements of different types make a list different, not incomparable."""
    return all(answer is True for answer in answers)


def _ranges(left: Range, right: Range, budget: _Budget) -> bool | None:
    same_form = (left.operator, left.start_included, left.end_included) == (
        right.operator,
        right.start_included,
        right.end_included,
    )
    return same_form and _all((_equal(left.start, right.start, budget), _equal(left.end, right.end, budget)))


def _times(left: dt.time, right: dt.time, _budget: _Budget) -> bool | None:
    pair = time_keys(left, right)
    return pair is not None and pair[0] // NANOS == pair[1] // NANOS  # the standard counts whole seconds


def _date_times(left: AnyDateTime, right: AnyDateTime, _budget: _Budget) -> bool | None:
    pair = date_time_keys(left, right)
    return pair is not None and pair[0] // NANOS == pair[1] // NANOS


def _durations(left: dt.timedelta, right: dt.timedelta, _budget: _Budget) -> bool | None:
    return duration_nanos(left) == duration_nanos(right)


def _functions(left: Any, right: Any, _budget: _Budget) -> bool | None:
    return left is right


_EQUALS: dict[str, Callable[[Any, Any, _Budget], bool | None]] = {
    "list": _lists,
    "context": _contexts,
    "range": _ranges,
    "time": _times,
    "date and time": _date_times,
    "days and time duration": _durations,
    "function": _functions,
}


def time_keys(left: dt.time, right: dt.time) -> tuple[int, int] | None:
    """Both as nanoseconds on one clock; None when only one has a zone or their zones cannot be related without a date."""
    if (left.tzinfo is None) != (right.tzinfo is None):
        return None
    mine, theirs = offset_nanos(left), offset_nanos(right)
    if mine is None or theirs is None:
        same_zone = left.tzinfo is right.tzinfo or _key(left.tzinfo) == _key(right.tzinfo)
        return (day_nanos(left), day_nanos(right)) if same_zone else None
    return day_nanos(left) - mine, day_nanos(right) - theirs


def _key(zone: dt.tzinfo | None) -> str | None:
    return zone.key if isinstance(zone, ZoneInfo) else None


def date_time_keys(left: AnyDateTime, right: AnyDateTime) -> tuple[int, int] | None:
    """Both as nanoseconds on one clock; None when only one has a zone."""
    if (left.tzinfo is None) != (right.tzinfo is None):
        return None
    return utc_nanos(left), utc_nanos(right)


def order_keys(left: Value, right: Value) -> tuple[Any, Any] | None:
    """Two Python values that compare as ``left`` and ``right`` do; None when those have no order."""
    kind = kind_of(left)
    if kind != kind_of(right):
        return None
    if kind in ("number", "string"):
        return left, right
    if kind == "date":
        return ordinal(left) * DAY, ordinal(right) * DAY
    if kind == "date and time":
        return date_time_keys(left, right)
    if kind == "time":
        return time_keys(left, right)
    if kind == "days and time duration":
        return duration_nanos(left), duration_nanos(right)
    if isinstance(left, YearsMonths):
        return left.total_months, right.total_months
    return None


def compare(left: Value, right: Value) -> int | None:
    """-1, 0 or 1; None when there is no order between the two."""
    keys = order_keys(left, right)
    if keys is None:
        return None
    return int(keys[0] > keys[1]) - int(keys[0] < keys[1])


def identical(left: Value, right: Value) -> bool:
    """``is()``: same type, same components: 10:00Z is not 11:00+01:00."""
    if kind_of(left) != kind_of(right):
        return False
    if isinstance(left, dt.time):
        return day_nanos(left) == day_nanos(right) and _zone(left.tzinfo) == _zone(right.tzinfo)
    if kind_of(left) == "date and time":
        local = [moment.feel_text() if hasattr(moment, "feel_text") else moment.isoformat() for moment in (left, right)]
        return local[0] == local[1] and _zone(left.tzinfo) == _zone(right.tzinfo)
    return equal(left, right) is True


def _zone(zone: dt.tzinfo | None) -> object:
    return zone.key if isinstance(zone, ZoneInfo) else zone and zone.utcoffset(None)
