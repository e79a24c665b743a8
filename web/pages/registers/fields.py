"""Columns of a register as fields of a page: how each is typed, read and shown."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from flask_babel.speaklater import LazyString

from engine.errors import FieldError
from web.pages import show

Options = Callable[[], Mapping[str, Any]]


@dataclass(frozen=True)
class Field:
    """``kind``: text, area, number, money, day, tick, choice, words (a list typed with commas), records (lines of a list)."""

    name: str
    label: LazyString
    kind: str = "text"
    required: bool = False
    help: LazyString | str = ""
    options: Options = dict
    width: str = "w8"

    def typed(self, row: Any) -> str:
        """What the input shows for a stored row."""
        value = getattr(row, self.name)
        if value is None:
            return ""
        if self.kind == "words":
            return "、".join(str(item) for item in value)
        if self.kind == "records":
            return "\n".join(" ".join(str(part) for part in item.values()) for item in value)
        if self.kind == "tick":
            return "true" if value else ""
        return format(value, "f") if isinstance(value, Decimal) else str(value)

    def shown(self, row: Any) -> str:
        """What the register's page prints."""
        value = getattr(row, self.name)
        if self.kind == "money":
            return show.money(value)
        if self.kind == "choice":
            return str(self.options().get(value, value or "—"))
        if self.kind == "records":
            return self.typed(row).replace("\n", "；") or "—"
        return show.plain(value)

    def read(self, text: str) -> Any:
        """The column's value. Raises Unreadable with the sentence for the reader."""
        text = text.strip()
        if self.kind == "tick":
            return text == "true"
        if self.kind == "words":
            return [word for word in _split(text) if word]
        if self.kind == "records":
            return [_record(line) for line in text.splitlines() if line.strip()]
        if not text:
            return "" if self.kind in ("text", "area", "choice") else None
        return _READERS.get(self.kind, str)(text)


class Unreadable(Exception):
    """The text in ``args`` is an error template for the field."""


def read_all(fields: tuple[Field, ...], form: Mapping[str, str]) -> tuple[dict[str, Any], tuple[FieldError, ...]]:
    """Values by column, and an error for each text that cannot be read or is missing."""
    values: dict[str, Any] = {}
    errors: list[FieldError] = []
    for field in fields:
        try:
            value = field.read(form.get(field.name, ""))
        except Unreadable as fault:
            errors.append(FieldError(field.name, str(fault)))
            continue
        if field.required and value in (None, "", []):
            errors.append(FieldError(field.name, "This field must be filled in."))
        elif value is not None or not field.required:
            values[field.name] = value
    return values, tuple(errors)


def _split(text: str) -> list[str]:
    for mark in "，,;；\n":
        text = text.replace(mark, "、")
    return [word.strip() for word in text.split("、")]


def _record(line: str) -> dict[str, Any]:
    """A yearly inspection typed as "2025 合格"."""
    year, _, result = line.strip().partition(" ")
    if not year.isdecimal() or not result.strip():
        raise Unreadable("Write one year and its result per line, for example: 2025 合格")
    return {"year": int(year), "result": result.strip()}


def _whole(text: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise Unreadable("Enter a whole number.") from None


def _money(text: str) -> Decimal:
    try:
        value = Decimal(text.replace(",", ""))
    except InvalidOperation:
        raise Unreadable("Enter an amount in yuan as a number.") from None
    if not value.is_finite() or value < 0 or value != value.quantize(Decimal("0.01")):
        raise Unreadable("Enter an amount of at least zero with at most two decimal digits.")
    return value


def _day(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise Unreadable("Enter a date such as 2026-03-02.") from None


_READERS: dict[str, Callable[[str], Any]] = {"number": _whole, "money": _money, "day": _day}
