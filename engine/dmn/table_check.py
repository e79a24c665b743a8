"""What the analysis of a table means for its designer, as problems with rule numbers and a witness."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from engine.dmn.analysis import analyse
from engine.dmn.cell_bounds import Opaque, bounds_of
from engine.dmn.hit_policies import SINGLE_HIT
from engine.dmn.model import Literal, Place
from engine.dmn.running import Frame, Run
from engine.dmn.shown import shown
from engine.dmn.tables import CompiledTable
from engine.dmn.types import ANY, FeelType, ListType, coerce, plain
from engine.errors import Problem
from engine.feel import Feel, FeelSyntaxError
from engine.feel.values.types import kind_of

GAP = "Table {table}: no rule matches {inputs}. Add a rule for it, a default output, or narrow the allowed input values."
OVERLAP = "Table {table}: rules {rules} all match {inputs}, but hit policy {policy} allows one answer."
UNREACHABLE = (
    "Table {table}: rule {rule} can never answer. Its cells contradict the allowed values, or earlier rules take everything."
)
TOO_LARGE = "Table {table} is too large to be checked for gaps and overlaps. Split it."
WRONG_TEST = "Table {table}, rule {rule}, column {column}: {value} is a {kind}, but the column is of type {type}."
WRONG_OUTPUT = "Table {table}, rule {rule}, output {column}: {value} is not of type {type}."
OUTPUT_NOT_ALLOWED = "Table {table}, rule {rule}, output {column}: {value} is not one of the allowed values {allowed}."


def check_table(table: CompiledTable, feel: Feel, file: str) -> list[Problem]:
    try:
        types = [*_wrong_tests(table, feel, file), *_wrong_outputs(table, feel, file)]
        return types or list(_findings(table, feel, file))
    except FeelSyntaxError:
        return []  # noted when the table was compiled


def _findings(table: CompiledTable, feel: Feel, file: str) -> Iterator[Problem]:
    """Gaps, overlaps and unreachable rules; looked for only when all types are right."""
    source = table.source
    if not table.rows:
        yield _problem(file, source.place, "Table {table} has no rules.", table=source.name)
        return
    found = analyse(table, feel)
    if not found.finished:
        yield _problem(file, source.place, TOO_LARGE, severity="warning", table=source.name)
    needs_match = source.hit_policy in SINGLE_HIT and not any(result.default for result in table.results)
    for witness in found.gaps if needs_match else []:
        yield _problem(file, source.place, GAP, severity="warning", table=source.name, inputs=_described(table, witness))
    for rules, witness in found.overlaps:
        numbers = ", ".join(str(table.rows[n].number) for n in rules)
        inputs = _described(table, witness)
        yield _problem(
            file,
            source.rules[rules[-1]].place,
            OVERLAP,
            table=source.name,
            rules=numbers,
            inputs=inputs,
            policy=source.hit_policy,
        )
    for n in found.unreachable:
        rule = source.rules[n]
        yield _problem(file, rule.place, UNREACHABLE, severity="warning", table=source.name, rule=rule.number)


def _wrong_tests(table: CompiledTable, feel: Feel, file: str) -> Iterator[Problem]:
    for rule in table.source.rules:
        for column, text in zip(table.columns, rule.tests, strict=True):
            for value in _constants(text, table, feel) if column.type != ANY else []:
                if not _has_kind(value, column.type):
                    facts: dict[str, Any] = {"value": shown(value), "kind": kind_of(value), "type": column.type.feel_text()}
                    yield _problem(
                        file, rule.place, WRONG_TEST, table=table.source.name, rule=rule.number, column=column.label, **facts
                    )


def _constants(text: str, table: CompiledTable, feel: Feel) -> list[Any]:
    try:
        return [] if text in ("", "-") else bounds_of(feel.unary_tests(text, table.names).tree)
    except Opaque:
        return []


def _has_kind(value: Any, wanted: FeelType) -> bool:
    """Allowed values do not count here: a limit may lie outside of them. Lists are tested in too many ways to say."""
    bare = plain(wanted)
    return value is None or isinstance(bare, ListType) or bare.accepts(value)


def _wrong_outputs(table: CompiledTable, feel: Feel, file: str) -> Iterator[Problem]:
    for rule, row in zip(table.source.rules, table.rows, strict=True):
        for result, cell, entry in zip(table.results, rule.outputs, row.outputs, strict=True):
            is_constant = isinstance(cell, Literal) and cell.text and not feel.expression(cell.text, table.names).variables
            value = entry(Frame({}, Run())) if is_constant else None
            facts: dict[str, Any] = {
                "table": table.source.name,
                "rule": rule.number,
                "column": result.name or table.source.name,
                "value": shown(value),
            }
            if not coerce(value, result.type)[1]:
                yield _problem(file, rule.place, WRONG_OUTPUT, type=result.type.feel_text(), **facts)
            elif value is not None and result.allowed is not None and result.allowed(value, Frame({}, Run())) is not True:
                yield _problem(file, rule.place, OUTPUT_NOT_ALLOWED, allowed=result.allowed_text, **facts)


def _described(table: CompiledTable, witness: tuple[Any, ...]) -> str:
    return ", ".join(f"{column.label} = {shown(value)}" for column, value in zip(table.columns, witness, strict=True)) or "-"


def _problem(file: str, place: Place, template: str, *, severity: str = "error", **params: Any) -> Problem:
    return Problem(file, place.line, place.element, template, params, severity)
