"""Is a value in a range, a list, or what a test in a decision table asks for?"""

from __future__ import annotations

from collections.abc import Iterable

from engine.feel.semantics.comparison import compare, equal
from engine.feel.values.ranges import Range
from engine.feel.values.types import Value

_SATISFIED = {
    "<": lambda sign: sign < 0,
    "<=": lambda sign: sign <= 0,
    ">": lambda sign: sign > 0,
    ">=": lambda sign: sign >= 0,
}


def holds(operator: str, left: Value, right: Value) -> bool | None:
    """``left operator right`` for the six comparisons; None when the two cannot be compared."""
    if operator == "=":
        return equal(left, right)
    if operator == "!=":
        answer = equal(left, right)
        return None if answer is None else not answer
    sign = compare(left, right)
    return None if sign is None else _SATISFIED[operator](sign)


def in_range(value: Value, span: Range) -> bool | None:
    """Whether ``value`` lies in ``span``; a missing end does not bound. None when it cannot be compared with the ends."""
    if span.operator is not None:
        return holds(span.operator, value, span.end if span.operator.startswith("<") else span.start)
    if value is None or (span.start is None and span.end is None):
        return None
    above = True if span.start is None else holds(">=" if span.start_included else ">", value, span.start)
    below = True if span.end is None else holds("<=" if span.end_included else "<", value, span.end)
    return None if above is None or below is None else above and below


def satisfies(value: Value, test: Value) -> bool | None:
    """``value in test``, and a decision table cell that holds the value ``test``."""
    if isinstance(test, Range) and not isinstance(value, Range):
        return in_range(value, test)
    if isinstance(test, list):
        return equal(value, test) is True or any(_is_among(value, element) for element in test)
    return equal(value, test)


def _is_among(value: Value, element: Value) -> bool:
    """Elements of another type are simply not the one looked for."""
    inside = isinstance(element, Range) and not isinstance(value, Range) and in_range(value, element) is True
    return inside or equal(value, element) is True


def any_of(answers: Iterable[bool | None]) -> bool | None:
    """Three-valued or: true if one is true, else null if one is null."""
    unknown = False
    for answer in answers:
        if answer is True:
            return True
        unknown = unknown or answer is None
    return None if unknown else False
