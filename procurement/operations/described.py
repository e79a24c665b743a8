"""What a designer, a check or an example run may know about an operation without calling it.

One source for processes/OPERATIONS.md, the element templates of the editor, the variables known at an element and the
answers a play gives. A test holds it against the code of every operation.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from procurement.operations.descriptions import (
    archiving,
    comparing,
    contracting,
    drawing,
    flagging,
    keeping,
    looking,
    money,
    publicising,
    purchasing,
    registering,
    releasing,
    reporting,
    scoring,
    sealing,
    supervising,
    surveying,
    telling,
    threading,
)
from procurement.operations.descriptions.shape import SAMPLES, Described, Failure, Field

__all__ = ["DESCRIBED", "Described", "Failure", "Field", "described", "failures_of", "inputs_of", "outputs_of", "shape_of"]

FAMILIES = (
    looking,
    keeping,
    money,
    purchasing,
    comparing,
    drawing,
    flagging,
    publicising,
    registering,
    releasing,
    reporting,
    scoring,
    sealing,
    telling,
    supervising,
    archiving,
    contracting,
    surveying,
    threading,
)
DESCRIBED: Mapping[str, Described] = {one.operation: one for family in FAMILIES for one in family.DESCRIBED}
AS_TEXT = frozenset({"date", "date and time"})  # a process variable keeps them as ISO text


def described(operation: str) -> Described | None:
    """None for an outside worker's type: nobody here knows what it does."""
    return DESCRIBED.get(operation)


def inputs_of(operation: str) -> Mapping[str, Field]:
    """What the operation reads, by name; empty for an unknown operation."""
    return _by_name(operation, "inputs")


def outputs_of(operation: str) -> dict[str, str]:
    """Variable → FEEL type (string, number, boolean, list, context) of what the operation gives; empty when unknown."""
    fields = _by_name(operation, "outputs").values()
    return {field.name: "string" if field.type in AS_TEXT else field.type for field in fields}


def failures_of(operation: str) -> tuple[str, ...]:
    """The error codes the operation may throw into the diagram."""
    one = DESCRIBED.get(operation)
    return tuple(failure.code for failure in one.failures) if one else ()


def shape_of(operation: str) -> dict[str, Any]:
    """An answer of the right shape with neutral values: 0, empty text, false, a fixed day; a list of contexts has one row."""
    return _sample(_by_name(operation, "outputs").values())


def _by_name(operation: str, part: str) -> Mapping[str, Field]:
    one = DESCRIBED.get(operation)
    return {field.name: field for field in getattr(one, part)} if one else {}


def _sample(fields: Iterable[Field]) -> dict[str, Any]:
    return {field.name: _value(field) for field in fields}


def _value(field: Field) -> Any:
    if field.type == "list":
        return [_sample(field.fields)] if field.fields else []
    return _sample(field.fields) if field.type == "context" else SAMPLES[field.type]
