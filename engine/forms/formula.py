"""FEEL inside a form: settings that are a constant or a formula, and the scope they are evaluated in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from engine.feel import Expression, Feel, FeelBoundExceeded, FeelSyntaxError, Finding, Unanswerable


@dataclass(frozen=True)
class Scope:
    """What a formula of one component sees. Inside a list row the row's own names come first.

    ``this`` is the row (or the whole form), ``parent`` what surrounds it, ``i`` the row numbers counted from 1; the same
    with underscores (``_this_``) for the case that a variable has one of these names.
    """

    data: Mapping[str, Any]
    now: dt.datetime | None = None
    this: Any = None
    parent: Any = None
    row_numbers: tuple[int, ...] = ()

    @cached_property
    def names(self) -> dict[str, Any]:
        this = self.data if self.this is None else self.this
        special = {"this": this, "parent": self.parent, "i": list(self.row_numbers)}
        return {**special, **{f"_{name}_": value for name, value in special.items()}, **self.data}

    def evaluate(self, expression: Expression) -> Any:
        """The value; null also for a formula that asks for more work than FEEL allows, or for
        what is not known: a form must open whatever is typed.
        """
        try:
            return expression.evaluate(self.names, now=self.now)
        except (FeelBoundExceeded, Unanswerable):
            return None

    def row(self, value: Any, number: int) -> Scope:
        """The scope inside row ``number`` of a list; ``value`` is usually a mapping of the row's keys."""
        names = value if isinstance(value, Mapping) else {}
        surrounding = self.data if self.this is None else self.this
        return Scope({**self.data, **names}, self.now, value, surrounding, (*self.row_numbers, number))


@dataclass(frozen=True)
class Setting:
    """A constant, or a formula when the designer wrote text beginning with "="."""

    constant: Any = None
    expression: Expression | None = None

    def of(self, scope: Scope) -> Any:
        return self.constant if self.expression is None else scope.evaluate(self.expression)

    def holds(self, scope: Scope) -> bool:
        """True only for a real true: a formula that cannot be evaluated neither hides nor locks anything."""
        return self.of(scope) is True


class FormulaError(ValueError):
    """A text that is not FEEL, or FEEL that is null whenever it runs: an unknown function, wrong arguments."""

    def __init__(self, *causes: FeelSyntaxError | Finding) -> None:
        super().__init__("; ".join(str(cause) for cause in causes))
        self.causes = causes


def setting(raw: Any, feel: Feel) -> Setting:
    """Read a value of the form file. Raises FormulaError when it is a formula that cannot be used."""
    if isinstance(raw, str) and raw.startswith("="):
        return Setting(expression=formula(raw, feel))
    return Setting(raw)


def formula(raw: str, feel: Feel) -> Expression:
    """Read a place where only FEEL makes sense; the leading "=" may be left out. Raises FormulaError."""
    try:
        expression = feel.expression(raw.removeprefix("=").strip())
    except FeelSyntaxError as error:
        raise FormulaError(error) from error
    errors = [finding for finding in expression.findings() if finding.severity == "error"]
    if errors:
        raise FormulaError(*errors)
    return expression
