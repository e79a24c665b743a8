"""Unary tests: the cells of decision tables, and ``in``."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import TypeAlias

from engine.feel.evaluation.compiler import Code, Compiler, compiles
from engine.feel.evaluation.operators import NATIVE, relate
from engine.feel.run import Scope
from engine.feel.semantics.membership import any_of, satisfies
from engine.feel.syntax.nodes import In, OperatorTest, Test, UnaryTestsNode
from engine.feel.syntax.walk import mentions
from engine.feel.values.types import Value, kind_of

Check: TypeAlias = Callable[[Scope, Value], "bool | None"]


@compiles(In)
def in_(node: In, compiler: Compiler) -> Code:
    value, checks = compiler.code(node.value), [check(test, compiler) for test in node.tests]

    def evaluate(scope: Scope) -> Value:
        element = value(scope)
        return any_of(one(scope, element) for one in checks)

    return evaluate


def cell(node: UnaryTestsNode, compiler: Compiler) -> Check:
    """The whole cell of a decision table; ``?`` in it stands for the input."""
    checks = [check(test, compiler, in_cell=True) for test in node.tests]
    if not checks:
        return lambda _scope, _value: True
    if mentions(node, "?"):
        checks = [_with_input(one) for one in checks]
    if node.negated:
        return lambda scope, value: _opposite(any_of(one(scope, value) for one in checks))
    if len(checks) == 1:
        return checks[0]
    return lambda scope, value: any_of(one(scope, value) for one in checks)


def _with_input(one: Check) -> Check:
    return lambda scope, value: one(scope.inner({"?": value}), value)


def _opposite(answer: bool | None) -> bool | None:
    return None if answer is None else not answer


def check(test: Test, compiler: Compiler, *, in_cell: bool = False) -> Check:
    """One test of a value. In a cell, an expression that is true or false answers for any input that is not boolean itself."""
    if isinstance(test, OperatorTest):
        return _operator(test, compiler.code(test.operand))
    code, about_input, at = compiler.code(test.expression), mentions(test, "?"), test.at

    def evaluate(scope: Scope, value: Value) -> bool | None:
        wanted = code(scope)
        if about_input and (wanted is None or isinstance(wanted, bool)):
            return wanted
        if type(value) is type(wanted) and (type(value) is str or type(value) is Decimal):
            return bool(value == wanted)
        if in_cell and isinstance(wanted, bool) and value is not None and not isinstance(value, (bool, list)):
            return wanted
        answer = satisfies(value, wanted)
        if answer is None:
            scope.run.null(at, "a {value} cannot be tested against a {test}", value=kind_of(value), test=kind_of(wanted))
        return answer

    return evaluate


def _operator(test: OperatorTest, operand: Code) -> Check:
    symbol, native, at = test.operator, NATIVE[test.operator], test.at

    def evaluate(scope: Scope, value: Value) -> bool | None:
        bound = operand(scope)
        if type(value) is Decimal and type(bound) is Decimal:
            return native(value, bound)
        return relate(scope.run, at, symbol, value, bound)

    return evaluate
