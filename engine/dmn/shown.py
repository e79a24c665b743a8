"""Values for people and for the history."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from engine.feel.values.literal import literal_text, temporal_text
from engine.feel.values.types import kind_of

_MAX_SHOWN = 200


def shown(value: Any) -> str:
    """A value as FEEL writes it, shortened when long."""
    if kind_of(value) == "function":
        return "function"
    text = literal_text(Decimal(value) if isinstance(value, int) and not isinstance(value, bool) else value)
    return text if len(text) <= _MAX_SHOWN else text[:_MAX_SHOWN] + "…"


def plain_value(value: Any) -> Any:
    """A value as the history's JSON holds it: dates and durations as ISO text, ranges and functions as text."""
    if value is None or isinstance(value, (str, bool, int, Decimal)):
        return value
    if isinstance(value, dict):
        return {name: plain_value(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [plain_value(inner) for inner in value]
    return temporal_text(value) or shown(value)
