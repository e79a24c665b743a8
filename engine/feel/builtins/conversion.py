"""Conversion functions (DMN 1.5, section 10.3.4.1)."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal, DecimalException
from typing import Any

from engine.feel.builtins.registry import builtin
from engine.feel.errors import FeelSyntaxError, Refused
from engine.feel.run import Run
from engine.feel.semantics.comparison import compare
from engine.feel.semantics.numbers import DECIMAL128
from engine.feel.syntax.names import NameTable
from engine.feel.syntax.nodes import AtLiteral, Call, Literal, Name, Negation, Node, RangeLiteral
from engine.feel.syntax.parsing import parse_expression
from engine.feel.values.calendar import AnyDate, FarDate, FarDateTime, make_date
from engine.feel.values.clock import NANOS, day_nanos, make_time
from engine.feel.values.durations import YearsMonths
from engine.feel.values.literal import display_text, number_text, temporal_text
from engine.feel.values.moments import AnyDateTime, combine, date_part, time_part
from engine.feel.values.ranges import Range
from engine.feel.values.reading import parse_date, parse_date_time, parse_duration, parse_literal, parse_time, parse_zone, zone_at
from engine.feel.values.types import Value

_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?", re.ASCII)
_SEPARATORS = (" ", ",", ".")


def _read(kind: str, text: str, value: Value) -> Value:
    if value is None:
        raise Refused("{text!r} is not a {kind}", text=text[:60], kind=kind)
    return value


@builtin("date(from: string | date | date and time): date", 'date("2026-03-02")', '@"2026-03-02"')
def date_from(source: Any) -> AnyDate:
    """The date in a text or of a date and time."""
    if isinstance(source, str):
        found: AnyDate = _read("date", source, parse_date(source))
        return found
    return date_part(source) if isinstance(source, (dt.datetime, FarDateTime)) else source


@builtin("date(year: integer, month: integer, day: integer): date", "date(2026, 3, 2)", '@"2026-03-02"')
def date_of(year: int, month: int, day: int) -> AnyDate:
    """The date made of its three parts."""
    try:
        return make_date(year, month, day)
    except (ValueError, OverflowError) as none_such:
        raise Refused("there is no day {year}-{month}-{day}", year=year, month=month, day=day) from none_such


@builtin("time(from: string | time | date | date and time): time", 'time("09:30:00")', '@"09:30:00"')
def time_from(source: Any) -> dt.time:
    """The time in a text or of a date and time; a date's is midnight UTC."""
    if isinstance(source, str):
        found: dt.time = _read("time", source, parse_time(source))
        return found
    if isinstance(source, dt.time):
        return source
    is_date = isinstance(source, FarDate) or (isinstance(source, dt.date) and not isinstance(source, dt.datetime))
    return dt.time(0, tzinfo=dt.UTC) if is_date else time_part(source)


@builtin(
    "time(hour: integer, minute: integer, second: number, offset?: days and time duration | null): time",
    'time(9, 30, 0, @"PT8H")',
    '@"09:30:00+08:00"',
)
def time_of(hour: int, minute: int, second: Decimal, offset: dt.timedelta | None = None) -> dt.time:
    """The time made of its parts; the offset from UTC is a duration."""
    if not 0 <= second < 60:
        raise Refused("there is no second {second}", second=second)
    try:
        zone = None if offset is None else zone_at(offset)
        return make_time(hour, minute, int(second), int(second % 1 * NANOS), zone)
    except (ValueError, OverflowError) as none_such:
        raise Refused("there is no such time") from none_such


@builtin("date and time(from: string): date and time", 'date and time("2026-03-02T09:30:00")', '@"2026-03-02T09:30:00"')
def moment_from(text: str) -> AnyDateTime:
    """The date and time in a text; a date alone is its midnight."""
    found: AnyDateTime = _read("date and time", text, parse_date_time(text))
    return found


@builtin(
    "date and time(date: date | date and time, time: time): date and time",
    'date and time(@"2026-03-02", @"09:30:00")',
    '@"2026-03-02T09:30:00"',
)
def moment_of(day: Any, time: dt.time) -> AnyDateTime:
    """A day and a time of day put together; a zone comes from the time."""
    return combine(date_from(day), time)


@builtin(
    "date and time(year: integer, month: integer, day: integer, hour: integer, minute: integer, second: number,"
    " hour offset?: number | null): date and time",
    "date and time(2026, 3, 2, 9, 30, 0, 8)",
    '@"2026-03-02T09:30:00+08:00"',
)
def moment_of_numbers(
    year: int, month: int, day: int, hour: int, minute: int, second: Decimal, hours: Decimal | None = None
) -> AnyDateTime:
    """The date and time made of its parts; the offset from UTC in hours."""
    offset = None if hours is None else dt.timedelta(hours=float(hours)) if abs(hours) <= 18 else dt.timedelta(days=2)
    return combine(date_of(year, month, day), time_of(hour, minute, second, offset))


@builtin(
    "date and time(year: integer, month: integer, day: integer, hour: integer, minute: integer, second: number,"
    " timezone: string): date and time",
    'date and time(2026, 3, 2, 9, 30, 0, "Asia/Shanghai")',
    '@"2026-03-02T09:30:00@Asia/Shanghai"',
)
def moment_in_zone(year: int, month: int, day: int, hour: int, minute: int, second: Decimal, zone: str) -> AnyDateTime:
    """The date and time made of its parts, in a named time zone."""
    time = time_of(hour, minute, second)
    try:
        return combine(
            date_of(year, month, day), make_time(hour, minute, int(second), day_nanos(time) % NANOS, parse_zone(f"@{zone}"))
        )
    except ValueError as none_such:
        raise Refused("{zone!r} is not a time zone", zone=zone[:60]) from none_such


@builtin("duration(from: string): days and time duration | years and months duration", 'duration("P1DT2H")', '@"P1DT2H"')
def duration_from(text: str) -> dt.timedelta | YearsMonths:
    """The duration in a text: days and time, or years and months, never both."""
    found: dt.timedelta | YearsMonths = _read("duration", text, parse_duration(text))
    return found


@builtin(
    "years and months duration(from: date | date and time, to: date | date and time): years and months duration",
    'years and months duration(@"2025-01-31", @"2026-03-02")',
    '@"P1Y1M"',
)
def months_between(start: Any, end: Any) -> YearsMonths:
    """The whole months from one day to another; negative when the second is earlier."""
    first, last = date_from(start), date_from(end)
    months = (last.year - first.year) * 12 + last.month - first.month
    if months > 0 and last.day < first.day:
        months -= 1
    elif months < 0 and last.day > first.day:
        months += 1
    return YearsMonths(months)


@builtin(
    "number(from: string, grouping separator?: string | null, decimal separator?: string | null): number",
    'number("1 234,5", " ", ",")',
    "1234.5",
)
def number_from(text: str, grouping: str | None = None, point: str | None = None) -> Decimal:
    """The number in a text, after dropping the grouping separator (space, comma or full stop)."""
    if grouping not in (None, *_SEPARATORS) or point not in (None, ".", ",") or (grouping is not None and grouping == point):
        raise Refused("the separators must be different, and a space, a comma or a full stop")
    plain = text.replace(grouping, "") if grouping else text
    plain = plain.replace(point, ".") if point else plain
    if not _NUMBER.fullmatch(plain) or (point == "," and "." in text and grouping != "."):
        raise Refused("{text!r} is not a number", text=text[:60])
    try:
        return DECIMAL128.create_decimal(plain)
    except DecimalException as beyond:
        raise Refused("{text!r} is too large", text=text[:60]) from beyond


@builtin("string(from: Any): string", "string(12.50)", '"12.50"', with_run=True)
def string_from(run: Run, value: Value) -> str | None:
    """Any value as text; null stays null."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, Decimal):
        return number_text(value)
    temporal = temporal_text(value)
    return temporal if temporal is not None else display_text(value, run.bounds.string)


@builtin("range(from: string): range", 'range("[18..21)")', "[18..21)")
def range_from(text: str) -> Range:
    """The range in a text whose ends are literals: numbers, strings, dates, times or durations."""
    try:
        node = parse_expression(text, _TEMPORAL_NAMES)
    except FeelSyntaxError as wrong:
        raise Refused("{text!r} is not a range", text=text[:60]) from wrong
    if not isinstance(node, RangeLiteral):
        raise Refused("{text!r} is not a range", text=text[:60])
    start, end = _constant(node.start), _constant(node.end)
    if start is None and end is None:
        raise Refused("a range needs an end")
    if start is not None and end is not None and compare(start, end) not in (-1, 0):
        raise Refused("the start of a range must not be after its end, and of the same type")
    return Range(start, end, node.start_included, node.end_included)


_TEMPORAL = {"date": parse_date, "time": parse_time, "date and time": parse_date_time, "duration": parse_duration}
_TEMPORAL_NAMES = NameTable(_TEMPORAL)


def _constant(node: Node) -> Value:
    """The value of an end of a range that is written out. Raises Refused for anything that would have to be calculated."""
    if isinstance(node, Literal) and not isinstance(node.value, bool):
        return node.value
    if isinstance(node, Negation) and isinstance(node.operand, Literal) and isinstance(node.operand.value, Decimal):
        return node.operand.value.copy_negate()
    value: Value = None
    if isinstance(node, AtLiteral):
        value = parse_literal(node.text)
    elif isinstance(node, Call) and isinstance(node.function, Name) and len(node.arguments) == 1:
        argument, parse = node.arguments[0], _TEMPORAL.get(node.function.name)
        if parse and isinstance(argument, Literal) and isinstance(argument.value, str):
            value = parse(argument.value)
    if value is None:
        raise Refused("the ends of the range must be literals")
    return value
