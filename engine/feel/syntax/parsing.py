"""Text into a syntax tree. Every way in raises FeelSyntaxError."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from engine.feel.bounds import DEFAULT_BOUNDS, Bounds
from engine.feel.syntax.cells import CellGrammar
from engine.feel.syntax.grammar import ExpressionGrammar
from engine.feel.syntax.names import NameTable
from engine.feel.syntax.nodes import Node, UnaryTestsNode
from engine.feel.values.types import FeelType

_NOTHING = NameTable()


def parse_expression(
    text: str,
    functions: NameTable = _NOTHING,
    names: Iterable[str] = (),
    types: Mapping[str, FeelType] | None = None,
    bounds: Bounds = DEFAULT_BOUNDS,
) -> Node:
    """``functions`` are the built-in names; ``names`` those in scope that are more than one word."""
    grammar = ExpressionGrammar(text, (functions, NameTable(names)), types or {}, bounds)
    node = grammar.expression()
    grammar.finish()
    return node


def parse_unary_tests(
    text: str,
    functions: NameTable = _NOTHING,
    names: Iterable[str] = (),
    types: Mapping[str, FeelType] | None = None,
    bounds: Bounds = DEFAULT_BOUNDS,
) -> UnaryTestsNode:
    """The tests of one cell of a decision table."""
    grammar = CellGrammar(text, (functions, NameTable(names)), types or {}, bounds)
    node = grammar.unary_tests()
    grammar.finish()
    return node


def parse_type(text: str) -> FeelType:
    """``list<number>`` and the like."""
    grammar = ExpressionGrammar(text, (_NOTHING,), {}, DEFAULT_BOUNDS)
    kind = grammar.type_()
    grammar.finish()
    return kind
