"""Values of a case: YAML as variables hold it, and where what came out is not what was expected."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from engine.sandbox.case import ZONE

FILE_SIZE = 1024
MAX_VALUES = 50_000  # of one file: an alias that names itself many times over grows without end


class TooManyValues(ValueError):
    """More values than a case can mean."""


def moment(value: Any) -> dt.datetime:
    """A point in time, in the office's zone when none is given. Raises ValueError."""
    found = value if isinstance(value, dt.datetime) else dt.datetime.fromisoformat(str(value))
    return found if found.tzinfo else found.replace(tzinfo=ZONE)


class Plain:
    """Turns what YAML gives into what variables hold: exact numbers, dates as ISO text, file names as references."""

    def __init__(self) -> None:
        self._left = MAX_VALUES

    def of(self, value: Any) -> Any:
        """Raises TooManyValues."""
        self._left -= 1
        if self._left < 0:
            raise TooManyValues
        if isinstance(value, Mapping):
            if set(value) == {"file"} and isinstance(value["file"], str):
                return file_reference(value["file"])
            if is_file(value):
                return {**value, "size": int(value["size"])}  # a number of bytes is no exact number but a whole one
            return {str(name): self.of(inner) for name, inner in value.items()}
        if isinstance(value, (list, tuple)):
            return [self.of(inner) for inner in value]
        return _one(value)


def plain(value: Any) -> Any:
    return Plain().of(value)


def _one(value: Any) -> Any:
    if isinstance(value, (bool, Decimal)):
        return value
    if isinstance(value, (int, float)):
        number = Decimal(str(value))
        if not number.is_finite():
            raise ValueError(f"{value} is no number a variable can hold")
        return number
    if isinstance(value, (dt.date, dt.datetime)):
        return value.isoformat()
    if value is None or isinstance(value, str):
        return value
    raise ValueError(f"{type(value).__name__} is nothing a variable can hold")


def file_reference(name: str) -> dict[str, Any]:
    """As an uploaded file is referred to; nobody opens it in a case."""
    digest = hashlib.sha256(name.encode()).hexdigest()
    return {"name": name, "size": FILE_SIZE, "sha256": digest, "media_type": "application/pdf"}


def is_file(value: Any) -> bool:
    """Whether ``value`` refers to an uploaded file."""
    return isinstance(value, Mapping) and set(value) == {"name", "size", "sha256", "media_type"}


def mismatch(expected: Any, found: Any, path: str = "") -> tuple[str, Any, Any] | None:
    """(where, expected, found) of the first difference. Objects may hold more than expected, lists may not."""
    if isinstance(expected, Mapping):
        if not isinstance(found, Mapping):
            return path, expected, found
        pairs = ((f"{path}.{name}".strip("."), inner, found.get(name)) for name, inner in expected.items())
    elif isinstance(expected, list):
        if not isinstance(found, list) or len(found) != len(expected):
            return path, expected, found
        pairs = ((f"{path}[{n}]", inner, found[n]) for n, inner in enumerate(expected))
    else:
        return None if comparable(expected) == comparable(found) else (path, expected, found)
    return next(filter(None, (mismatch(inner, seen, place) for place, inner, seen in pairs)), None)


def comparable(value: Any) -> Any:
    if isinstance(value, bool):
        return ("boolean", value)
    if isinstance(value, (int, float, Decimal)):
        return Decimal(str(value))
    if isinstance(value, (dt.date, dt.datetime)):
        return value.isoformat()
    return value
