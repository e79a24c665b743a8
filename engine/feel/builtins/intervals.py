"""Range functions (DMN 1.5, section 10.3.4.8): how points and ranges lie to one another."""

from __future__ import annotations

from collections.abc import Callable

from engine.feel.builtins.registry import builtin
from engine.feel.errors import Refused
from engine.feel.semantics.comparison import compare
from engine.feel.semantics.membership import in_range
from engine.feel.values.ranges import Range
from engine.feel.values.types import Value


def _order(left: Value, right: Value) -> int:
    sign = compare(left, right)
    if sign is None:
        raise Refused("the two cannot be compared")
    return sign


def _starts_before(left: Range, right: Range, *, ties: bool) -> bool:
    """Whether the left range begins first; with ``ties`` also when both begin at once."""
    sign = _order(left.start, right.start)
    if sign:
        return sign < 0
    if left.start_included == right.start_included:
        return ties
    return left.start_included


def _ends_before(left: Range, right: Range, *, ties: bool) -> bool:
    sign = _order(left.end, right.end)
    if sign:
        return sign < 0
    if left.end_included == right.end_included:
        return ties
    return right.end_included


def _gap(left: Range, right: Range) -> bool:
    """Whether all of the left range precedes all of the right one."""
    sign = _order(left.end, right.start)
    return sign < 0 or (sign == 0 and not (left.end_included and right.start_included))


def _both_ways(
    names: tuple[str, str], parameters: str, example: tuple[str, str]
) -> Callable[[Callable[..., bool]], Callable[..., bool]]:
    """Register a relation under its name, and its mirror image under the other name with the parameters exchanged."""

    def register(relation: Callable[..., bool]) -> Callable[..., bool]:
        def mirrored(left: Value, right: Value) -> bool:
            return relation(right, left)

        mirrored.__doc__ = f"The reverse of {names[0]}."
        mirrored.__module__ = relation.__module__
        first, second = parameters.split(", ")
        builtin(f"{names[0]}({first}, {second}): boolean", f"{names[0]}({example[0]}, {example[1]})", "true")(relation)
        builtin(f"{names[1]}({second}, {first}): boolean", f"{names[1]}({example[1]}, {example[0]})", "true")(mirrored)
        return relation

    return register


@_both_ways(("before", "after"), "point1: point, point2: point", ("1", "10"))
def before_point(point1: Value, point2: Value) -> bool:
    """Whether the first lies wholly before the second."""
    return _order(point1, point2) < 0


@_both_ways(("before", "after"), "point: point, range: range", ("1", "(1..10]"))
def point_before_range(point: Value, span: Range) -> bool:
    """Whether the point lies before the whole range."""
    sign = _order(point, span.start)
    return sign < 0 or (sign == 0 and not span.start_included)


@_both_ways(("before", "after"), "range: range, point: point", ("[1..10)", "10"))
def range_before_point(span: Range, point: Value) -> bool:
    """Whether the whole range lies before the point."""
    sign = _order(span.end, point)
    return sign < 0 or (sign == 0 and not span.end_included)


@_both_ways(("before", "after"), "range1: range, range2: range", ("[1..10]", "[15..20]"))
def range_before_range(range1: Range, range2: Range) -> bool:
    """Whether the first range ends before the second begins."""
    return _gap(range1, range2)


@_both_ways(("meets", "met by"), "range1: range, range2: range", ("[1..5]", "[5..10]"))
def meets(range1: Range, range2: Range) -> bool:
    """Whether the first range ends exactly where the second begins."""
    return range1.end_included and range2.start_included and _order(range1.end, range2.start) == 0


@builtin("overlaps(range1: range, range2: range): boolean", "overlaps([1..5], [3..8])", "true")
def overlaps(range1: Range, range2: Range) -> bool:
    """Whether the two ranges have a point in common."""
    return not _gap(range1, range2) and not _gap(range2, range1)


@builtin("overlaps before(range1: range, range2: range): boolean", "overlaps before([1..5], [3..8])", "true")
def overlaps_before(range1: Range, range2: Range) -> bool:
    """Whether the first range begins before the second and ends within it."""
    return _starts_before(range1, range2, ties=False) and not _gap(range1, range2) and _ends_before(range1, range2, ties=True)


@builtin("overlaps after(range1: range, range2: range): boolean", "overlaps after([3..8], [1..5])", "true")
def overlaps_after(range1: Range, range2: Range) -> bool:
    """Whether the first range begins within the second and ends after it."""
    return _starts_before(range2, range1, ties=False) and not _gap(range2, range1) and _ends_before(range2, range1, ties=True)


@_both_ways(("finishes", "finished by"), "point: point, range: range", ("10", "[1..10]"))
def point_finishes(point: Value, span: Range) -> bool:
    """Whether the point is the end of the range."""
    return span.end_included and _order(point, span.end) == 0


@_both_ways(("finishes", "finished by"), "range1: range, range2: range", ("[5..10]", "[1..10]"))
def range_finishes(range1: Range, range2: Range) -> bool:
    """Whether the first range lies at the end of the second."""
    same_end = range1.end_included == range2.end_included and _order(range1.end, range2.end) == 0
    return same_end and _starts_before(range2, range1, ties=True)


@_both_ways(("during", "includes"), "point: point, range: range", ("5", "[1..10]"))
def point_during(point: Value, span: Range) -> bool:
    """Whether the point lies in the range."""
    inside = in_range(point, span)
    if inside is None:
        raise Refused("the two cannot be compared")
    return inside


@_both_ways(("during", "includes"), "range1: range, range2: range", ("[4..6]", "[1..10]"))
def range_during(range1: Range, range2: Range) -> bool:
    """Whether the first range lies within the second."""
    return _starts_before(range2, range1, ties=True) and _ends_before(range1, range2, ties=True)


@_both_ways(("starts", "started by"), "point: point, range: range", ("1", "[1..10]"))
def point_starts(point: Value, span: Range) -> bool:
    """Whether the point is the beginning of the range."""
    return span.start_included and _order(point, span.start) == 0


@_both_ways(("starts", "started by"), "range1: range, range2: range", ("[1..5]", "[1..10]"))
def range_starts(range1: Range, range2: Range) -> bool:
    """Whether the first range lies at the beginning of the second."""
    same_start = range1.start_included == range2.start_included and _order(range1.start, range2.start) == 0
    return same_start and _ends_before(range1, range2, ties=True)


@builtin("coincides(point1: point, point2: point): boolean", "coincides(5, 5)", "true")
def points_coincide(point1: Value, point2: Value) -> bool:
    """Whether the two points are the same."""
    return _order(point1, point2) == 0


@builtin("coincides(range1: range, range2: range): boolean", "coincides([1..5], [1..5])", "true")
def ranges_coincide(range1: Range, range2: Range) -> bool:
    """Whether the two ranges have the same ends."""
    same_kind = (range1.start_included, range1.end_included) == (range2.start_included, range2.end_included)
    return same_kind and _order(range1.start, range2.start) == 0 and _order(range1.end, range2.end) == 0
