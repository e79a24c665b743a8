"""Literals, lists, contexts and ranges."""

from __future__ import annotations

from decimal import Decimal

from engine.feel.evaluation.compiler import Code, Compiler, compiles, constant
from engine.feel.run import Scope
from engine.feel.semantics.comparison import compare
from engine.feel.syntax.nodes import AtLiteral, ContextLiteral, ListLiteral, Literal, OperatorRange, RangeLiteral
from engine.feel.values.ranges import Range, from_operator
from engine.feel.values.reading import parse_literal
from engine.feel.values.types import Value, kind_of


@compiles(Literal)
def literal(node: Literal, _compiler: Compiler) -> Code:
    return constant(node.value)


@compiles(AtLiteral)
def at_literal(node: AtLiteral, _compiler: Compiler) -> Code:
    value = parse_literal(node.text)
    if value is not None:
        return constant(value)

    def unreadable(scope: Scope) -> Value:
        scope.run.null(node.at, "{text!r} is not a date, time or duration", text=node.text[:60])

    return unreadable


@compiles(ListLiteral)
def list_literal(node: ListLiteral, compiler: Compiler) -> Code:
    codes = compiler.codes(node.items)
    count = len(codes)

    def build(scope: Scope) -> Value:
        scope.run.room(count)
        return [code(scope) for code in codes]

    return build


@compiles(ContextLiteral)
def context_literal(node: ContextLiteral, compiler: Compiler) -> Code:
    entries = [(key, compiler.code(value)) for key, value in node.entries]
    keys = [key for key, _ in entries]
    twice = next((key for key in keys if keys.count(key) > 1), None)

    def build(scope: Scope) -> Value:
        if twice is not None:
            scope.run.null(node.at, "the context has the key {key} twice", key=twice)
            return None
        scope.run.room(len(entries))
        names: dict[str, Value] = {}
        inner = scope.inner(names)
        for key, code in entries:
            names[key] = code(inner)
        return names

    return build


@compiles(RangeLiteral)
def range_literal(node: RangeLiteral, compiler: Compiler) -> Code:
    start, end = compiler.code(node.start), compiler.code(node.end)

    def build(scope: Scope) -> Value:
        low, high = start(scope), end(scope)
        if low is None and high is None:
            scope.run.null(node.at, "both ends of the range are null")
            return None
        if compare(high if low is None else low, low if high is None else high) is None:
            scope.run.null(node.at, "a range cannot reach from {low} to {high}", low=kind_of(low), high=kind_of(high))
            return None
        return Range(low, high, node.start_included, node.end_included)

    return build


@compiles(OperatorRange)
def operator_range(node: OperatorRange, compiler: Compiler) -> Code:
    bound = compiler.code(node.bound)

    def build(scope: Scope) -> Value:
        value = bound(scope)
        if value is None:
            scope.run.null(node.at, "the bound of the range is null")
            return None
        return from_operator(node.operator, value)

    return build


def number_of(node: object) -> Decimal | None:
    """The number a literal stands for, if it is one."""
    return node.value if isinstance(node, Literal) and isinstance(node.value, Decimal) else None
