"""Numeric functions (DMN 1.5, section 10.3.4.5)."""

from __future__ import annotations

import datetime as dt
from decimal import (
    ROUND_CEILING,
    ROUND_DOWN,
    ROUND_FLOOR,
    ROUND_HALF_DOWN,
    ROUND_HALF_EVEN,
    ROUND_HALF_UP,
    ROUND_UP,
    Decimal,
    DecimalException,
)

from engine.feel.builtins.registry import builtin
from engine.feel.errors import Refused
from engine.feel.semantics.arithmetic import negate
from engine.feel.semantics.numbers import DECIMAL128, SCALE_LIMITS, rounded
from engine.feel.values.durations import YearsMonths, duration_nanos
from engine.feel.values.types import Value


def _round(number: Decimal, scale: int, rounding: str) -> Decimal:
    if not SCALE_LIMITS[0] <= scale <= SCALE_LIMITS[1]:
        raise Refused("the scale must lie between {low} and {high}", low=SCALE_LIMITS[0], high=SCALE_LIMITS[1])
    return rounded(number, scale, rounding)


@builtin("decimal(n: number, scale: integer): number", "decimal(1/3, 2)", "0.33")
def decimal(number: Decimal, scale: int) -> Decimal:
    """The number with that many decimals; a half goes to the even neighbour."""
    return _round(number, scale, ROUND_HALF_EVEN)


@builtin("floor(n: number, scale?: integer): number", "floor(-1.56, 1)", "-1.6")
def floor(number: Decimal, scale: int = 0) -> Decimal:
    """The nearest number below with that many decimals."""
    return _round(number, scale, ROUND_FLOOR)


@builtin("ceiling(n: number, scale?: integer): number", "ceiling(1.5)", "2")
def ceiling(number: Decimal, scale: int = 0) -> Decimal:
    """The nearest number above with that many decimals."""
    return _round(number, scale, ROUND_CEILING)


@builtin("round up(n: number, scale: integer): number", "round up(1.121, 2)", "1.13")
def round_up(number: Decimal, scale: int) -> Decimal:
    """Rounded away from zero."""
    return _round(number, scale, ROUND_UP)


@builtin("round down(n: number, scale: integer): number", "round down(-1.126, 2)", "-1.12")
def round_down(number: Decimal, scale: int) -> Decimal:
    """Rounded towards zero."""
    return _round(number, scale, ROUND_DOWN)


@builtin("round half up(n: number, scale: integer): number", "round half up(5.5, 0)", "6")
def round_half_up(number: Decimal, scale: int) -> Decimal:
    """Rounded to the nearest; a half goes away from zero, as money is rounded (四舍五入)."""
    return _round(number, scale, ROUND_HALF_UP)


@builtin("round half down(n: number, scale: integer): number", "round half down(5.5, 0)", "5")
def round_half_down(number: Decimal, scale: int) -> Decimal:
    """Rounded to the nearest; a half goes towards zero."""
    return _round(number, scale, ROUND_HALF_DOWN)


@builtin("abs(n: number): number", "abs(-10)", "10")
@builtin("abs(n: days and time duration): days and time duration", 'abs(@"-PT5H")', '@"PT5H"')
@builtin("abs(n: years and months duration): years and months duration", 'abs(@"-P2M")', '@"P2M"')
def absolute(value: Value) -> Value:
    """The number or duration without its sign."""
    if isinstance(value, dt.timedelta):
        return negate(value) if duration_nanos(value) < 0 else value
    if isinstance(value, YearsMonths):
        return YearsMonths(abs(value.total_months))
    return DECIMAL128.abs(value)


@builtin("modulo(dividend: number, divisor: number): number", "modulo(-12, 5)", "3")
def modulo(dividend: Decimal, divisor: Decimal) -> Decimal:
    """The remainder of a division, with the sign of the divisor."""
    try:
        remainder = DECIMAL128.remainder(dividend, divisor)
    except DecimalException as impossible:
        raise Refused("there is no remainder of {n} by {d}", n=dividend, d=divisor) from impossible
    return DECIMAL128.add(remainder, divisor) if remainder and (remainder < 0) != (divisor < 0) else remainder


@builtin("sqrt(number: number): number", "sqrt(16)", "4")
def sqrt(number: Decimal) -> Decimal:
    """The square root of a number that is not negative."""
    if number < 0:
        raise Refused("{number} has no square root", number=number)
    return DECIMAL128.sqrt(number)


@builtin("log(number: number): number", "decimal(log(10), 8)", "2.30258509")
def log(number: Decimal) -> Decimal:
    """The natural logarithm of a positive number."""
    if number <= 0:
        raise Refused("{number} has no logarithm", number=number)
    return DECIMAL128.ln(number)


@builtin("exp(number: number): number", "decimal(exp(5), 8)", "148.41315910")
def exp(number: Decimal) -> Decimal:
    """Euler's number to that power."""
    try:
        return DECIMAL128.exp(number)
    except DecimalException as beyond:
        raise Refused("the result is too large") from beyond


@builtin("odd(number: number): boolean", "odd(5)", "true")
def odd(number: Decimal) -> bool:
    """Whether a number leaves 1 when halved."""
    return abs(_remainder_of_two(number)) == 1


@builtin("even(number: number): boolean", "even(2)", "true")
def even(number: Decimal) -> bool:
    """Whether a number is twice a whole one."""
    return _remainder_of_two(number) == 0


def _remainder_of_two(number: Decimal) -> Decimal:
    """Beyond 34 digits every number is a multiple of ten."""
    return Decimal(0) if number.adjusted() > 33 else DECIMAL128.remainder(number, Decimal(2))
