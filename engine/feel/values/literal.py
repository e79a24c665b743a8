"""Any value as FEEL source text, and as the text ``string()`` gives."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from engine.feel.errors import FeelBoundExceeded
from engine.feel.values.calendar import FarDate, FarDateTime, date_text
from engine.feel.values.clock import time_text
from engine.feel.values.durations import YearsMonths, duration_text
from engine.feel.values.moments import date_time_text

_PLAIN_NAME = re.compile(r"[^\W\d]\w*")
_KEYWORDS = frozenset({"if", "for", "some", "every", "function", "null", "true", "false", "not"})


def number_text(number: Decimal) -> str:
    """Plain notation, never an exponent."""
    return f"{number:f}" if number else ("0" if number.as_tuple().exponent == 0 else f"{abs(number):f}")


def quoted(text: str) -> str:
    """``text`` as a FEEL string literal."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\r", "\\r").replace("\t", "\\t")
    return f'"{escaped}"'


def key_text(key: str) -> str:
    """A context key: bare when it is one word, quoted otherwise."""
    return key if _PLAIN_NAME.fullmatch(key) and key not in _KEYWORDS else quoted(key)


def temporal_text(value: Any) -> str | None:
    """The ISO text of a date, time, date and time or duration; None for anything else."""
    if isinstance(value, (dt.datetime, FarDateTime)):
        return date_time_text(value)
    if isinstance(value, (dt.date, FarDate)):
        return date_text(value)
    if isinstance(value, dt.time):
        return time_text(value)
    if isinstance(value, YearsMonths):
        return value.feel_text()
    return duration_text(value) if isinstance(value, dt.timedelta) else None


def literal_text(value: Any) -> str:
    """FEEL source that evaluates to ``value`` again (functions excepted)."""
    return _written(value, lambda text: f'@"{text}"', _Room(1_000_000))


def display_text(value: Any, limit: int) -> str:
    """What ``string(value)`` gives for a list or context: strings inside are quoted, dates are not."""
    return _written(value, lambda text: text, _Room(limit))


class _Room:
    """Characters left; shared lists can make a short value print endlessly."""

    def __init__(self, left: int) -> None:
        self.left = left

    def take(self, text: str) -> str:
        self.left -= len(text) + 1
        if self.left < 0:
            raise FeelBoundExceeded("The text of a value is longer than allowed")
        return text


def _written(value: Any, temporal: Callable[[str], str], room: _Room) -> str:
    if isinstance(value, dict):
        entries = (f"{room.take(key_text(key))}: {_written(item, temporal, room)}" for key, item in value.items())
        return "{" + ", ".join(entries) + "}"
    if isinstance(value, list):
        room.take("")
        return "[" + ", ".join(_written(item, temporal, room) for item in value) + "]"
    return room.take(_scalar(value, temporal))


def _scalar(value: Any, temporal: Callable[[str], str]) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return number_text(value)
    if isinstance(value, str):
        return quoted(value)
    text = temporal_text(value)
    return temporal(text) if text is not None else str(value.feel_text())
