"""Variables as JSON: every value that enters a scope is a fresh copy, so nothing stored can change afterwards."""

from __future__ import annotations

import math
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from engine import json_codec
from engine.feel import Function

_SHOWN = 200  # characters


def stored(value: Any) -> Any:
    """A deep copy in the form the codec would give back: dates become ISO text, whole decimals int, fractions stay Decimal.

    Raises TypeError for what can be no process variable (a FEEL function, bytes) and ValueError for NaN.
    """
    kind = type(value)  # most values are exactly one of these; asking for their class is quick, for their family is not
    if kind is dict:
        return {str(name): stored(inner) for name, inner in value.items()}
    if kind is list:
        return [stored(inner) for inner in value]
    if value is None or kind is str or kind is int or isinstance(value, (str, bool)):
        return value
    if isinstance(value, Decimal):
        return _number(value)
    if isinstance(value, int):
        return value
    if isinstance(value, float):
        if not math.isfinite(value):
            raise ValueError(f"{value} is not a number a process variable can hold")
        return _number(Decimal(repr(value)))
    if isinstance(value, Mapping):
        return {str(name): stored(inner) for name, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [stored(inner) for inner in value]
    if isinstance(value, Function):
        raise TypeError("a function cannot be a process variable; store what it gives")
    if isinstance(value, (bytes, bytearray)):
        raise TypeError("bytes cannot be a process variable; store the file and pass its reference")
    return json_codec.loads(json_codec.dumps(value))


def stored_variables(variables: Mapping[str, Any]) -> dict[str, Any]:
    return {str(name): stored(value) for name, value in variables.items()}


def shown(value: Any) -> str:
    """The value as messages show it: JSON, not too long."""
    try:
        text = json_codec.dumps(stored(value))
    except (TypeError, ValueError):
        text = type(value).__name__
    return text if len(text) <= _SHOWN else text[:_SHOWN] + "…"


def _number(value: Decimal) -> int | Decimal:
    if not value.is_finite():
        raise ValueError(f"{value} is not a number a process variable can hold")
    exponent = value.as_tuple().exponent
    return int(value) if isinstance(exponent, int) and exponent >= 0 else value
