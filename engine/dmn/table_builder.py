"""A written decision table becomes a compiled one."""

from __future__ import annotations

from typing import Any

from engine.dmn.formulas import Formulas
from engine.dmn.item_types import TypeTable
from engine.dmn.model import InputClause, Literal, OutputClause, Rule, Table
from engine.dmn.running import Frame, Run
from engine.dmn.tables import Column, CompiledTable, Result, Row
from engine.dmn.types import restriction


def build_table(table: Table, names: frozenset[str], formulas: Formulas, types: TypeTable) -> CompiledTable:
    builder = _Builder(names, formulas, types)
    return CompiledTable(
        table,
        tuple(builder.column(clause) for clause in table.inputs),
        tuple(builder.result(clause, table) for clause in table.outputs),
        tuple(builder.row(rule) for rule in table.rules),
        names,
    )


class _Builder:
    def __init__(self, names: frozenset[str], formulas: Formulas, types: TypeTable) -> None:
        self._names = names
        self._formulas = formulas
        self._types = types

    def column(self, clause: InputClause) -> Column:
        expression = self._formulas.expression(clause.expression, self._names, clause.place)
        wanted = self._types.find(clause.type_ref, clause.place)
        allowed = self._formulas.unary_tests(clause.allowed, self._names, clause.place)
        return Column(clause.label, clause.expression, expression, wanted, allowed, clause.allowed)

    def result(self, clause: OutputClause, table: Table) -> Result:
        wanted = self._types.find(clause.type_ref, clause.place)
        allowed = self._formulas.unary_tests(clause.allowed, self._names, clause.place)
        inherited = restriction(wanted) or restriction(self._types.find(table.type_ref, table.place))
        listed = clause.allowed or inherited if table.hit_policy in ("PRIORITY", "OUTPUT ORDER") else ""
        default = None
        if isinstance(clause.default, Literal):
            default = self._formulas.expression(clause.default.text, self._names, clause.place)
        return Result(clause.name, wanted, allowed, clause.allowed, self._order(listed, clause), default)

    def _order(self, listed: str, clause: OutputClause) -> tuple[Any, ...]:
        if not listed:
            return ()
        values = self._formulas.expression(f"[{listed}]", self._names, clause.place)(Frame({}, Run()))
        return tuple(values) if isinstance(values, list) else ()

    def row(self, rule: Rule) -> Row:
        return Row(
            rule.number,
            rule.id,
            tuple(self._formulas.unary_tests(text, self._names, rule.place) for text in rule.tests),
            tuple(
                self._formulas.expression(cell.text, self._names, rule.place)
                for cell in rule.outputs
                if isinstance(cell, Literal)
            ),
            rule.annotations,
        )
