"""A column's values cut into pieces on which every cell is constant; each piece is stood for by one witness."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal, localcontext
from typing import Any

from engine.dmn.types import FeelType, plain
from engine.feel.values.durations import YearsMonths
from engine.feel.values.types import kind_of

_STEPS: dict[str, Any] = {
    "number": Decimal(1),
    "date": dt.timedelta(days=1),
    "date and time": dt.timedelta(hours=1),
    "days and time duration": dt.timedelta(days=1),
}


class Mixed(ValueError):
    """The column's constants are of several kinds, or of one that has no order."""


def witnesses(constants: list[Any], wanted: FeelType) -> list[Any]:
    """One value of each piece: every constant itself, one value between neighbours, and one beyond each end.

    null is a piece only when a cell names it. Raises Mixed.
    """
    present = _distinct([value for value in constants if value is not None])
    nulls = [None] if any(value is None for value in constants) else []
    kinds = {kind_of(value) for value in present} or {plain(wanted).name}
    if len(kinds) > 1:
        raise Mixed
    kind = kinds.pop()
    if kind == "boolean":
        return [True, False, *nulls]
    if kind == "string":
        return [*present, _other_text(present), *nulls]
    if not present:
        return [_sample(kind), *nulls]
    return [*_ordered(kind, present), *nulls]


def _distinct(values: list[Any]) -> list[Any]:
    found: list[Any] = []
    for value in values:
        if not any(kind_of(value) == kind_of(other) and value == other for other in found):
            found.append(value)
    return found


def _other_text(present: list[str]) -> str:
    """Some text that no cell names, shown as an ellipsis in every language."""
    other = "…"
    while other in present:
        other += "…"
    return other


def _ordered(kind: str, present: list[Any]) -> list[Any]:
    try:
        cuts = sorted(present)
    except TypeError as error:  # local and zoned times cannot be compared
        raise Mixed from error
    pieces: list[Any] = []
    for n, cut in enumerate(cuts):
        pieces += [_before(kind, cut)] if n == 0 else [_between(kind, cuts[n - 1], cut)]
        pieces.append(cut)
    pieces.append(_after(kind, cuts[-1]))
    return [piece for piece in pieces if piece is not None]


def _between(kind: str, low: Any, high: Any) -> Any:
    """A value strictly between, preferably half-way; None when there is none: no day lies between neighbouring days."""
    if kind == "number":
        with localcontext(prec=60):
            return (low + high) / 2
    if kind == "years and months duration":
        middle = YearsMonths((low.total_months + high.total_months) // 2)
        return middle if low < middle else None
    if kind == "time":
        return _time(low, (_seconds(low) + _seconds(high)) // 2) if _seconds(high) - _seconds(low) > 1 else None
    if kind == "date":
        middle_day = low + dt.timedelta(days=(high - low).days // 2)
        return middle_day if middle_day > low else None
    return low + (high - low) / 2 if kind in _STEPS else _no_order()


def _before(kind: str, cut: Any) -> Any:
    if kind == "time":
        return _time(cut, 0) if _seconds(cut) > 0 else None
    return YearsMonths(cut.total_months - 1) if isinstance(cut, YearsMonths) else cut - _step(kind)


def _after(kind: str, cut: Any) -> Any:
    if kind == "time":
        return _time(cut, 86_399) if _seconds(cut) < 86_399 else None
    return YearsMonths(cut.total_months + 1) if isinstance(cut, YearsMonths) else cut + _step(kind)


def _step(kind: str) -> Any:
    return _STEPS[kind] if kind in _STEPS else _no_order()


def _no_order() -> Any:
    raise Mixed


def _seconds(time: dt.time) -> int:
    return time.hour * 3600 + time.minute * 60 + time.second


def _time(like: dt.time, seconds: int) -> dt.time:
    return dt.time(seconds // 3600, seconds // 60 % 60, seconds % 60, tzinfo=like.tzinfo)


def _sample(kind: str) -> Any:
    """Any value of a kind no cell says anything about: all cells are "-"."""
    samples: dict[str, Any] = {
        "number": Decimal(0),
        "date": dt.date(2026, 1, 1),
        "date and time": dt.datetime(2026, 1, 1, tzinfo=dt.UTC),
        "time": dt.time(12),
        "days and time duration": dt.timedelta(days=1),
        "years and months duration": YearsMonths(12),
    }
    return samples.get(kind, "…")
