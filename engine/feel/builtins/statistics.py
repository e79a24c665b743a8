"""Functions that make one value of a list of numbers (DMN 1.5, section 10.3.4.4). Empty lists have no sum."""

from __future__ import annotations

from decimal import Decimal, DecimalException

from engine.feel.builtins.registry import builtin
from engine.feel.errors import Refused
from engine.feel.run import Run
from engine.feel.semantics.comparison import compare
from engine.feel.semantics.numbers import DECIMAL128
from engine.feel.values.types import Value


def _extreme(run: Run, items: list[Value], wanted: int) -> Value:
    run.step(len(items))
    if not items:
        return None
    best = items[0]
    for item in items:
        sign = compare(item, best)
        if sign is None:
            raise Refused("the elements have no common order")
        best = item if sign == wanted else best
    return best


@builtin("min(list: list): Any", "min([3, 1, 2])", "1", with_run=True)
@builtin("min(c...: Any): Any", "min(3, 1, 2)", "1", with_run=True)
def minimum(run: Run, items: list[Value]) -> Value:
    """The smallest element; null of an empty list."""
    return _extreme(run, items, -1)


@builtin("max(list: list): Any", "max([3, 1, 2])", "3", with_run=True)
@builtin("max(c...: Any): Any", "max(3, 1, 2)", "3", with_run=True)
def maximum(run: Run, items: list[Value]) -> Value:
    """The largest element; null of an empty list."""
    return _extreme(run, items, 1)


@builtin("sum(list: list<number>): number", "sum([1, 2, 3])", "6", with_run=True)
@builtin("sum(n...: number): number", "sum(1, 2, 3)", "6", with_run=True)
def sum_(run: Run, numbers: list[Decimal]) -> Decimal | None:
    """All numbers added; null of an empty list."""
    _check(run, numbers)
    return _total(numbers) if numbers else None


@builtin("mean(list: list<number>): number", "mean([1, 2, 3])", "2", with_run=True)
@builtin("mean(n...: number): number", "mean(1, 2, 3)", "2", with_run=True)
def mean(run: Run, numbers: list[Decimal]) -> Decimal | None:
    """The average; null of an empty list."""
    _check(run, numbers)
    return _average(numbers) if numbers else None


@builtin("product(list: list<number>): number", "product([2, 3, 4])", "24", with_run=True)
@builtin("product(n...: number): number", "product(2, 3, 4)", "24", with_run=True)
def product(run: Run, numbers: list[Decimal]) -> Decimal | None:
    """All numbers multiplied; null of an empty list."""
    _check(run, numbers)
    if not numbers:
        return None
    result = Decimal(1)
    try:
        for number in numbers:
            result = DECIMAL128.multiply(result, number)
    except DecimalException as beyond:
        raise Refused("the product is too large") from beyond
    return result


@builtin("median(list: list<number>): number", "median([8, 2, 5, 3, 4])", "4", with_run=True)
@builtin("median(n...: number): number", "median(6, 1, 2, 3)", "2.5", with_run=True)
def median(run: Run, numbers: list[Decimal]) -> Decimal | None:
    """The number in the middle, or the average of the two there; null of an empty list."""
    _check(run, numbers)
    if not numbers:
        return None
    ordered, middle = sorted(numbers), len(numbers) // 2
    return ordered[middle] if len(ordered) % 2 else _average(ordered[middle - 1 : middle + 1])


@builtin("stddev(list: list<number>): number", "stddev([2, 4, 7, 5])", "2.081665999466132735282297706979931", with_run=True)
@builtin("stddev(n...: number): number", "stddev(47)", "null", with_run=True)
def stddev(run: Run, numbers: list[Decimal]) -> Decimal | None:
    """The standard deviation of a sample; null of fewer than two numbers."""
    _check(run, numbers)
    if len(numbers) < 2:
        return None
    centre = _average(numbers)
    try:
        squares = [DECIMAL128.power(DECIMAL128.subtract(number, centre), 2) for number in numbers]
    except DecimalException as beyond:
        raise Refused("the deviation is too large") from beyond
    return DECIMAL128.sqrt(DECIMAL128.divide(_total(squares), Decimal(len(numbers) - 1)))


@builtin("mode(list: list<number>): list<number>", "mode([6, 3, 9, 6, 6])", "[6]", with_run=True)
@builtin("mode(n...: number): list<number>", "mode(3, 6, 1, 9, 6, 1, 3)", "[1, 3, 6]", with_run=True)
def mode(run: Run, numbers: list[Decimal]) -> list[Decimal]:
    """The numbers that occur most often, from small to large."""
    _check(run, numbers)
    counts: dict[Decimal, int] = {}
    for number in numbers:
        counts[number] = counts.get(number, 0) + 1
    most = max(counts.values(), default=0)
    return sorted(number for number, count in counts.items() if count == most)


def _check(run: Run, numbers: list[Decimal]) -> None:
    run.step(len(numbers))
    if any(number is None for number in numbers):
        raise Refused("an element is null")


def _total(numbers: list[Decimal]) -> Decimal:
    total = Decimal(0)
    try:
        for number in numbers:
            total = DECIMAL128.add(total, number)
    except DecimalException as beyond:
        raise Refused("the sum is too large") from beyond
    return total


def _average(numbers: list[Decimal]) -> Decimal:
    return DECIMAL128.divide(_total(numbers), Decimal(len(numbers)))
