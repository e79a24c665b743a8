"""A typed price becomes an amount of money, or a sentence about what is wrong with it."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any

from engine.errors import FieldError, InvalidInput

CENT = Decimal("0.01")


def price_of(price: Any) -> Decimal:
    """Yuan, as number or typed text. Raises InvalidInput."""
    try:
        amount = Decimal(str(price).replace(",", "").strip())
    except InvalidOperation:
        raise InvalidInput(fields=(FieldError("price", "Enter the price in yuan as a number."),)) from None
    if not amount.is_finite() or amount <= 0 or amount != amount.quantize(CENT):
        raise InvalidInput(fields=(FieldError("price", "Enter a price above zero with at most two decimal digits."),))
    return amount.quantize(CENT)
