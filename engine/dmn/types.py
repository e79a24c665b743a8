"""The types of a decision model, on top of FEEL's: named ones, ones with allowed values, and the conversions on the way."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.feel import Parameter, Refused
from engine.feel.values.types import ANY, DATE_TIME, SIMPLE_TYPES, ContextType, FeelType, FunctionType, ListType, Value, kind_of

_MIDNIGHT = dt.time(tzinfo=dt.UTC)
_ALIASES = {  # DMN 1.1's names, and those dmn-js and other modelers write
    "number": "integer long double",
    "date and time": "dateTime",
    "days and time duration": "dayTimeDuration",
    "years and months duration": "yearMonthDuration",
    "Any": "any",
}
BUILT_IN: dict[str, FeelType] = dict(SIMPLE_TYPES)
BUILT_IN |= {alias: SIMPLE_TYPES[name] for name, aliases in _ALIASES.items() for alias in aliases.split()}


@dataclass(frozen=True)
class Restricted(FeelType):
    """``within`` says whether a value of ``base`` is one of the allowed ones; ``allowed`` is their text for messages."""

    base: FeelType
    allowed: str
    within: Callable[[Any], bool] = field(compare=False, repr=False)

    def accepts(self, value: Value) -> bool:
        return self.base.accepts(value) and self.within(value)

    def conforms_to(self, other: FeelType) -> bool:
        return self == other or self.base.conforms_to(other)


@dataclass(frozen=True)
class Named(FeelType):
    """An item definition, looked up when needed because types may refer to themselves."""

    types: Mapping[str, FeelType] = field(compare=False, repr=False)

    @property
    def meant(self) -> FeelType:
        return self.types[self.name]

    def accepts(self, value: Value) -> bool:
        return self.meant.accepts(value)

    def conforms_to(self, other: FeelType) -> bool:
        return self == other or self.meant.conforms_to(other.meant if isinstance(other, Named) else other)


class ModelParameter(Parameter):
    """A parameter of a function of the model: converts as the model's types do, a date to midnight included."""

    def take(self, value: Value) -> Value:
        coerced, fits = coerce(value, self.type)
        if not fits:
            raise Refused(
                "{parameter} must be {wanted}, not {given}",
                parameter=self.name,
                wanted=self.type.feel_text(),
                given=kind_of(value),
            )
        return coerced


def coerce(value: Any, wanted: FeelType) -> tuple[Any, bool]:
    """``value`` as the type asks, and whether that was possible: (null, False) when it does not conform.

    Converted are: one value to a list of it and back, and a date to midnight UTC (DMN 1.5, 10.3.2.9.4). null conforms to all.
    """
    if value is None or wanted.accepts(value):
        return value, True
    if isinstance(value, list) and len(value) == 1 and not is_list(wanted):
        return coerce(value[0], wanted)
    if not isinstance(value, list) and is_list(wanted) and wanted.accepts([value]):
        return [value], True
    if plain(wanted) == DATE_TIME and isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        moment = dt.datetime.combine(value, _MIDNIGHT)
        return (moment, True) if wanted.accepts(moment) else (None, False)
    return None, False


def plain(wanted: FeelType) -> FeelType:
    """The type without its name and restrictions."""
    while isinstance(wanted, (Named, Restricted)):
        wanted = wanted.meant if isinstance(wanted, Named) else wanted.base
    return wanted


def is_list(wanted: FeelType) -> bool:
    return isinstance(plain(wanted), ListType)


def restriction(wanted: FeelType) -> str:
    """The allowed values of a type as their FEEL text; "" when every value is allowed."""
    while isinstance(wanted, (Named, Restricted)):
        if isinstance(wanted, Restricted):
            return wanted.allowed
        wanted = wanted.meant
    return ""


__all__ = [
    "ANY",
    "BUILT_IN",
    "ContextType",
    "FeelType",
    "FunctionType",
    "ListType",
    "ModelParameter",
    "Named",
    "Restricted",
    "coerce",
    "is_list",
    "plain",
    "restriction",
]
