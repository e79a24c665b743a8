"""FEEL's numbers: 34 decimal digits, rounding half to even, exponents as in IEEE 754 decimal128."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Context, Decimal, DivisionByZero, InvalidOperation, Overflow

DECIMAL128 = Context(
    prec=34, rounding=ROUND_HALF_EVEN, Emin=-6143, Emax=6144, clamp=1, traps=[InvalidOperation, DivisionByZero, Overflow]
)
SCALE_LIMITS = (-6111, 6176)


def rounded(number: Decimal, scale: int, rounding: str) -> Decimal:
    """``number`` with ``scale`` decimals (negative: tens, hundreds …); itself when 34 digits cannot hold more."""
    exponent = number.as_tuple().exponent
    if isinstance(exponent, int) and -exponent <= scale and scale - len(number.as_tuple().digits) - exponent > 34:
        return number
    try:
        return unsigned_zero(number.quantize(Decimal(1).scaleb(-scale), rounding, DECIMAL128))
    except InvalidOperation:
        return number


def unsigned_zero(number: Decimal) -> Decimal:
    """FEEL has one zero."""
    return number or number.copy_abs()
