"""The way in: texts become expressions and unary tests, read once and kept."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property, lru_cache
from typing import Any

from engine.errors import EngineError
from engine.feel.analysis import Analysis, Finding
from engine.feel.bounds import DEFAULT_BOUNDS, Bounds
from engine.feel.builtins import BUILTINS
from engine.feel.builtins.registry import read_parameter
from engine.feel.errors import FeelBoundExceeded, FeelSyntaxError, Refused, Unanswerable
from engine.feel.evaluation import Compiler
from engine.feel.evaluation.tests import cell
from engine.feel.inference import Inference, outer_types
from engine.feel.printer import print_expression, print_unary_tests
from engine.feel.run import NOTHING, Run, Scope, feel_value
from engine.feel.semantics.numbers import unsigned_zero
from engine.feel.syntax.names import NameTable
from engine.feel.syntax.nodes import Located, Node, UnaryTestsNode
from engine.feel.syntax.parsing import parse_expression, parse_unary_tests
from engine.feel.values.functions import Function, NativeFunction
from engine.feel.values.types import FeelType, Value
from engine.feel.variables import readings

_KEPT = 20_000  # texts of one application
_TOO_DEEP = "The expression is nested too deeply"


@dataclass(frozen=True)
class Extension:
    """A function of the application's own, for designers. ``parameters`` may carry types: ``"date: date | date and time"``.

    The function gets FEEL values (numbers as Decimal). What it raises as EngineError or ValueError becomes null with that
    sentence as warning, or the error itself in strict mode; Unanswerable stays what it is in both.
    """

    name: str
    parameters: tuple[str, ...]
    function: Callable[..., Any]
    doc: str = ""
    example: str = ""
    result: str = ""

    def as_function(self) -> NativeFunction:
        return NativeFunction(self.name, [read_parameter(text) for text in self.parameters], self._answer)

    def _answer(self, *arguments: Value) -> Value:
        try:
            return feel_value(self.function(*arguments))
        except Unanswerable:
            raise
        except (EngineError, ValueError, TypeError, AttributeError, ArithmeticError, LookupError) as reason:
            raise Refused("{reason}", reason=str(reason)) from reason


class _Readable:
    """What expressions and unary tests can say of themselves before they run."""

    def __init__(self, text: str, tree: Node | UnaryTestsNode, functions: Mapping[str, Function], bounds: Bounds) -> None:
        self.text = text
        self._functions = functions
        self._bounds = bounds
        self._any_tree: Located = tree

    @cached_property
    def variables(self) -> frozenset[str]:
        """The names read from the context: all it may read, so inside filters also names that may be entries of elements."""
        found = readings(self._any_tree)
        return frozenset(one.node.name for one in found if not (one.called and one.node.name in self._functions))

    def findings(self, names: Collection[str] | None = None, types: Mapping[str, FeelType] | None = None) -> tuple[Finding, ...]:
        """What looks wrong, for deployment checks and editors.

        ``names`` are all variables in scope, None when they are not known; ``types`` the types of some of them.
        """
        return Analysis(self.text, self._any_tree, self._functions).findings(names, types or {})


class Expression(_Readable):
    """A FEEL expression, ready to run any number of times."""

    def __init__(self, text: str, tree: Node, compiler: Compiler, bounds: Bounds) -> None:
        super().__init__(text, tree, compiler.functions, bounds)
        self.tree = tree
        self._code = compiler.code(tree)

    def type(self, types: Mapping[str, FeelType] | None = None) -> FeelType:
        """The type of the result as far as it can be told from the types of the variables; ``Any`` when it cannot."""
        return Inference(self._functions, outer_types(self.tree, types or {}), lambda *_args, **_params: None).type_of(self.tree)

    def feel_text(self) -> str:
        """The expression in canonical spelling; reading it gives the same expression."""
        return print_expression(self.tree)

    def evaluate(
        self,
        context: Mapping[str, Any],
        *,
        now: dt.datetime | None = None,
        strict: bool = False,
        warnings: list[str] | None = None,
    ) -> Value:
        """The value. Run-time errors give null and a sentence in ``warnings``; with ``strict`` they raise FeelEvaluationError.

        FeelBoundExceeded is raised in both modes.
        """
        run = Run(self.text, context, self._bounds, now=now, strict=strict, warnings=warnings)
        try:
            value = self._code(Scope(run, NOTHING, None))
        except RecursionError as deep:
            raise FeelBoundExceeded(_TOO_DEEP) from deep
        if isinstance(value, Decimal):
            return unsigned_zero(value)
        if isinstance(value, (list, dict)):
            _measure(value, self._bounds)
        return value


class UnaryTests(_Readable):
    """The tests of one decision table cell, ready to run any number of times."""

    def __init__(self, text: str, tree: UnaryTestsNode, compiler: Compiler, bounds: Bounds) -> None:
        super().__init__(text, tree, compiler.functions, bounds)
        self.tree = tree
        self._check = cell(tree, compiler)

    def feel_text(self) -> str:
        """The tests in canonical spelling; reading it gives the same tests."""
        return print_unary_tests(self.tree)

    def matches(
        self,
        value: Any,
        context: Mapping[str, Any],
        *,
        now: dt.datetime | None = None,
        strict: bool = False,
        warnings: list[str] | None = None,
    ) -> bool | None:
        """Whether ``value`` passes; null when it cannot be said. Errors as in ``Expression.evaluate``."""
        run = Run(self.text, context, self._bounds, now=now, strict=strict, warnings=warnings)
        try:
            return self._check(Scope(run, NOTHING, None), feel_value(value))
        except RecursionError as deep:
            raise FeelBoundExceeded(_TOO_DEEP) from deep


class Feel:
    """FEEL with an application's functions and bounds. One per application; safe to share between threads."""

    def __init__(self, extensions: Iterable[Extension] = (), bounds: Bounds = DEFAULT_BOUNDS) -> None:
        self.bounds = bounds
        self.extensions = tuple(extensions)
        own = {extension.name: extension.as_function() for extension in self.extensions}
        self.functions: Mapping[str, Function] = {**BUILTINS, **own}
        self._compiler = Compiler(self.functions)
        self._function_names = NameTable(self.functions)
        self._expression = lru_cache(maxsize=_KEPT)(self._read_expression)
        self._unary_tests = lru_cache(maxsize=_KEPT)(self._read_unary_tests)

    def expression(self, text: str, names: Collection[str] = (), *, types: Mapping[str, FeelType] | None = None) -> Expression:
        """Read ``text``. ``names`` are those in scope that hold spaces or signs; ``types`` those the model defines.

        Raises FeelSyntaxError.
        """
        if types:
            return self._read_expression(text, frozenset(names), types)
        return self._expression(text, frozenset(names))

    def unary_tests(self, text: str, names: Collection[str] = (), *, types: Mapping[str, FeelType] | None = None) -> UnaryTests:
        """Read the tests of a decision table cell. Raises FeelSyntaxError."""
        if types:
            return self._read_unary_tests(text, frozenset(names), types)
        return self._unary_tests(text, frozenset(names))

    def _read_expression(self, text: str, names: frozenset[str], types: Mapping[str, FeelType] | None = None) -> Expression:
        try:
            tree = parse_expression(text, self._function_names, names, types, self.bounds)
            return Expression(text, tree, self._compiler, self.bounds)
        except RecursionError as deep:
            raise FeelSyntaxError(text, 0, "less nesting", "an expression nested too deeply") from deep

    def _read_unary_tests(self, text: str, names: frozenset[str], types: Mapping[str, FeelType] | None = None) -> UnaryTests:
        try:
            tree = parse_unary_tests(text, self._function_names, names, types, self.bounds)
            return UnaryTests(text, tree, self._compiler, self.bounds)
        except RecursionError as deep:
            raise FeelSyntaxError(text, 0, "less nesting", "a test nested too deeply") from deep


def _measure(value: Value, bounds: Bounds) -> None:
    """Lists that share their parts can be endless when written out."""
    left = bounds.collection * 10
    pending = [value]
    while pending:
        here = pending.pop()
        left -= 1
        if isinstance(here, list):
            left -= len(here)
            pending.extend(item for item in here if isinstance(item, (list, dict)))
        elif isinstance(here, dict):
            left -= len(here)
            pending.extend(item for item in here.values() if isinstance(item, (list, dict)))
        if left < 0:
            raise FeelBoundExceeded("The result has more than {limit} parts", limit=bounds.collection * 10)
