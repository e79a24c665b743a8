"""What a table answers when several rules match (DMN 1.5, 8.2.8)."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Protocol

from engine.dmn.model import Table
from engine.feel import Feel
from engine.feel.values.types import kind_of

SINGLE_HIT = frozenset({"UNIQUE", "ANY", "FIRST", "PRIORITY"})
_AGGREGATES = {name: Feel().expression(f"{name.lower()}(values)") for name in ("SUM", "MIN", "MAX")}


class HasOrder(Protocol):
    """An output column: its values from the highest priority to the lowest."""

    @property
    def name(self) -> str: ...

    @property
    def order(self) -> tuple[Any, ...]: ...


class Ambiguous(ValueError):
    """The policy allows one answer, and there are several; ``rows`` are their positions among the matches."""

    def __init__(self, rows: Sequence[int]) -> None:
        super().__init__("more than one answer")
        self.rows = tuple(rows)


def combine(table: Table, columns: Sequence[HasOrder], outputs: list[Any]) -> Any:
    """The answer from the outputs of the matching rules, in the order of the rules."""
    match table.hit_policy:
        case "UNIQUE":
            if len(outputs) > 1:
                raise Ambiguous(range(len(outputs)))
            return outputs[0]
        case "ANY":
            if any(not same(output, outputs[0]) for output in outputs):
                raise Ambiguous(range(len(outputs)))
            return outputs[0]
        case "FIRST":
            return outputs[0]
        case "PRIORITY":
            return _by_priority(columns, outputs)[0]
        case "OUTPUT ORDER":
            return _by_priority(columns, outputs)
        case "COLLECT":
            return _aggregate(table.aggregation, outputs)
    return outputs


def same(left: Any, right: Any) -> bool:
    """Equal, and of one kind: Python takes 1 and true, and 1 and 1.0, for equal."""
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(same(left[name], right[name]) for name in left)
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(same, left, right))
    return kind_of(left) == kind_of(right) and bool(left == right)


def _by_priority(columns: Sequence[HasOrder], outputs: list[Any]) -> list[Any]:
    """Sorted by the first column's order, then the second's …; what is in no list comes last, else the rules' order holds."""

    def rank(output: Any) -> list[int]:
        cells = [output[column.name] for column in columns] if len(columns) > 1 else [output]
        return [_position(column.order, cell) for column, cell in zip(columns, cells, strict=True)]

    return sorted(outputs, key=rank)


def _position(order: tuple[Any, ...], value: Any) -> int:
    return next((n for n, listed in enumerate(order) if same(listed, value)), len(order))


def _aggregate(aggregation: str, outputs: list[Any]) -> Any:
    if aggregation == "COUNT":
        return Decimal(len(outputs))
    if aggregation and not outputs:
        return None
    return _AGGREGATES[aggregation].evaluate({"values": outputs}) if aggregation else outputs
