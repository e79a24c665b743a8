"""Whether all conditions of a gateway can be false at once, and for which values.

As with decision tables (engine.dmn.atoms): what the conditions compare with constants is an input; its values are cut into
pieces on which no comparison changes, and the conditions are decided for one witness of each piece. A condition that does
anything else is taken as true or false by itself, and then what is found is not sure.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice, product
from typing import Any

from engine.dmn.atoms import Mixed, witnesses
from engine.dmn.cell_bounds import Opaque, constant
from engine.feel import Expression
from engine.feel.printer import print_expression
from engine.feel.syntax import nodes
from engine.feel.values.types import ANY

_COMBINATIONS = 5_000
_OPERATORS: Mapping[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


class Undecided(ValueError):
    """There are too many combinations, or constants that have no order."""


@dataclass(frozen=True)
class Escape:
    """Values for which no condition is true, by the text of what is compared. Not ``sure``: some may exclude one another."""

    values: Mapping[str, Any]
    sure: bool = True


def escape(conditions: Sequence[Expression], domains: Mapping[str, Sequence[Any]]) -> Escape | None:
    """A way past all conditions; None when one of them is true whatever comes.

    ``domains``: all values a variable can have, where they are known. Raises Undecided.
    """
    atoms = _Atoms()
    for condition in conditions:
        atoms.gather(condition.tree)
    pieces = {text: atoms.pieces(text, domains.get(text)) for text in atoms.constants} | atoms.others
    every = product(*pieces.values())
    for values in islice(every, _COMBINATIONS):
        witness = dict(zip(pieces, values, strict=True))
        if not any(_holds(condition.tree, witness) for condition in conditions):
            shown = {text: value for text, value in witness.items() if text in atoms.constants}
            return Escape(shown, sure=not atoms.others)
    if next(every, None) is not None:
        raise Undecided
    return None


class _Atoms:
    """What the conditions depend on: inputs compared with constants, pairs compared with each other, and anything else."""

    def __init__(self) -> None:
        self.constants: dict[str, list[Any]] = {}
        self.others: dict[str, list[Any]] = {}  # by text: less, equal, greater for pairs; true, false for the rest

    def gather(self, node: nodes.Located) -> None:
        match node:
            case nodes.Conjunction(items=items) | nodes.Disjunction(items=items):
                for item in items:
                    self.gather(item)
            case nodes.Comparison(left=left, right=right) if not (_is_constant(left) or _is_constant(right)):
                self.others[_pair(left, right)] = [-1, 0, 1]
            case nodes.Comparison(left=left, right=right):
                side, bound = (left, right) if _is_constant(right) else (right, left)
                self._compared(side, bound)
            case nodes.Between(value=value, low=low, high=high) if _is_constant(low) and _is_constant(high):
                self._compared(value, low)
                self._compared(value, high)
            case nodes.In(value=value, tests=tests) if all(_is_constant(bound) for test in tests for bound in _bounds(test)):
                for test in tests:
                    for bound in _bounds(test):
                        self._compared(value, bound)
            case nodes.Call(function=nodes.Name(name="not"), arguments=(inner,)):
                self.gather(inner)
            case nodes.Literal(value=bool()):
                pass
            case nodes.Name() | nodes.Path():
                self.constants.setdefault(print_expression(node), []).append(True)
            case _:
                self.others[_text(node)] = [True, False]

    def _compared(self, side: nodes.Node, bound: nodes.Node) -> None:
        self.constants.setdefault(print_expression(side), []).append(constant(bound))

    def pieces(self, text: str, domain: Sequence[Any] | None) -> list[Any]:
        if domain is not None:
            return list(domain)
        found = self.constants[text]
        try:
            values = [value for value in witnesses(found, ANY) if value is not None or None in found]
        except (Mixed, Opaque) as error:
            raise Undecided from error
        if text.startswith("count("):  # counts are whole and never negative
            values = [value for value in values if value >= 0 and value == int(value)]
        return values


def _is_constant(node: nodes.Located) -> bool:
    try:
        constant(node)  # type: ignore[arg-type]  # anything located may be asked
    except Opaque:
        return False
    return True


def _pair(left: nodes.Located, right: nodes.Located) -> str:
    return f"{_text(left)} ? {_text(right)}"


def _text(node: nodes.Located) -> str:
    return print_expression(node)  # type: ignore[arg-type]  # parts of expressions are expressions


def _bounds(test: nodes.Test) -> list[nodes.Node]:
    """What a test compares with: one value, or both ends of a range."""
    if isinstance(test, nodes.OperatorTest):
        return [test.operand]
    range_ = test.expression
    return [range_.start, range_.end] if isinstance(range_, nodes.RangeLiteral) else [range_]


def _holds(node: nodes.Located, witness: Mapping[str, Any]) -> bool:
    """Null counts as not true, as it does for a gateway's choice between flows."""
    match node:
        case nodes.Conjunction(items=items):
            return all(_holds(item, witness) for item in items)
        case nodes.Disjunction(items=items):
            return any(_holds(item, witness) for item in items)
        case nodes.Comparison(operator=sign, left=left, right=right) if _pair(left, right) in witness:
            return _compare(sign, witness[_pair(left, right)], 0)
        case nodes.Call(function=nodes.Name(name="not"), arguments=(inner,)):
            return not _holds(inner, witness)
        case nodes.Literal(value=value):
            return value is True
    text = _text(node)
    return witness[text] is True if text in witness else _tests(node, witness)


def _tests(node: nodes.Located, witness: Mapping[str, Any]) -> bool:
    match node:
        case nodes.Comparison(operator=sign, left=left, right=right):
            return _compare(sign, _value(left, witness), _value(right, witness))
        case nodes.Between(value=value, low=low, high=high):
            here = _value(value, witness)
            return _compare(">=", here, constant(low)) and _compare("<=", here, constant(high))
        case nodes.In(value=value, tests=tests):
            return any(_passes(test, _value(value, witness)) for test in tests)
    raise Undecided


def _value(node: nodes.Node, witness: Mapping[str, Any]) -> Any:
    text = print_expression(node)
    return witness[text] if text in witness else constant(node)


def _passes(test: nodes.Test, value: Any) -> bool:
    bounds = [constant(bound) for bound in _bounds(test)]
    if isinstance(test, nodes.ValueTest) and isinstance(test.expression, nodes.RangeLiteral):
        low, high = test.expression.start_included, test.expression.end_included
        return _compare(">=" if low else ">", value, bounds[0]) and _compare("<=" if high else "<", value, bounds[1])
    sign = test.operator if isinstance(test, nodes.OperatorTest) else "="
    return _compare(sign, value, bounds[0])


def _compare(sign: str, left: Any, right: Any) -> bool:
    if sign in {"=", "!="}:
        same = type(left) is type(right) and left == right
        return same if sign == "=" else not same
    try:
        return bool(_OPERATORS[sign](left, right))
    except TypeError:
        return False
