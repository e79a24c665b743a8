"""Comparisons of a column with more than one value: what a search asks beyond equality."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import ColumnElement, Text, and_

from engine.model import Comparisons

_TESTS: dict[str, Callable[[ColumnElement[Any], Any], ColumnElement[bool]]] = {
    "eq": lambda column, value: column == value,
    "neq": lambda column, value: column.is_distinct_from(value),
    "gt": lambda column, value: column > value,
    "gte": lambda column, value: column >= value,
    "lt": lambda column, value: column < value,
    "lte": lambda column, value: column <= value,
    "in": lambda column, value: column.in_(value),
    "not_in": lambda column, value: column.not_in(value),
    "exists": lambda column, value: _present(column) if value else ~_present(column),
    "like": lambda column, value: column.like(_pattern(value), escape="\\"),
}


def condition(column: ColumnElement[Any], value: Any) -> ColumnElement[bool]:
    """``column`` equals ``value``, or passes every test of ``Comparisons``."""
    if not isinstance(value, Comparisons):
        return _TESTS["eq"](column, value)
    return and_(*(_TESTS[test](column, wanted) for test, wanted in value.tests))


def _present(column: ColumnElement[Any]) -> ColumnElement[bool]:
    """Columns of text hold nothing as the empty text."""
    present = column.is_not(None)
    return and_(present, column != "") if isinstance(column.type, Text) else present


def _pattern(wanted: str) -> str:
    """``*`` any characters, ``?`` one, a backslash before either means itself."""
    found, literal = [], False
    for sign in wanted:
        if literal or sign not in "*?\\":
            found.append(f"\\{sign}" if sign in "%_\\" else sign)
            literal = False
        elif sign == "\\":
            literal = True
        else:
            found.append("%" if sign == "*" else "_")
    return "".join(found)
