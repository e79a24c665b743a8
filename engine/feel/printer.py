"""A syntax tree as FEEL text again: reading the text gives the same tree."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from engine.feel.syntax.nodes import (
    Arithmetic,
    AtLiteral,
    Between,
    Call,
    Comparison,
    Conjunction,
    ContextLiteral,
    Disjunction,
    Filter,
    For,
    FunctionLiteral,
    If,
    In,
    InstanceOf,
    Iterator,
    ListLiteral,
    Literal,
    Name,
    Negation,
    Node,
    OperatorRange,
    OperatorTest,
    Path,
    Quantified,
    RangeLiteral,
    Span,
    Test,
    UnaryTestsNode,
)
from engine.feel.values.literal import key_text, quoted
from engine.feel.values.types import ANY

_STATEMENT, _OR, _AND, _COMPARE, _ADD, _MULTIPLY, _POWER, _NEGATION, _POSTFIX = range(9)
_BINDS: dict[type, int] = {
    **dict.fromkeys((If, For, Quantified, FunctionLiteral, Span), _STATEMENT),
    Disjunction: _OR,
    Conjunction: _AND,
    **dict.fromkeys((Comparison, Between, In, InstanceOf), _COMPARE),
    Negation: _NEGATION,
}
_OPERATORS = {"+": _ADD, "-": _ADD, "*": _MULTIPLY, "/": _MULTIPLY, "**": _POWER}


def print_expression(node: Node) -> str:
    """Canonical text of an expression."""
    return _print(node, _STATEMENT)


def print_unary_tests(node: UnaryTestsNode) -> str:
    """Canonical text of a decision table cell."""
    if not node.tests:
        return "-"
    tests = ", ".join(_test(test, _STATEMENT) for test in node.tests)
    return f"not({tests})" if node.negated else tests


def _print(node: Node, level: int) -> str:
    """``node`` as an operand where at least ``level`` must bind."""
    binds = _OPERATORS[node.operator] if isinstance(node, Arithmetic) else _BINDS.get(type(node), _POSTFIX)
    text = _PRINTERS[type(node)](node)
    return f"({text})" if binds < level else text


def _test(test: Test, level: int) -> str:
    if isinstance(test, OperatorTest):
        return f"{test.operator} {_print(test.operand, _ADD)}"
    return _print(test.expression, level)


def _literal(node: Literal) -> str:
    if isinstance(node.value, str):
        return quoted(node.value)
    if isinstance(node.value, Decimal):
        return str(node.value)
    return {True: "true", False: "false", None: "null"}[node.value]


def _range(node: RangeLiteral) -> str:
    opening, closing = "[" if node.start_included else "(", "]" if node.end_included else ")"
    return f"{opening}{_print(node.start, _ADD)}..{_print(node.end, _ADD)}{closing}"


def _arithmetic(node: Arithmetic) -> str:
    binds = _OPERATORS[node.operator]
    return f"{_print(node.left, binds)} {node.operator} {_print(node.right, binds + 1)}"


def _compared(node: Node) -> str:
    """The left side of a comparison; a type is closed off, because ``<`` after it would open its parameters."""
    return _print(node, _ADD if isinstance(node, InstanceOf) else _COMPARE)


def _in(node: In) -> str:
    tests = ", ".join(_test(test, _ADD) for test in node.tests)
    bare = len(node.tests) == 1 and not tests.startswith("(")
    return f"{_compared(node.value)} in {tests if bare else f'({tests})'}"


def _call(node: Call) -> str:
    arguments = [_print(argument, _STATEMENT) for argument in node.arguments]
    if node.names:
        arguments = [f"{name}: {argument}" for name, argument in zip(node.names, arguments, strict=True)]
    return f"{_print(node.function, _POSTFIX)}({', '.join(arguments)})"


def _if(node: If) -> str:
    rungs: list[str] = []
    here: Node = node
    while isinstance(here, If):
        rungs.append(f"if {_print(here.condition, _OR)} then {_print(here.then, _OR)} else ")
        here = here.otherwise
    return "".join(rungs) + _print(here, _STATEMENT)


def _iterators(iterators: tuple[Iterator, ...]) -> str:
    return ", ".join(f"{iterator.name} in {_source(iterator.source)}" for iterator in iterators)


def _source(node: Node) -> str:
    return f"{_print(node.start, _OR)}..{_print(node.end, _OR)}" if isinstance(node, Span) else _print(node, _OR)


def _quantified(node: Quantified) -> str:
    word = "every" if node.every else "some"
    return f"{word} {_iterators(node.iterators)} satisfies {_print(node.condition, _STATEMENT)}"


def _function(node: FunctionLiteral) -> str:
    formals = (f"{p.name}: {p.type.feel_text()}" if p.type != ANY else p.name for p in node.parameters)
    return f"function({', '.join(formals)}) {'external ' if node.external else ''}{_print(node.body, _STATEMENT)}"


_PRINTERS: dict[type, Callable[[Any], str]] = {
    Literal: _literal,
    AtLiteral: lambda node: f"@{quoted(node.text)}",
    Name: lambda node: node.name,
    RangeLiteral: _range,
    OperatorRange: lambda node: f"({node.operator} {_print(node.bound, _ADD)})",
    Span: _source,
    ListLiteral: lambda node: f"[{', '.join(_print(item, _STATEMENT) for item in node.items)}]",
    ContextLiteral: lambda node: (
        f"{{{', '.join(f'{key_text(key)}: {_print(value, _STATEMENT)}' for key, value in node.entries)}}}"
    ),
    Negation: lambda node: f"-{_print(node.operand, _NEGATION)}",
    Arithmetic: _arithmetic,
    Comparison: lambda node: f"{_compared(node.left)} {node.operator} {_print(node.right, _ADD)}",
    Conjunction: lambda node: " and ".join(_print(item, _COMPARE) for item in node.items),
    Disjunction: lambda node: " or ".join(_print(item, _AND) for item in node.items),
    Between: lambda node: f"{_compared(node.value)} between {_print(node.low, _ADD)} and {_print(node.high, _ADD)}",
    In: _in,
    InstanceOf: lambda node: f"{_compared(node.value)} instance of {node.type.feel_text()}",
    Path: lambda node: f"{_print(node.source, _POSTFIX)}.{node.name}",
    Filter: lambda node: f"{_print(node.source, _POSTFIX)}[{_print(node.condition, _STATEMENT)}]",
    Call: _call,
    If: _if,
    For: lambda node: f"for {_iterators(node.iterators)} return {_print(node.body, _STATEMENT)}",
    Quantified: _quantified,
    FunctionLiteral: _function,
}
