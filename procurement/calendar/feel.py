"""The working-day functions a designer may write in FEEL. A missing argument gives null, as FEEL's own functions do."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from engine.errors import EngineError
from engine.feel import Extension
from procurement.calendar.working_days import WorkingCalendar


class NotADate(EngineError):
    """{function} needs a date such as date("2026-03-02"), but was given {value}."""


class NotADayCount(EngineError):
    """{function} needs a whole number of days, but was given {value}."""


def extensions(calendar: WorkingCalendar) -> tuple[Extension, ...]:
    """The FEEL functions of section 6 of the design, counting with ``calendar``."""

    def after(date: Any, n: Any) -> dt.date | dt.datetime | None:
        if date is None or n is None:
            return None
        day = calendar.after(_day("working days after", date), _count("working days after", n))
        if isinstance(date, dt.datetime):
            return dt.datetime.combine(day, date.timetz())
        return day

    def between(a: Any, b: Any) -> Decimal | None:
        if a is None or b is None:
            return None
        return Decimal(calendar.between(_day("working days between", a), _day("working days between", b)))

    def is_working_day(date: Any) -> bool | None:
        return None if date is None else calendar.is_working_day(_day("is working day", date))

    return (
        Extension(
            name="working days after",
            parameters=("date", "n"),
            function=after,
            doc="某一天之后的第 n 个工作日：当日不算，调休上班的周六算，节假日不算。"
            "日期时间保留时刻；n 可以是负数，0 把休息日顺延到下一个工作日",
            example='working days after(date("2026-02-13"), 2) = date("2026-02-24")',
        ),
        Extension(
            name="working days between",
            parameters=("a", "b"),
            function=between,
            doc="a 之后到 b（含）有几个工作日",
            example='working days between(date("2026-02-13"), date("2026-02-24")) = 2',
        ),
        Extension(
            name="is working day",
            parameters=("date",),
            function=is_working_day,
            doc="这一天是不是工作日：调休上班的周六是，法定节假日不是",
            example='is working day(date("2026-02-14")) = true',
        ),
    )


def _day(function: str, value: Any) -> dt.date:
    if isinstance(value, dt.datetime):
        return value.date()
    if isinstance(value, dt.date):
        return value
    if isinstance(value, str):  # variables keep dates as ISO text
        try:
            return dt.datetime.fromisoformat(value).date()
        except ValueError:
            pass
    raise NotADate(function=function, value=repr(value))


def _count(function: str, value: Any) -> int:
    if isinstance(value, (int, Decimal)) and not isinstance(value, bool) and value == int(value):
        return int(value)
    raise NotADayCount(function=function, value=repr(value))


EXTENSIONS: tuple[Extension, ...] = extensions(WorkingCalendar.published())
