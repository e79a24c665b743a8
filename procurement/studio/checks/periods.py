"""Periods against the law: what tables say, what diagrams promise. The numbers are in processes/rules/legal_periods.dmn."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from engine.checks import Finding, World
from engine.checks.trails import Step
from engine.dmn.model import Literal
from engine.errors import EngineError
from engine.feel.syntax import nodes
from engine.feel.syntax.walk import walk
from engine.spiff.specs import events, tasks
from engine.spiff.specs.element import Element
from procurement.studio.checks.catalogue import TOO_SHORT
from procurement.studio.checks.publicity import publishes

DECISION = "legal_periods"
ROW = "The table {table} sets {name} to {value} {unit}, but {document} {article} asks for {comparator} {limit} {unit} (mark {mark})."
CELL = "The table {table} lets {name} pass from {value} on, but {document} {article} asks for {comparator} {limit} {unit} (mark {mark})."
DRAWN = "{element} gives {value} {unit}, but {document} {article} asks for {comparator} {limit} {unit} (mark {mark})."
_DAYS = re.compile(r"P(\d+)D")


@dataclass(frozen=True)
class Legal:
    """One dated row. ``parameter``: the id it has in tables of parameters; ``notice``: the kind of notice; ``column``, ``method``:
    where a table compares it.
    """

    value: Decimal
    unit: str
    comparator: str
    document: str
    article: str
    mark: str
    parameter: str
    notice: str
    column: str
    method: str

    def allows(self, value: Decimal) -> bool:
        return value >= self.value if self.comparator == ">=" else value <= self.value

    @property
    def facts(self) -> dict[str, Any]:
        return {
            "limit": self.value,
            "unit": self.unit,
            "comparator": {">=": "≥", "<=": "≤"}.get(self.comparator, self.comparator),
            "document": self.document,
            "article": self.article,
            "mark": self.mark,
        }


def check(today: Callable[[], dt.date]) -> Callable[[World], Iterator[Finding]]:
    def findings(world: World) -> Iterator[Finding]:
        rows = legal_periods(world, today())
        if rows:
            yield from _of_tables(world, rows)
            yield from _of_diagrams(world, rows)

    return findings


def legal_periods(world: World, on: dt.date) -> list[Legal]:
    """The rows in force; none when the table is not among the files or cannot be read."""
    model = world.decisions.get(DECISION)
    if model is None:
        return []
    try:
        found = model.evaluate(DECISION, {"on": on.isoformat()}).value
    except EngineError:
        return []
    return [Legal(**{name: row[name] for name in Legal.__dataclass_fields__}) for row in found or []]


def _of_tables(world: World, rows: list[Legal]) -> Iterator[Finding]:
    by_parameter = {row.parameter: row for row in rows if row.parameter}
    for path, read in world.reads.items():
        for table in read.table.graph.tables if read.table is not None else ():
            names = [result.name for result in table.results]
            for rule in table.source.rules:
                cells = dict(zip([column.text for column in table.columns], rule.tests, strict=True))
                facts: dict[str, Any] = {"table": table.source.name}
                parameter = next((text.strip('"') for text in cells.values() if text.strip('"') in by_parameter), "")
                if parameter and "value" in names:
                    value = _number(rule.outputs[names.index("value")])
                    row = by_parameter[parameter]
                    if value is not None and not row.allows(value):
                        facts |= {"name": parameter, "value": value} | row.facts
                        yield _row(path, table.source.id, rule, ROW, facts, table)
                for row, value in _limits(rows, cells):
                    facts |= {"name": row.column, "value": value} | row.facts
                    yield _row(path, table.source.id, rule, CELL, facts, table)


def _row(path: str, _table_id: str, rule: Any, template: str, facts: Mapping[str, Any], table: Any) -> Finding:
    element = table.source.place.element
    return Finding(TOO_SHORT.code, TOO_SHORT.severity, path, rule.place.line, element, template, facts, cell=rule.id)


def _number(cell: Any) -> Decimal | None:
    try:
        return Decimal(cell.text) if isinstance(cell, Literal) else None
    except ArithmeticError:
        return None


def _limits(rows: list[Legal], cells: Mapping[str, str]) -> Iterator[tuple[Legal, Decimal]]:
    """Cells such as ``< 20`` that report what is too short, where they begin to report later than the law."""
    for row in rows:
        cell = re.fullmatch(r"\s*<\s*(\d+)\s*", cells.get(row.column, ""))
        if row.column and cell and (not row.method or f'"{row.method}"' in cells.get("method", "")):
            value = Decimal(cell[1])
            if not row.allows(value):
                yield row, value


def _of_diagrams(world: World, rows: list[Legal]) -> Iterator[Finding]:
    """Numbers written where a notice is published, and in the timers after it before any person does something."""
    for model in world.processes.values():
        for node in model.nodes.values():
            for row in rows:
                if row.notice and publishes(node, frozenset({row.notice})):
                    for other, value in _promised(world, Step(model.id, node)):
                        if not row.allows(value):
                            facts = {"element": other.bpmn_name or other.bpmn_id, "value": value} | row.facts
                            line = model.elements[other.bpmn_id].line
                            yield Finding(TOO_SHORT.code, TOO_SHORT.severity, model.file, line, other.bpmn_id, DRAWN, facts)


def _promised(world: World, published: Step) -> Iterator[tuple[Element, Decimal]]:
    for mapping in published.node.input_mappings:
        if mapping.target == ("until",) and mapping.source.expression is not None:
            yield from ((published.node, value) for value in _days(mapping.source.expression.tree))
    pending, seen = [published.node], {published.node}
    while pending:
        for flow in pending.pop().outgoing:
            node = flow.target
            if node in seen or isinstance(node, tasks.UserTask):
                continue
            seen.add(node)
            pending.append(node)
            if isinstance(node, events.Catching) and node.event.timer is not None:
                value = node.event.timer.value
                found = list(_days(value.expression.tree)) if value.expression is not None else _duration(value.text)
                yield from ((node, days) for days in found)


def _days(tree: nodes.Located) -> Iterator[Decimal]:
    """Numbers of days given as constants: of working days, or of a duration that is the whole timer."""
    for part in walk(tree):
        match part:
            case nodes.Call(
                function=nodes.Name(name="working days after"), arguments=(_, nodes.Literal(value=Decimal() as number))
            ):
                yield number
    match tree:
        case nodes.Call(function=nodes.Name(name="duration"), arguments=(nodes.Literal(value=str() as text),)):
            yield from _duration(text)
        case nodes.AtLiteral(text=text):
            yield from _duration(text)


def _duration(text: str) -> list[Decimal]:
    found = _DAYS.fullmatch(text)
    return [Decimal(found[1])] if found else []
