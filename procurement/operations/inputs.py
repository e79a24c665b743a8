"""Reading an operation's inputs: FEEL values or JSON text in, typed values out, or a sentence the designer can act on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from decimal import Decimal, InvalidOperation
from typing import Any

from engine.errors import ExecutionFailed
from engine.ports import OperationCall
from procurement.registers.row import OFFICE_ZONE

CENT = Decimal("0.01")


class InputMissing(ExecutionFailed):
    """{operation} at {element} needs the input {name}. Add it to the input mapping, or set the variable, then retry."""


class InputWrong(ExecutionFailed):
    """{operation} at {element}: {name} should be {expected}, but is {value}. Correct the variable or the input mapping, then retry."""


class Inputs:
    """The inputs of one call. A name that is absent, null or an empty text counts as not given."""

    def __init__(self, call: OperationCall) -> None:
        self.call = call

    def given(self, name: str) -> bool:
        return self.call.inputs.get(name) not in (None, "")

    def wrong(self, name: str, expected: str) -> InputWrong:
        value = repr(self.call.inputs.get(name))[:120]
        return InputWrong(operation=self.call.operation, element=self.call.element_id, name=name, expected=expected, value=value)

    def value(self, name: str) -> Any:
        """Raises InputMissing."""
        if not self.given(name):
            raise InputMissing(operation=self.call.operation, element=self.call.element_id, name=name)
        return self.call.inputs[name]

    def text(self, name: str, default: str | None = None) -> str:
        if default is not None and not self.given(name):
            return default
        value = self.value(name)
        if isinstance(value, (dict, list, bool)):
            raise self.wrong(name, "a text")
        return str(value)

    def choice(self, name: str, allowed: Collection[str], default: str | None = None) -> str:
        value = self.text(name, default)
        if value not in allowed:
            raise self.wrong(name, "one of " + ", ".join(allowed))
        return value

    def number(self, name: str, default: Decimal | None = None) -> Decimal:
        if default is not None and not self.given(name):
            return default
        value = self.value(name)
        if isinstance(value, (bool, float)):  # a binary float has lost digits already
            raise self.wrong(name, "a number")
        try:
            number = Decimal(value)
        except (InvalidOperation, TypeError, ValueError):
            raise self.wrong(name, "a number") from None
        if not number.is_finite():
            raise self.wrong(name, "a number")
        return number

    def whole(self, name: str, default: int | None = None) -> int:
        number = self.number(name, None if default is None else Decimal(default))
        if number != int(number):
            raise self.wrong(name, "a whole number")
        return int(number)

    def money(self, name: str, *, zero: bool = False) -> Decimal:
        """Yuan with at most two decimal digits; positive unless ``zero``."""
        amount = self.number(name)
        if amount != amount.quantize(CENT) or amount < 0 or (amount == 0 and not zero):
            raise self.wrong(name, "an amount of money above zero with at most two decimal digits")
        return amount.quantize(CENT)

    def money_or_none(self, name: str) -> Decimal | None:
        return self.money(name, zero=True) if self.given(name) else None

    def flag(self, name: str, default: bool = False) -> bool:
        if not self.given(name):
            return default
        value = self.value(name)
        if not isinstance(value, bool):
            raise self.wrong(name, "true or false")
        return value

    def date(self, name: str, default: dt.date | None = None) -> dt.date:
        if default is not None and not self.given(name):
            return default
        value = self.value(name)
        if isinstance(value, dt.datetime):
            return value.astimezone(OFFICE_ZONE).date() if value.tzinfo else value.date()
        if isinstance(value, dt.date):
            return value
        try:
            return dt.datetime.fromisoformat(value).date()
        except (ValueError, TypeError):
            raise self.wrong(name, "a date such as 2026-03-02") from None

    def date_or_none(self, name: str) -> dt.date | None:
        return self.date(name) if self.given(name) else None

    def moment_or_none(self, name: str) -> dt.datetime | None:
        """An aware time; a bare date means the end of that day in the office's zone."""
        if not self.given(name):
            return None
        value = self.value(name)
        if isinstance(value, str):
            try:
                value = dt.date.fromisoformat(value) if len(value) == 10 else dt.datetime.fromisoformat(value)
            except ValueError:
                raise self.wrong(name, "a date or a date and time") from None
        if isinstance(value, dt.datetime):
            return value if value.tzinfo else value.replace(tzinfo=OFFICE_ZONE)
        if isinstance(value, dt.date):
            return dt.datetime.combine(value, dt.time(23, 59, 59), OFFICE_ZONE)
        raise self.wrong(name, "a date or a date and time")

    def mapping(self, name: str, default: dict[str, Any] | None = None) -> dict[str, Any]:
        if default is not None and not self.given(name):
            return default
        value = self.value(name)
        if not isinstance(value, dict):
            raise self.wrong(name, "a context")
        return value

    def rows(self, name: str, default: list[Any] | None = None) -> list[Any]:
        if default is not None and not self.given(name):
            return default
        value = self.value(name)
        if not isinstance(value, (list, tuple)):
            raise self.wrong(name, "a list")
        return list(value)

    def texts(self, name: str) -> list[str]:
        """A list of texts without nulls; nothing given is an empty list, a single text a list of one."""
        if not self.given(name):
            return []
        value = self.value(name)
        if isinstance(value, str):
            return [value]
        if not isinstance(value, (list, tuple)) or not all(isinstance(item, str) for item in value if item is not None):
            raise self.wrong(name, "a list of texts")
        return [item for item in value if item]
