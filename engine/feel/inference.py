"""The type of an expression where it can be told without running it, and what can never work."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeAlias

from engine.feel.builtins import Builtin
from engine.feel.semantics.arithmetic import result_kind
from engine.feel.semantics.properties import PROPERTIES
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
    Formal,
    FunctionLiteral,
    If,
    In,
    InstanceOf,
    Iterator,
    ListLiteral,
    Literal,
    Located,
    Name,
    Negation,
    Path,
    Quantified,
)
from engine.feel.syntax.walk import walk
from engine.feel.values.functions import Function
from engine.feel.values.reading import parse_literal
from engine.feel.values.types import ANY, ANY_FUNCTION, BOOLEAN, NULL, SIMPLE_TYPES, ContextType, FeelType, ListType, kind_of
from engine.feel.variables import readings

Complaint: TypeAlias = Callable[..., None]  # (position, template, **params)

_BOOLEAN = (Comparison, Conjunction, Disjunction, Between, In, InstanceOf, Quantified)


class Inference:
    """Types from the leaves upwards. ``types`` are those of the variables, where known; ANY stands for not known."""

    def __init__(self, functions: Mapping[str, Function], types: Mapping[str, FeelType], complain: Complaint) -> None:
        self.functions = functions
        self.types = types
        self.complain = complain

    def type_of(self, node: Located) -> FeelType:
        if isinstance(node, Literal):
            return SIMPLE_TYPES.get(kind_of(node.value), NULL)
        if isinstance(node, AtLiteral):
            return SIMPLE_TYPES.get(kind_of(parse_literal(node.text)), ANY)
        if isinstance(node, Name):
            return self.types.get(node.name, ANY)
        if isinstance(node, Comparison):
            self._compared(node)
        if isinstance(node, _BOOLEAN):
            return BOOLEAN
        return self._composed(node)

    def _composed(self, node: Located) -> FeelType:
        if isinstance(node, Arithmetic):
            return self._calculated(node)
        if isinstance(node, Negation):
            return self.type_of(node.operand)
        if isinstance(node, If):
            return _common([self.type_of(node.then), self.type_of(node.otherwise)])
        if isinstance(node, For):
            return ListType(self.type_of(node.body))
        if isinstance(node, FunctionLiteral):
            return ANY_FUNCTION
        if isinstance(node, ListLiteral):
            return ListType(_common([self.type_of(item) for item in node.items]))
        if isinstance(node, ContextLiteral):
            return ContextType(tuple((key, self.type_of(value)) for key, value in node.entries))
        return self._found(node)

    def _found(self, node: Located) -> FeelType:
        if isinstance(node, Call) and isinstance(node.function, Name):
            function = self.functions.get(node.function.name)
            if isinstance(function, Builtin):
                return _common([signature.result for signature in function.signatures])
        if isinstance(node, Path):
            return self._entry(node)
        if isinstance(node, Filter):
            source = self.type_of(node.source)
            return source if isinstance(source, ListType) and isinstance(node.condition, _BOOLEAN) else ANY
        return ANY

    def _entry(self, node: Path) -> FeelType:
        source = self.type_of(node.source)
        if isinstance(source, ContextType):
            return dict(source.entries).get(node.name, ANY)
        if source.name in PROPERTIES and node.name not in PROPERTIES[source.name]:
            self.complain(node.at, "a {kind} has no {key}", kind=source.name, key=node.name)
        return ANY

    def _calculated(self, node: Arithmetic) -> FeelType:
        left, right = self.type_of(node.left), self.type_of(node.right)
        if not (_simple(left) and _simple(right)):
            return ANY
        kind = result_kind(node.operator, left.name, right.name)
        if kind is None:
            self.complain(
                node.at,
                "{operator} is not defined for {left} and {right}",
                operator=node.operator,
                left=left.name,
                right=right.name,
            )
            return ANY
        return SIMPLE_TYPES.get(kind, ANY)

    def _compared(self, node: Comparison) -> None:
        left, right = self.type_of(node.left), self.type_of(node.right)
        if _simple(left) and _simple(right) and left != right:
            self.complain(
                node.at,
                "a {left} and a {right} can never be compared, so {operator} has no answer",
                operator=node.operator,
                left=left.name,
                right=right.name,
            )


def outer_types(tree: Located, types: Mapping[str, FeelType]) -> Mapping[str, FeelType]:
    """The types of those variables that nothing inside the expression can hide."""
    hidden = {reading.node.name for reading in readings(tree) if reading.maybe_entry}
    for node in walk(tree):
        if isinstance(node, (Iterator, Formal)):
            hidden.add(node.name)
        elif isinstance(node, ContextLiteral):
            hidden.update(key for key, _ in node.entries)
    return {name: kind for name, kind in types.items() if name not in hidden}


def _simple(kind: FeelType) -> bool:
    return type(kind) is FeelType and kind != ANY_FUNCTION


def _common(kinds: list[FeelType]) -> FeelType:
    """The one type all agree on; null agrees with every type."""
    told = {kind for kind in kinds if kind != NULL}
    return told.pop() if len(told) == 1 else ANY
