"""The syntax tree. Two nodes are equal when they mean the same text; ``at`` (offset in the source) does not count."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import TypeAlias

from engine.feel.values.types import ANY, FeelType


@dataclass(frozen=True, kw_only=True)
class Located:
    at: int = field(default=0, compare=False, repr=False)


@dataclass(frozen=True)
class Literal(Located):
    value: Decimal | str | bool | None


@dataclass(frozen=True)
class AtLiteral(Located):
    """``@"2026-03-02"``; the text may turn out not to be a date, time or duration."""

    text: str


@dataclass(frozen=True)
class Name(Located):
    name: str


@dataclass(frozen=True)
class RangeLiteral(Located):
    start: Node
    end: Node
    start_included: bool = True
    end_included: bool = True


@dataclass(frozen=True)
class OperatorRange(Located):
    """``(< 10)`` as a value."""

    operator: str
    bound: Node


@dataclass(frozen=True)
class Span(Located):
    """``1..10`` without brackets, only after ``in`` of ``for``; may count down."""

    start: Node
    end: Node


@dataclass(frozen=True)
class ListLiteral(Located):
    items: tuple[Node, ...]


@dataclass(frozen=True)
class ContextLiteral(Located):
    entries: tuple[tuple[str, Node], ...]


@dataclass(frozen=True)
class Negation(Located):
    operand: Node


@dataclass(frozen=True)
class Arithmetic(Located):
    operator: str  # + - * / **
    left: Node
    right: Node


@dataclass(frozen=True)
class Comparison(Located):
    operator: str  # = != < <= > >=
    left: Node
    right: Node


@dataclass(frozen=True)
class Conjunction(Located):
    items: tuple[Node, ...]


@dataclass(frozen=True)
class Disjunction(Located):
    items: tuple[Node, ...]


@dataclass(frozen=True)
class Between(Located):
    value: Node
    low: Node
    high: Node


@dataclass(frozen=True)
class In(Located):
    value: Node
    tests: tuple[Test, ...]


@dataclass(frozen=True)
class InstanceOf(Located):
    value: Node
    type: FeelType


@dataclass(frozen=True)
class Path(Located):
    source: Node
    name: str


@dataclass(frozen=True)
class Filter(Located):
    source: Node
    condition: Node


@dataclass(frozen=True)
class Call(Located):
    """``names`` is empty for positional arguments, else one name per argument."""

    function: Node
    arguments: tuple[Node, ...]
    names: tuple[str, ...] = ()


@dataclass(frozen=True)
class If(Located):
    condition: Node
    then: Node
    otherwise: Node


@dataclass(frozen=True)
class Iterator(Located):
    name: str
    source: Node


@dataclass(frozen=True)
class For(Located):
    iterators: tuple[Iterator, ...]
    body: Node


@dataclass(frozen=True)
class Quantified(Located):
    every: bool
    iterators: tuple[Iterator, ...]
    condition: Node


@dataclass(frozen=True)
class Formal(Located):
    name: str
    type: FeelType = ANY


@dataclass(frozen=True)
class FunctionLiteral(Located):
    """With ``external`` the body describes foreign code, which is never run."""

    parameters: tuple[Formal, ...]
    body: Node
    external: bool = False


@dataclass(frozen=True)
class OperatorTest(Located):
    """``> 50000`` in a decision table cell or after ``in``."""

    operator: str
    operand: Node


@dataclass(frozen=True)
class ValueTest(Located):
    """An expression as a test: equal to the input, containing it, or itself the answer."""

    expression: Node


@dataclass(frozen=True)
class UnaryTestsNode(Located):
    """A whole cell: any of the tests, or with ``negated`` none of them; no tests at all stand for ``-``."""

    tests: tuple[Test, ...]
    negated: bool = False


Node: TypeAlias = (
    "Literal | AtLiteral | Name | RangeLiteral | OperatorRange | Span | ListLiteral | ContextLiteral | Negation | Arithmetic"
    " | Comparison | Conjunction | Disjunction | Between | In | InstanceOf | Path | Filter | Call | If | For | Quantified"
    " | FunctionLiteral"
)
Test: TypeAlias = "OperatorTest | ValueTest"
