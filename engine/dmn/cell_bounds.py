"""Where the truth of a table cell can change: the constants it compares its input with."""

from __future__ import annotations

from typing import Any

from engine.feel.syntax import nodes
from engine.feel.values.reading import parse_literal

_MAKERS = frozenset({"date", "time", "date and time", "duration"})


class Opaque(ValueError):
    """The cell depends on more than comparisons of its input with constants."""


def bounds_of(cell: nodes.UnaryTestsNode) -> list[Any]:
    """The constants of a cell; between two neighbouring ones its answer is the same. Raises Opaque."""
    found: list[Any] = []
    for test in cell.tests:
        found += _of_test(test)
    return found


def _of_test(test: nodes.Test) -> list[Any]:
    match test:
        case nodes.OperatorTest():
            return [constant(test.operand)]
        case nodes.ValueTest():
            return _of_value(test.expression)
    raise Opaque


def _of_value(node: nodes.Node) -> list[Any]:
    """Of an expression the input is equal to, lies in, or which tests the input by its name ``?``."""
    match node:
        case nodes.ListLiteral():
            return [bound for item in node.items for bound in _of_value(item)]
        case nodes.RangeLiteral():
            return [constant(node.start), constant(node.end)]
        case nodes.OperatorRange():
            return [constant(node.bound)]
        case nodes.Comparison() | nodes.Between() | nodes.In() | nodes.Conjunction() | nodes.Disjunction():
            return bounds_of_condition(node)
    return [constant(node)]


def bounds_of_condition(node: nodes.Node, name: str = "?") -> list[Any]:
    """The constants a condition compares ``name`` with. Raises Opaque when it depends on anything else."""

    def is_input(side: nodes.Node) -> bool:
        return isinstance(side, nodes.Name) and side.name == name

    match node:
        case nodes.Comparison():
            sides = [side for side in (node.left, node.right) if not is_input(side)]
            if len(sides) != 1:
                raise Opaque
            return [constant(sides[0])]
        case nodes.Between() if is_input(node.value):
            return [constant(node.low), constant(node.high)]
        case nodes.In() if is_input(node.value):
            return [bound for test in node.tests for bound in _of_test(test)]
        case nodes.Conjunction() | nodes.Disjunction():
            return [bound for item in node.items for bound in bounds_of_condition(item, name)]
    raise Opaque


def constant(node: nodes.Node) -> Any:
    """The value of a literal, a negative number, or a date, time or duration of text. Raises Opaque."""
    match node:
        case nodes.Literal():
            return node.value
        case nodes.Negation(operand=nodes.Literal(value=value)) if value is not None and not isinstance(value, (str, bool)):
            return -value
        case nodes.AtLiteral():
            return _temporal(node.text)
        case nodes.Call(function=nodes.Name(name=name), arguments=(nodes.Literal(value=str() as text),)) if name in _MAKERS:
            return _temporal(text)
    raise Opaque


def _temporal(text: str) -> Any:
    value = parse_literal(text)
    if value is None:
        raise Opaque
    return value
