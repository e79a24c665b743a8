"""FEEL's types: what ``instance of`` asks, what parameters demand, and which kind a value is."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, TypeAlias

from engine.feel.values.calendar import FarDate, FarDateTime
from engine.feel.values.durations import YearsMonths
from engine.feel.values.ranges import Range

Value: TypeAlias = Any  # Decimal, str, bool, None, list, dict, date, time, datetime, timedelta, YearsMonths, Range, Function

_KINDS: dict[type, str] = {
    Decimal: "number",
    str: "string",
    bool: "boolean",
    type(None): "null",
    list: "list",
    dict: "context",
    dt.datetime: "date and time",
    FarDateTime: "date and time",
    dt.date: "date",
    FarDate: "date",
    dt.time: "time",
    dt.timedelta: "days and time duration",
    YearsMonths: "years and months duration",
    Range: "range",
}


def kind_of(value: Value) -> str:
    """The name of the type of a value: ``number``, ``date and time``, ``null`` …"""
    kind = _KINDS.get(type(value))
    if kind is None:
        kind = next((name for known, name in _KINDS.items() if isinstance(value, known)), "function")
        if kind != "function" or hasattr(value, "invoke"):
            _KINDS[type(value)] = kind
    return kind


@dataclass(frozen=True)
class FeelType:
    """A simple type, known by its name alone."""

    name: str

    def accepts(self, value: Value) -> bool:
        """Whether a value that is not null belongs to the type."""
        return kind_of(value) == self.name

    def admits(self, value: Value) -> bool:
        """Like ``accepts``, but null is a member of every type, as it is for elements, entries and results."""
        return value is None or self.accepts(value)

    def conforms_to(self, other: FeelType) -> bool:
        """Whether every value of this type is one of the other."""
        return other in (ANY, self)

    def feel_text(self) -> str:
        return self.name


class _Any(FeelType):
    def accepts(self, value: Value) -> bool:
        return value is not None


class _Null(FeelType):
    def accepts(self, value: Value) -> bool:
        return value is None


@dataclass(frozen=True)
class ListType(FeelType):
    name: str = field(default="list", init=False)
    element: FeelType

    def accepts(self, value: Value) -> bool:
        return isinstance(value, list) and (self.element == ANY or all(self.element.admits(item) for item in value))

    def conforms_to(self, other: FeelType) -> bool:
        return other == ANY or (isinstance(other, ListType) and self.element.conforms_to(other.element))

    def feel_text(self) -> str:
        return f"list<{self.element.feel_text()}>"


@dataclass(frozen=True)
class RangeType(FeelType):
    name: str = field(default="range", init=False)
    element: FeelType

    def accepts(self, value: Value) -> bool:
        return isinstance(value, Range) and all(self.element.admits(end) for end in (value.start, value.end))

    def conforms_to(self, other: FeelType) -> bool:
        return other == ANY or (isinstance(other, RangeType) and self.element.conforms_to(other.element))

    def feel_text(self) -> str:
        return f"range<{self.element.feel_text()}>"


@dataclass(frozen=True)
class ContextType(FeelType):
    """A context that has at least these entries."""

    name: str = field(default="context", init=False)
    entries: tuple[tuple[str, FeelType], ...]

    def accepts(self, value: Value) -> bool:
        return isinstance(value, dict) and all(key in value and kind.admits(value[key]) for key, kind in self.entries)

    def conforms_to(self, other: FeelType) -> bool:
        if not isinstance(other, ContextType):
            return other == ANY
        mine = dict(self.entries)
        return all(key in mine and mine[key].conforms_to(kind) for key, kind in other.entries)

    def feel_text(self) -> str:
        return f"context<{', '.join(f'{key}: {kind.feel_text()}' for key, kind in self.entries)}>"


@dataclass(frozen=True)
class FunctionType(FeelType):
    name: str = field(default="function", init=False)
    parameters: tuple[FeelType, ...]
    result: FeelType

    def accepts(self, value: Value) -> bool:
        return kind_of(value) == "function" and any(offered.conforms_to(self) for offered in value.types())

    def conforms_to(self, other: FeelType) -> bool:
        if not isinstance(other, FunctionType):
            return other == ANY
        same_count = len(self.parameters) == len(other.parameters)
        wanted = zip(other.parameters, self.parameters, strict=False)
        fits = all(theirs == ANY or theirs.conforms_to(mine) for theirs, mine in wanted)
        return same_count and fits and (self.result == ANY or self.result.conforms_to(other.result))

    def feel_text(self) -> str:
        return f"function<{', '.join(p.feel_text() for p in self.parameters)}> -> {self.result.feel_text()}"


@dataclass(frozen=True)
class UnionType(FeelType):
    """One of several, used only by built-in functions."""

    name: str = field(default="union", init=False)
    members: tuple[FeelType, ...]

    def accepts(self, value: Value) -> bool:
        return any(member.accepts(value) for member in self.members)

    def conforms_to(self, other: FeelType) -> bool:
        return other == ANY or all(member.conforms_to(other) for member in self.members)

    def feel_text(self) -> str:
        return " or ".join(member.feel_text() for member in self.members)


ANY = _Any("Any")
NULL = _Null("Null")
NUMBER, STRING, BOOLEAN = FeelType("number"), FeelType("string"), FeelType("boolean")
DATE, TIME, DATE_TIME = FeelType("date"), FeelType("time"), FeelType("date and time")
DAYS_TIME, YEARS_MONTHS = FeelType("days and time duration"), FeelType("years and months duration")
ANY_LIST, ANY_CONTEXT, ANY_RANGE = ListType(ANY), ContextType(()), RangeType(ANY)
ANY_FUNCTION = FeelType("function")

SIMPLE_TYPES: Mapping[str, FeelType] = {
    kind.name: kind for kind in (ANY, NULL, NUMBER, STRING, BOOLEAN, DATE, TIME, DATE_TIME, DAYS_TIME, YEARS_MONTHS)
} | {"list": ANY_LIST, "context": ANY_CONTEXT, "range": ANY_RANGE, "function": ANY_FUNCTION}
