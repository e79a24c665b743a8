"""Functions as values."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.feel.errors import Refused, did_you_mean
from engine.feel.values.calendar import FarDate
from engine.feel.values.moments import combine
from engine.feel.values.types import ANY, ANY_FUNCTION, DATE_TIME, FeelType, FunctionType, ListType, Value, kind_of

if TYPE_CHECKING:
    from engine.feel.run import Run

_MOST_DIGITS = 18  # of a number that counts or points
_MIDNIGHT_UTC = dt.time(0, tzinfo=dt.UTC)


@dataclass(frozen=True)
class Parameter:
    """One formal parameter. ``variadic`` takes each of the remaining arguments, and the function gets their list; ``integer`` drops decimals."""

    name: str
    type: FeelType = ANY
    optional: bool = False
    nullable: bool = True
    variadic: bool = False
    integer: bool = False

    def take(self, value: Value) -> Value:
        """``value`` as the parameter's type, after the standard's implicit conversions. Raises Refused."""
        converted = self._converted(value)
        if self.integer and converted is not None:
            if converted.adjusted() > _MOST_DIGITS:
                raise Refused("{parameter} is too large", parameter=self.name)
            return int(converted)
        return converted

    def _converted(self, value: Value) -> Value:
        if value is None:
            if self.nullable:
                return None
            raise Refused("{parameter} is null", parameter=self.name)
        if self.type.accepts(value):
            return value
        if self.type == DATE_TIME and isinstance(value, (dt.date, FarDate)):
            return combine(value, _MIDNIGHT_UTC)
        if isinstance(value, list) and len(value) == 1 and not isinstance(self.type, ListType) and self.type.accepts(value[0]):
            return value[0]
        if isinstance(self.type, ListType) and not isinstance(value, list) and self.type.accepts([value]):
            return [value]
        raise Refused(
            "{parameter} must be {wanted}, not {given}",
            parameter=self.name,
            wanted=self.type.feel_text(),
            given=kind_of(value),
        )


class Function:
    """Anything that can be called. ``name`` is for messages; an anonymous function has none."""

    name = ""

    def invoke(self, run: Run, arguments: Sequence[Value]) -> Value:
        """Raises Refused when the arguments do not fit."""
        raise NotImplementedError

    def invoke_named(self, run: Run, arguments: Mapping[str, Value]) -> Value:
        """Raises Refused when a name is missing or unknown."""
        raise NotImplementedError

    def types(self) -> Sequence[FeelType]:
        """The function types this value has; several for an overloaded built-in function."""
        return (ANY_FUNCTION,)

    def feel_text(self) -> str:
        return f"function {self.name}".strip()


class NativeFunction(Function):
    """A Python callable under a FEEL name: business knowledge models, decision services, extension functions.

    The callable gets one FEEL value per parameter, in order. It may raise Refused.
    """

    def __init__(self, name: str, parameters: Sequence[Parameter], call: Callable[..., Value], result: FeelType = ANY) -> None:
        self.name = name
        self.parameters = tuple(parameters)
        self.result = result
        self._call = call

    def invoke(self, run: Run, arguments: Sequence[Value]) -> Value:
        run.step()
        return self._call(*arrange(self.name, self.parameters, arguments))

    def invoke_named(self, run: Run, arguments: Mapping[str, Value]) -> Value:
        run.step()
        return self._call(*arrange_named(self.name, self.parameters, arguments))

    def types(self) -> Sequence[FeelType]:
        return (FunctionType(tuple(p.type for p in self.parameters), self.result),)


def arrange(name: str, parameters: Sequence[Parameter], arguments: Sequence[Value]) -> list[Value]:
    """Positional arguments checked and converted, in parameter order, absent optional ones left out. Raises Refused."""
    required = sum(not parameter.optional for parameter in parameters)
    many = bool(parameters) and parameters[-1].variadic
    if not required <= len(arguments) or (len(arguments) > len(parameters) and not many):
        wanted = str(required) if required == len(parameters) else f"{required} to {len(parameters)}"
        raise Refused("{function} takes {wanted} arguments, not {given}", function=name, wanted=wanted, given=len(arguments))
    if many:
        fixed, last = len(parameters) - 1, parameters[-1]
        first = [parameter.take(argument) for parameter, argument in zip(parameters[:-1], arguments, strict=False)]
        return [*first, [last.take(argument) for argument in arguments[fixed:]]]
    return [parameter.take(argument) for parameter, argument in zip(parameters, arguments, strict=False)]


def arrange_named(name: str, parameters: Sequence[Parameter], arguments: Mapping[str, Value]) -> list[Value]:
    """Named arguments checked and converted, in parameter order; an absent optional one is null. Raises Refused."""
    known = [parameter.name for parameter in parameters]
    for given in arguments:
        if given not in known:
            hint = did_you_mean(given, known)
            raise Refused(
                "{function} has no parameter {given}" + ("; did you mean {hint}?" if hint else ""),
                function=name,
                given=given,
                hint=hint,
            )
    for parameter in parameters:
        if parameter.name not in arguments and not parameter.optional:
            raise Refused("{function} needs its parameter {parameter}", function=name, parameter=parameter.name)
    last = max((index for index, parameter in enumerate(parameters) if parameter.name in arguments), default=-1)
    return [_named(parameter, arguments) for parameter in parameters[: last + 1]]


def _named(parameter: Parameter, arguments: Mapping[str, Value]) -> Value:
    if parameter.name not in arguments:
        return None
    value = parameter.take(arguments[parameter.name])
    return [value] if parameter.variadic else value
