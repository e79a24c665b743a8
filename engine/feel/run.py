"""One evaluation: its inputs, its budget, its warnings, and the names visible at each point."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from engine.feel.bounds import Bounds
from engine.feel.errors import FeelBoundExceeded, FeelEvaluationError, line_and_column
from engine.feel.values.types import Value, kind_of


class Run:
    """Shared by all scopes of one evaluation."""

    __slots__ = ("bounds", "context", "depth", "left", "now", "read", "source", "strict", "warnings")

    def __init__(
        self,
        source: str,
        context: Mapping[str, Any],
        bounds: Bounds,
        *,
        now: dt.datetime | None = None,
        strict: bool = False,
        warnings: list[str] | None = None,
    ) -> None:
        self.source = source
        self.context = context
        self.bounds = bounds
        self.now = now
        self.strict = strict
        self.warnings = warnings
        self.left = bounds.steps
        self.depth = 0
        self.read: dict[str, Value] = {}  # variables used so far, as FEEL values

    def step(self, count: int = 1) -> None:
        """Pay for ``count`` units of work."""
        self.left -= count
        if self.left < 0:
            raise FeelBoundExceeded("The expression takes more than {steps} steps", steps=self.bounds.steps)

    def room(self, size: int) -> None:
        """A list of ``size`` elements is about to exist."""
        self.step(size)
        if size > self.bounds.collection:
            raise FeelBoundExceeded("A list has more than {limit} elements", limit=self.bounds.collection)

    def length(self, size: int) -> None:
        """A string of ``size`` characters is about to exist."""
        if size > self.bounds.string:
            raise FeelBoundExceeded("A text has more than {limit} characters", limit=self.bounds.string)

    def note(self, at: int, template: str, **ids: object) -> None:
        """Something that is allowed but may surprise, such as a variable that does not exist. Never an error."""
        if self.warnings is not None:
            self.warnings.append(self._located(at, template, ids))

    def null(self, at: int, template: str, **ids: object) -> None:
        """The standard's answer to a run-time error: null and a warning; in strict mode the error itself."""
        if self.strict:
            where = dict(zip(("line", "column"), line_and_column(self.source, at), strict=True))
            raise FeelEvaluationError("Line {line}, column {column}: " + template + ".", position=at, **where, **ids)
        self.note(at, template, **ids)

    def _located(self, at: int, template: str, ids: Mapping[str, object]) -> str:
        line, column = line_and_column(self.source, at)
        return f"line {line}, column {column}: {template.format(**ids)}"

    def variable(self, name: str) -> Value:
        """A variable of the context as a FEEL value. Raises KeyError when there is none."""
        if name in self.read:
            return self.read[name]
        value = self.read[name] = feel_value(self.context[name])
        return value


class Scope:
    """Names that hide those of ``outer``; the outermost scope has none of its own and stands for the context."""

    __slots__ = ("names", "outer", "run")

    def __init__(self, run: Run, names: Mapping[str, Value], outer: Scope | None) -> None:
        self.run = run
        self.names = names
        self.outer = outer

    def inner(self, names: Mapping[str, Value]) -> Scope:
        return Scope(self.run, names, self)


_UNCHANGED = frozenset({str, bool, type(None), dt.date, dt.datetime})
_LARGEST_EXPONENT = 6176  # of a decimal128
NOTHING: Mapping[str, Value] = {}


def feel_value(value: Any) -> Value:
    """``value`` with int and float as Decimal and tuples and sets as lists, at every depth; lists and contexts are copied.

    What no 34-digit decimal can hold (infinities, absurd exponents) is null. Raises FeelEvaluationError for a Python object FEEL does not know.
    """
    kind = type(value)
    if kind is Decimal:
        return value if value.is_finite() and abs(value.adjusted()) <= _LARGEST_EXPONENT else None
    if kind is int:
        return Decimal(value)
    if kind is list:
        return [item if type(item) in _UNCHANGED else feel_value(item) for item in value]
    if kind is dict:
        return {str(key): item if type(item) in _UNCHANGED else feel_value(item) for key, item in value.items()}
    if kind is float:
        return feel_value(Decimal(repr(value)))
    return _rarer(value)


def _rarer(value: Any) -> Value:
    if value is None or isinstance(value, (str, bool)):
        return value
    if isinstance(value, (int, Decimal, float)):
        return feel_value(Decimal(value))
    if isinstance(value, (tuple, set, frozenset, list)):
        return [feel_value(item) for item in value]
    if isinstance(value, Mapping):
        return {str(key): feel_value(item) for key, item in value.items()}
    if kind_of(value) == "function" and not hasattr(value, "invoke"):
        raise FeelEvaluationError("A variable holds a Python {type}, which FEEL does not know", type=type(value).__name__)
    return value
