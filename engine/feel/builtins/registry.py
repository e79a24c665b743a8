"""How built-in functions are declared: the signature as text says everything the caller, the checks and the reference need.

``insert before(list: list, position: integer, newItem: Any): list`` - a name ending in ``?`` may be left out, one ending in
``...`` takes all remaining arguments, ``integer`` drops decimals, ``T | null`` accepts null, ``point`` is anything that
has an order. Other parameters refuse null.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, TypeVar

from engine.feel.errors import Refused
from engine.feel.syntax.parsing import parse_type
from engine.feel.values.functions import Function, Parameter, arrange, arrange_named
from engine.feel.values.types import (
    DATE,
    DATE_TIME,
    DAYS_TIME,
    NUMBER,
    STRING,
    TIME,
    YEARS_MONTHS,
    FeelType,
    FunctionType,
    UnionType,
    Value,
)

if TYPE_CHECKING:
    from engine.feel.run import Run

_MOST_VARIADIC_ARGUMENTS = 5  # as far as variadic functions conform to function types
_Call = TypeVar("_Call", bound=Callable[..., Value])


@dataclass(frozen=True)
class Example:
    """FEEL text, and the FEEL text of its result."""

    expression: str
    result: str


@dataclass(frozen=True)
class Signature:
    text: str
    name: str
    parameters: tuple[Parameter, ...]
    result: FeelType
    call: Callable[..., Value]
    with_run: bool
    example: Example | None
    family: str

    @property
    def doc(self) -> str:
        return " ".join((self.call.__doc__ or "").split())

    def apply(self, run: Run, arguments: Sequence[Value]) -> Value:
        value = self.call(run, *arguments) if self.with_run else self.call(*arguments)
        return Decimal(value) if type(value) is int else value

    def types(self) -> Sequence[FeelType]:
        kinds = [parameter.type for parameter in self.parameters]
        if not self.parameters or not self.parameters[-1].variadic:
            return (FunctionType(tuple(kinds), self.result),)
        *fixed, element = kinds
        return [FunctionType((*fixed, *[element] * count), self.result) for count in range(1, _MOST_VARIADIC_ARGUMENTS + 1)]


class Builtin(Function):
    """A function of the standard, with one or several signatures."""

    def __init__(self, signatures: Sequence[Signature]) -> None:
        self.name = signatures[0].name
        self.signatures = tuple(signatures)

    def invoke(self, run: Run, arguments: Sequence[Value]) -> Value:
        run.step()
        return self._first_that_fits(run, lambda signature: arrange(self.name, signature.parameters, arguments))

    def invoke_named(self, run: Run, arguments: Mapping[str, Value]) -> Value:
        run.step()
        return self._first_that_fits(run, lambda signature: arrange_named(self.name, signature.parameters, arguments))

    def _first_that_fits(self, run: Run, fit: Callable[[Signature], list[Value]]) -> Value:
        refusal: Refused | None = None
        for signature in self.signatures:
            try:
                arguments = fit(signature)
            except Refused as reason:
                refusal = refusal or reason
                continue
            return signature.apply(run, arguments)
        raise refusal or Refused("{function} cannot be called", function=self.name)

    def types(self) -> Sequence[FeelType]:
        return [kind for signature in self.signatures for kind in signature.types()]


_SIGNATURES: dict[str, list[Signature]] = {}


def builtin(signature: str, example: str = "", result: str = "", *, with_run: bool = False) -> Callable[[_Call], _Call]:
    """Register the decorated callable under ``signature``; it gets Python values and raises Refused when it has no answer."""

    def register(call: _Call) -> _Call:
        name, parameters, kind = read_signature(signature)
        family = call.__module__.rsplit(".", 1)[-1]
        shown = Example(example, result) if example else None
        entry = Signature(signature, name, parameters, kind, call, with_run, shown, family)
        known = _SIGNATURES.setdefault(name, [])
        stacked = [index for index, other in enumerate(known) if other.call is call]
        known.insert(stacked[0] if stacked else len(known), entry)  # decorators run from the lowest up; read them downwards
        return call

    return register


def registered() -> Mapping[str, Builtin]:
    """Every function declared so far, by name."""
    return {name: Builtin(signatures) for name, signatures in _SIGNATURES.items()}


def read_signature(text: str) -> tuple[str, tuple[Parameter, ...], FeelType]:
    """Name, parameters and result type of a signature text."""
    name, _, rest = text.partition("(")
    inside, _, result = rest.rpartition(")")
    parameters = tuple(read_parameter(part) for part in _split(inside))
    return name.strip(), parameters, _type(result.strip(" :") or "Any")


def read_parameter(text: str) -> Parameter:
    """``start position?: integer`` and the like; a bare name takes anything."""
    name, _, kind = text.partition(":")
    kinds = [part.strip() for part in (kind or "Any").split("|")]
    nullable = "null" in kinds or kinds == ["Any"]
    wanted = _type(" | ".join(part for part in kinds if part != "null"))
    name = name.strip()
    variadic, optional = name.endswith("..."), name.endswith("?")
    return Parameter(
        name.rstrip("?."),
        wanted,
        optional=optional,
        nullable=nullable,
        variadic=variadic,
        integer="integer" in kinds,
    )


def _type(text: str) -> FeelType:
    members = [_SHORTHANDS.get(part) or parse_type(part) for part in text.split(" | ")]
    return members[0] if len(members) == 1 else UnionType(tuple(members))


_SHORTHANDS: Mapping[str, FeelType] = {
    "integer": NUMBER,
    "point": UnionType((NUMBER, STRING, DATE, TIME, DATE_TIME, DAYS_TIME, YEARS_MONTHS)),
}


def _split(text: str) -> list[str]:
    """At commas outside angle brackets."""
    parts, depth, current = [], 0, ""
    for character in text:
        depth += {"<": 1, ">": -1}.get(character, 0)
        if character == "," and depth == 0:
            parts.append(current)
            current = ""
        else:
            current += character
    return [*parts, current] if current.strip() else parts


def whole(number: Any) -> int | None:
    """``number`` as int when it has no fraction."""
    return int(number) if number == number.to_integral_value() else None
