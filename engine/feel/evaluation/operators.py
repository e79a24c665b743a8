"""Arithmetic, comparison and three-valued logic."""

from __future__ import annotations

import operator as python
from collections.abc import Callable
from decimal import Decimal, DecimalException
from typing import Any

from engine.feel.errors import Refused
from engine.feel.evaluation.compiler import Code, Compiler, compiles, constant
from engine.feel.evaluation.literals import number_of
from engine.feel.run import Run, Scope
from engine.feel.semantics.arithmetic import calculate, negate
from engine.feel.semantics.membership import holds
from engine.feel.semantics.numbers import DECIMAL128
from engine.feel.syntax.nodes import Arithmetic, Between, Comparison, Conjunction, Disjunction, If, InstanceOf, Negation
from engine.feel.values.types import Value, kind_of

_NUMERIC: dict[str, Callable[[Decimal, Decimal], Decimal]] = {
    "+": DECIMAL128.add,
    "-": DECIMAL128.subtract,
    "*": DECIMAL128.multiply,
    "/": DECIMAL128.divide,
    "**": DECIMAL128.power,
}
NATIVE: dict[str, Callable[[Any, Any], bool]] = {
    "=": python.eq,
    "!=": python.ne,
    "<": python.lt,
    "<=": python.le,
    ">": python.gt,
    ">=": python.ge,
}


@compiles(Arithmetic)
def arithmetic(node: Arithmetic, compiler: Compiler) -> Code:
    left, right, symbol = compiler.code(node.left), compiler.code(node.right), node.operator
    numeric = _NUMERIC[symbol]

    def evaluate(scope: Scope) -> Value:
        first, second = left(scope), right(scope)
        if type(first) is Decimal and type(second) is Decimal:
            try:
                return numeric(first, second)
            except DecimalException:
                pass  # the general way words the reason
        return _general(scope.run, node, first, second)

    return evaluate


def _general(run: Run, node: Arithmetic, left: Value, right: Value) -> Value:
    if isinstance(left, str) and isinstance(right, str):
        run.length(len(left) + len(right))
    try:
        return calculate(node.operator, left, right)
    except Refused as reason:
        run.null(node.at, "{reason}", reason=str(reason))
        return None


@compiles(Negation)
def negation(node: Negation, compiler: Compiler) -> Code:
    number = number_of(node.operand)
    if number is not None:
        return constant(number.copy_negate() if number else number)
    operand = compiler.code(node.operand)

    def evaluate(scope: Scope) -> Value:
        try:
            return negate(operand(scope))
        except (Refused, OverflowError) as reason:
            scope.run.null(node.at, "{reason}", reason=str(reason))
            return None

    return evaluate


def relate(run: Run, at: int, symbol: str, left: Value, right: Value) -> bool | None:
    """``left symbol right``; null, with a warning, when the two cannot be compared."""
    answer = holds(symbol, left, right)
    if answer is None:
        run.null(at, "{left} {operator} {right} has no answer", left=kind_of(left), operator=symbol, right=kind_of(right))
    return answer


@compiles(Comparison)
def comparison(node: Comparison, compiler: Compiler) -> Code:
    left, right, symbol, at = compiler.code(node.left), compiler.code(node.right), node.operator, node.at
    native = NATIVE[symbol]

    def evaluate(scope: Scope) -> Value:
        first, second = left(scope), right(scope)
        kind = type(first)
        if kind is type(second) and (kind is Decimal or kind is str):
            return native(first, second)
        return relate(scope.run, at, symbol, first, second)

    return evaluate


@compiles(Between)
def between(node: Between, compiler: Compiler) -> Code:
    value, low, high = compiler.code(node.value), compiler.code(node.low), compiler.code(node.high)

    def evaluate(scope: Scope) -> Value:
        middle = value(scope)
        above = relate(scope.run, node.at, ">=", middle, low(scope))
        below = relate(scope.run, node.at, "<=", middle, high(scope))
        return None if above is None or below is None else above and below

    return evaluate


@compiles(Conjunction)
def conjunction(node: Conjunction, compiler: Compiler) -> Code:
    return _logical(compiler.codes(node.items), decisive=False)


@compiles(Disjunction)
def disjunction(node: Disjunction, compiler: Compiler) -> Code:
    return _logical(compiler.codes(node.items), decisive=True)


def _logical(codes: tuple[Code, ...], *, decisive: bool) -> Code:
    """Three-valued ``and`` (``or``): one false (true) decides, else anything that is not boolean makes null."""
    neutral = not decisive

    def evaluate(scope: Scope) -> Value:
        unknown = False
        for code in codes:
            answer = code(scope)
            if answer is decisive:
                return decisive
            if answer is not neutral:
                unknown = True
        return None if unknown else neutral

    return evaluate


@compiles(If)
def if_(node: If, compiler: Compiler) -> Code:
    condition, then, otherwise = compiler.code(node.condition), compiler.code(node.then), compiler.code(node.otherwise)

    def evaluate(scope: Scope) -> Value:
        answer = condition(scope)
        if answer is True:
            return then(scope)
        if answer is None:
            scope.run.note(node.at, "the condition of if is null and counts as false")
        elif answer is not False:
            scope.run.null(node.at, "the condition of if is a {kind}, not true or false", kind=kind_of(answer))
        return otherwise(scope)

    return evaluate


@compiles(InstanceOf)
def instance_of(node: InstanceOf, compiler: Compiler) -> Code:
    value, wanted = compiler.code(node.value), node.type
    return lambda scope: wanted.accepts(value(scope))
