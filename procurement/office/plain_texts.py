"""Short texts people type outside the designers' forms: as long as a line may be, without signs nobody can see."""

from __future__ import annotations

from engine.errors import FieldError
from engine.forms.messages import TOO_LONG
from engine.forms.values import Refused, readable


def faults(name: str, text: str, most: int) -> list[FieldError]:
    """What is wrong with the field ``name``; marks that turn the writing would make a title say something else on paper."""
    try:
        readable(text)
    except Refused as refusal:
        return [refusal.at(name)]
    return [FieldError(name, TOO_LONG, {"max": most, "length": len(text)})] if len(text) > most else []
