"""Columns that read the same variable: not every combination of their values can occur.

A table with the columns ``fund_nature`` and ``in_catalogue and fund_nature = "fiscal"`` never meets ("other", true). A column
with such a condition is decided from the plain columns as far as they go; a combination that contradicts it is impossible.
Only comparisons of one plain column with constants are decided, and those constants cut that column into further pieces, so
that what holds for a piece's witness holds for the whole piece.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from engine.dmn.cell_bounds import Opaque, bounds_of_condition
from engine.dmn.tables import CompiledTable
from engine.feel import Expression, Feel
from engine.feel.printer import print_expression
from engine.feel.syntax import nodes

Decide: TypeAlias = "Callable[[Mapping[str, Any]], bool | None]"
_CONDITIONS = (nodes.Conjunction, nodes.Disjunction, nodes.Comparison, nodes.Between, nodes.In)


@dataclass
class Correlations:
    """``cuts``: further constants of plain columns by position; ``linked``: columns that take part, by position."""

    plain: dict[int, str] = field(default_factory=dict)
    derived: dict[int, Decide] = field(default_factory=dict)
    cuts: dict[int, list[Any]] = field(default_factory=dict)

    @property
    def linked(self) -> frozenset[int]:
        return frozenset({*self.plain, *self.derived}) if self.derived else frozenset()

    def is_possible(self, witness: Sequence[Any]) -> bool:
        """False when the first columns' values contradict one another."""
        known = {name: witness[n] for n, name in self.plain.items() if n < len(witness)}
        for n, decide in self.derived.items():
            verdict = decide(known) if n < len(witness) else None
            if verdict is not None and isinstance(witness[n], bool) and witness[n] is not verdict:
                return False
        return True


def correlations(table: CompiledTable, feel: Feel) -> Correlations:
    found = Correlations()
    trees = [feel.expression(column.text, table.names).tree for column in table.columns]
    positions = {tree.name: n for n, tree in enumerate(trees) if isinstance(tree, nodes.Name)}
    for n, tree in enumerate(trees):
        if not isinstance(tree, _CONDITIONS):
            continue
        decide, read = _decider(tree, positions, found.cuts, table, feel)
        if read:
            found.derived[n] = decide
            found.plain |= {positions[name]: name for name in read}
    return found


def _decider(
    node: nodes.Node, positions: Mapping[str, int], cuts: dict[int, list[Any]], table: CompiledTable, feel: Feel
) -> tuple[Decide, frozenset[str]]:
    """What decides ``node`` as far as the plain columns tell, and the names it reads of them."""
    if isinstance(node, (nodes.Conjunction, nodes.Disjunction)):
        parts = [_decider(item, positions, cuts, table, feel) for item in node.items]
        settles = isinstance(node, nodes.Disjunction)
        return _joined([decide for decide, _ in parts], settles=settles), frozenset().union(*(read for _, read in parts))
    if isinstance(node, nodes.Name) and node.name in positions:
        name = node.name
        return (lambda known: known[name] if isinstance(known.get(name), bool) else None), frozenset({name})
    for name, position in positions.items():
        try:
            constants = bounds_of_condition(node, name)
        except Opaque:
            continue
        cuts.setdefault(position, []).extend(constants)
        return _leaf(name, feel.expression(print_expression(node), table.names)), frozenset({name})
    return (lambda _known: None), frozenset()


def _leaf(name: str, expression: Expression) -> Decide:
    def decide(known: Mapping[str, Any]) -> bool | None:
        verdict = expression.evaluate({name: known[name]}) if name in known else None
        return verdict if isinstance(verdict, bool) else None

    return decide


def _joined(parts: list[Decide], *, settles: bool) -> Decide:
    """``settles`` is the answer that one part alone can give: true for or, false for and."""

    def decide(known: Mapping[str, Any]) -> bool | None:
        verdicts = [part(known) for part in parts]
        if settles in verdicts:
            return settles
        return None if None in verdicts else not settles

    return decide
