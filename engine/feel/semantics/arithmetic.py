"""Addition, subtraction, multiplication, division, powers and negation (DMN 1.5, tables 55 to 58). Refused means null."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal, DecimalException
from typing import Any

from engine.feel.errors import Refused
from engine.feel.semantics.comparison import date_time_keys, time_keys
from engine.feel.semantics.numbers import DECIMAL128
from engine.feel.values.calendar import AnyDate, add_months, from_ordinal, ordinal
from engine.feel.values.clock import DAY, day_nanos, time_from_nanos
from engine.feel.values.durations import YearsMonths, duration_nanos, make_duration
from engine.feel.values.moments import AnyDateTime, combine, date_part, shift, time_part
from engine.feel.values.types import Value, kind_of

_Operation = Callable[[Any, Any], Value]
_MIDNIGHT = dt.time(0)


def calculate(operator: str, left: Value, right: Value) -> Value:
    """``left operator right``. Raises Refused when the operation does not exist for these values or has no result."""
    kinds = kind_of(left), kind_of(right)
    operation = _OPERATIONS.get((operator, *kinds))
    if operation is None:
        raise Refused("{operator} is not defined for {left} and {right}", operator=operator, left=kinds[0], right=kinds[1])
    try:
        return operation(left, right)
    except DecimalException as impossible:
        reason = "division by zero" if operator == "/" else "the result is no number"
        raise Refused(
            "{left} {operator} {right}: {reason}", left=left, operator=operator, right=right, reason=reason
        ) from impossible
    except (ValueError, OverflowError) as outside:
        raise Refused("the result is outside the calendar") from outside


def negate(value: Value) -> Value:
    """``-value``. Raises Refused for anything but numbers and durations."""
    if isinstance(value, Decimal):
        return DECIMAL128.minus(value)
    if isinstance(value, YearsMonths):
        return YearsMonths(-value.total_months)
    if isinstance(value, dt.timedelta):
        return make_duration(-duration_nanos(value))
    raise Refused("{kind} cannot be negated", kind=kind_of(value))


def _months_to_date(date: AnyDate, months: YearsMonths) -> AnyDate:
    return add_months(date, months.total_months)


def _months_to_moment(moment: AnyDateTime, months: YearsMonths) -> AnyDateTime:
    return combine(add_months(date_part(moment), months.total_months), time_part(moment))


def _days_to_date(date: AnyDate, duration: dt.timedelta) -> AnyDate:
    return from_ordinal((ordinal(date) * DAY + duration_nanos(duration)) // DAY)


def _days_to_time(time: dt.time, duration: dt.timedelta) -> dt.time:
    return time_from_nanos(day_nanos(time) + duration_nanos(duration), time.tzinfo)


def _days_to_moment(moment: AnyDateTime, duration: dt.timedelta) -> AnyDateTime:
    return shift(moment, duration_nanos(duration))


def _between_moments(left: AnyDateTime, right: AnyDateTime) -> dt.timedelta:
    keys = date_time_keys(left, right)
    if keys is None:
        raise Refused("one of the two has a time zone and the other has none")
    return make_duration(keys[0] - keys[1])


def _between_times(left: dt.time, right: dt.time) -> dt.timedelta:
    keys = time_keys(left, right)
    if keys is None:
        raise Refused("the two times have no common time zone")
    return make_duration(keys[0] - keys[1])


def _between_dates(left: AnyDate, right: AnyDate) -> dt.timedelta:
    return make_duration((ordinal(left) - ordinal(right)) * DAY)


def _midnight(date: AnyDate, like: AnyDateTime) -> AnyDateTime:
    """A date among date-times is its midnight, in UTC when the other has a zone."""
    return combine(date, _MIDNIGHT if like.tzinfo is None else _MIDNIGHT.replace(tzinfo=dt.UTC))


def _times_number(duration: dt.timedelta, number: Decimal) -> dt.timedelta:
    return make_duration(int(DECIMAL128.multiply(Decimal(duration_nanos(duration)), number)))


def _months_times_number(months: YearsMonths, number: Decimal) -> YearsMonths:
    return YearsMonths(int(DECIMAL128.multiply(Decimal(months.total_months), number)))


def _over_number(duration: dt.timedelta, number: Decimal) -> dt.timedelta:
    return make_duration(int(DECIMAL128.divide(Decimal(duration_nanos(duration)), number)))


def _months_over_number(months: YearsMonths, number: Decimal) -> YearsMonths:
    return YearsMonths(int(DECIMAL128.divide(Decimal(months.total_months), number)))


def _ratio(left: dt.timedelta, right: dt.timedelta) -> Decimal:
    return DECIMAL128.divide(Decimal(duration_nanos(left)), Decimal(duration_nanos(right)))


def _months_ratio(left: YearsMonths, right: YearsMonths) -> Decimal:
    return DECIMAL128.divide(Decimal(left.total_months), Decimal(right.total_months))


def _swapped(operation: _Operation) -> _Operation:
    return lambda left, right: operation(right, left)


def _negated(operation: _Operation) -> _Operation:
    return lambda left, right: operation(left, negate(right))


_N, _D, _T, _DT = "number", "date", "time", "date and time"
_DAYS, _MONTHS = "days and time duration", "years and months duration"

_OPERATIONS: dict[tuple[str, str, str], _Operation] = {
    ("+", _N, _N): DECIMAL128.add,
    ("-", _N, _N): DECIMAL128.subtract,
    ("*", _N, _N): DECIMAL128.multiply,
    ("/", _N, _N): DECIMAL128.divide,
    ("**", _N, _N): DECIMAL128.power,
    ("+", "string", "string"): lambda left, right: left + right,
    ("-", _DT, _DT): _between_moments,
    ("-", _D, _D): _between_dates,
    ("-", _T, _T): _between_times,
    ("-", _D, _DT): lambda date, moment: _between_moments(_midnight(date, moment), moment),
    ("-", _DT, _D): lambda moment, date: _between_moments(moment, _midnight(date, moment)),
    ("+", _DAYS, _DAYS): lambda left, right: make_duration(duration_nanos(left) + duration_nanos(right)),
    ("-", _DAYS, _DAYS): lambda left, right: make_duration(duration_nanos(left) - duration_nanos(right)),
    ("+", _MONTHS, _MONTHS): lambda left, right: YearsMonths(left.total_months + right.total_months),
    ("-", _MONTHS, _MONTHS): lambda left, right: YearsMonths(left.total_months - right.total_months),
    ("*", _DAYS, _N): _times_number,
    ("*", _N, _DAYS): _swapped(_times_number),
    ("*", _MONTHS, _N): _months_times_number,
    ("*", _N, _MONTHS): _swapped(_months_times_number),
    ("/", _DAYS, _N): _over_number,
    ("/", _MONTHS, _N): _months_over_number,
    ("/", _DAYS, _DAYS): _ratio,
    ("/", _MONTHS, _MONTHS): _months_ratio,
}
for _point, _by_months, _by_days in (
    (_D, _months_to_date, _days_to_date),
    (_DT, _months_to_moment, _days_to_moment),
    (_T, None, _days_to_time),
):
    _shifts: list[tuple[str, _Operation]] = [(_DAYS, _by_days)]
    if _by_months is not None:
        _shifts.append((_MONTHS, _by_months))
    for _length, _shift in _shifts:
        _OPERATIONS[("+", _point, _length)] = _shift
        _OPERATIONS[("+", _length, _point)] = _swapped(_shift)
        _OPERATIONS[("-", _point, _length)] = _negated(_shift)

_RESULTS = {("-", _DT, _DT): _DAYS, ("-", _D, _D): _DAYS, ("-", _T, _T): _DAYS, ("-", _D, _DT): _DAYS, ("-", _DT, _D): _DAYS} | {
    ("/", _DAYS, _DAYS): _N,
    ("/", _MONTHS, _MONTHS): _N,
}


def result_kind(operator: str, left: str, right: str) -> str | None:
    """The kind of ``left operator right`` for values of these kinds; None when the operation does not exist."""
    if (operator, left, right) not in _OPERATIONS:
        return None
    if (operator, left, right) in _RESULTS:
        return _RESULTS[operator, left, right]
    return next((kind for kind in (_D, _DT, _T, _DAYS, _MONTHS, _N) if kind in (left, right)), left)
