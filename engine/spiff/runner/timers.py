"""Moments, durations and cycles as the diagram writes them: ISO 8601 text, or what FEEL gives for it."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from engine.errors import EngineError
from engine.spiff.definitions import TimerDefinition, Value
from engine.spiff.runner.failures import failing

FOR_EVER = -1

_DURATION = re.compile(
    r"(?P<sign>-)?P(?=.)(?:(?P<years>\d+)Y)?(?:(?P<months>\d+)M)?(?:(?P<weeks>\d+)W)?(?:(?P<days>\d+)D)?"
    r"(?:T(?=.)(?:(?P<hours>\d+)H)?(?:(?P<minutes>\d+)M)?(?:(?P<seconds>\d+(?:\.\d+)?)S)?)?"
)


class TimerInvalid(EngineError):
    """The text {text} is not a {expected}. Write for example {example}, or FEEL after an equals sign."""


@dataclass(frozen=True)
class Duration:
    """Months are counted in the calendar (31 January + 1 month = 28 February), the rest exactly."""

    months: int = 0
    exact: dt.timedelta = dt.timedelta()

    def after(self, moment: dt.datetime, times: int = 1) -> dt.datetime:
        try:
            return _add_months(moment, self.months * times) + self.exact * times
        except (OverflowError, ValueError) as error:
            raise TimerInvalid("The duration leads beyond the year 9999. Write a shorter one.") from error


@dataclass(frozen=True)
class Due:
    """One firing. ``repetitions_left`` counts this one: None for once, -1 for ever. ``number`` is 1 for the first firing."""

    at: dt.datetime
    repetitions_left: int | None = None
    interval: str = ""
    anchor: dt.datetime | None = None
    number: int = 1

    def next(self) -> Due | None:
        """The following firing, counted from the first one so that months never drift; None after the last."""
        if self.repetitions_left is None or self.repetitions_left == 1 or self.anchor is None:
            return None
        left = self.repetitions_left if self.repetitions_left == FOR_EVER else self.repetitions_left - 1
        at = duration(self.interval).after(self.anchor, self.number)
        return Due(at, left, self.interval, self.anchor, self.number + 1)


def duration(text: str) -> Duration:
    """``P5D``, ``PT2H30M``, ``P1Y6M``, ``P2W``."""
    match = _DURATION.fullmatch(text.strip())
    if match is None:
        raise TimerInvalid(text=text, expected="duration", example="P5D, PT2H")
    part = {
        name: float(value) if name == "seconds" else int(value) for name, value in match.groupdict("0").items() if name != "sign"
    }
    sign = -1 if match["sign"] else 1
    try:
        exact = dt.timedelta(
            weeks=part["weeks"], days=part["days"], hours=part["hours"], minutes=part["minutes"], seconds=part["seconds"]
        )
    except OverflowError as error:
        raise TimerInvalid("The duration {text} is too long. Write a shorter one.", text=text) from error
    return Duration(sign * int(part["years"] * 12 + part["months"]), sign * exact)


def moment(text: str, zone: dt.tzinfo | None) -> dt.datetime:
    """``2026-03-02`` is that day 00:00 in the office's zone, and so is a time without a zone."""
    plain, _, place = text.strip().partition("@")
    try:
        parsed = dt.datetime.fromisoformat(plain)
        own_zone = ZoneInfo(place) if place else zone
    except (ValueError, KeyError) as error:
        raise TimerInvalid(text=text, expected="date or date and time", example="2026-03-02T09:00:00") from error
    return parsed if parsed.tzinfo else parsed.replace(tzinfo=own_zone)


def cycle(text: str, now: dt.datetime) -> Due:
    """``R3/PT10M``, ``R/P1D``, or with a first moment ``R5/2026-03-02T09:00:00/P1W``."""
    head, *rest = text.strip().split("/")
    if not re.fullmatch(r"R\d*", head) or len(rest) not in {1, 2} or head == "R0":
        raise TimerInvalid(text=text, expected="cycle", example="R3/PT10M, R/P1D")
    interval = duration(rest[-1])
    if interval.after(now) <= now:
        raise TimerInvalid(text=text, expected="cycle with an interval above zero", example="R3/PT10M, R/P1D")
    first = moment(rest[0], now.tzinfo) if len(rest) == 2 else interval.after(now)
    left = int(head[1:]) if head != "R" else FOR_EVER
    return Due(first, left, rest[-1], first)


def first_due(timer: TimerDefinition, context: Mapping[str, Any], now: dt.datetime) -> Due:
    """When the timer fires first if it starts to run at ``now``."""
    found = _text(timer.value, context, now)
    if timer.kind == "cycle":
        return cycle(found, now)
    if timer.kind == "date":
        return Due(moment(found, now.tzinfo))
    return Due(duration(found).after(now))


def check_literal(timer: TimerDefinition) -> None:
    """Raise TimerInvalid when a literal can never be right; FEEL is only known while running."""
    if timer.value.expression is None:
        first_due(timer, {}, dt.datetime(2000, 1, 1, tzinfo=dt.UTC))


def _text(value: Value, context: Mapping[str, Any], now: dt.datetime) -> str:
    if value.expression is None:
        return value.text
    with failing("timer_error"):
        found = value.expression.evaluate(context, now=now)
    return feel_text(found)


def feel_text(found: Any) -> str:
    """ISO text of a FEEL date, time or duration; text stays as it is."""
    if isinstance(found, str):
        return found
    if isinstance(found, dt.timedelta):
        return f"{'-' if found < dt.timedelta() else ''}PT{abs(found).total_seconds():f}S"
    if isinstance(found, (dt.datetime, dt.date)):
        return found.isoformat()
    return str(found.feel_text()) if hasattr(found, "feel_text") else str(found)


def _add_months(start: dt.datetime, months: int) -> dt.datetime:
    if not months:
        return start
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    day = min(start.day, calendar.monthrange(year, month + 1)[1])
    return start.replace(year=year, month=month + 1, day=day)
