"""Decision tables: which rules match, and what the hit policy makes of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from engine.dmn.errors import NoRuleMatched, RulesOverlap, ValueNotAllowed
from engine.dmn.formulas import Test
from engine.dmn.from_json import from_json
from engine.dmn.hit_policies import SINGLE_HIT, Ambiguous, combine
from engine.dmn.model import Table
from engine.dmn.running import Evaluator, Frame
from engine.dmn.shown import plain_value, shown
from engine.dmn.types import FeelType, coerce


@dataclass(frozen=True)
class Column:
    """An input column ready to run."""

    label: str
    text: str
    expression: Evaluator
    type: FeelType
    allowed: Test | None
    allowed_text: str


@dataclass(frozen=True)
class Result:
    """An output column ready to run; ``order`` lists its values from the highest priority to the lowest."""

    name: str
    type: FeelType
    allowed: Test | None
    allowed_text: str
    order: tuple[Any, ...]
    default: Evaluator | None


@dataclass(frozen=True)
class Row:
    number: int
    id: str
    tests: tuple[Test | None, ...]
    outputs: tuple[Evaluator, ...]
    annotations: dict[str, str]


@dataclass(frozen=True)
class CompiledTable:
    """Call it with a frame: the answer of the table, with a record of what was matched in the run."""

    source: Table
    columns: tuple[Column, ...]
    results: tuple[Result, ...]
    rows: tuple[Row, ...]
    names: frozenset[str]  # in scope of its cells

    def __call__(self, frame: Frame) -> Any:
        values = [self._input(column, frame) for column in self.columns]
        record = self._record(values)
        frame.run.record(record)
        if not self._inputs_allowed(values, frame):
            return None
        matched = self._matches(values, frame)
        outputs = [self._outputs(row, frame) for row in matched]
        record["matched"] = [self._matched(row, output) for row, output in zip(matched, outputs, strict=True)]
        if not matched:
            return self._without_match(values, frame)
        try:
            return combine(self.source, self.results, [self._value(output) for output in outputs])
        except Ambiguous as ambiguity:
            return self._ambiguous([matched[n] for n in ambiguity.rows], values, frame)

    def _input(self, column: Column, frame: Frame) -> Any:
        value = column.expression(frame)
        if frame.run.strict:
            value = from_json(value, column.type)
        coerced, fits = coerce(value, column.type)
        if not fits:
            frame.run.warn(f"{column.label}: {shown(value)} is not of type {column.type.feel_text()}")
        return coerced

    def _inputs_allowed(self, values: Sequence[Any], frame: Frame) -> bool:
        for column, value in zip(self.columns, values, strict=True):
            if column.allowed is not None and value is not None and column.allowed(value, frame) is not True:
                return self._not_allowed(column.label, value, column.allowed_text, frame)
        return True

    def _not_allowed(self, what: str, value: Any, allowed: str, frame: Frame) -> bool:
        error = ValueNotAllowed(what=what, value=shown(value), allowed=allowed, table=self.source.name)
        if frame.run.strict:
            raise error
        frame.run.warn(str(error))
        return False

    def _matches(self, values: Sequence[Any], frame: Frame) -> list[Row]:
        matched = []
        only_first = self.source.hit_policy == "FIRST"
        for row in self.rows:
            for test, value in zip(row.tests, values, strict=True):
                if test is not None and test(value, frame) is not True:
                    break
            else:
                matched.append(row)
                if only_first:
                    break
        return matched

    def _outputs(self, row: Row, frame: Frame) -> list[Any]:
        return [self._output(result, entry(frame), frame) for result, entry in zip(self.results, row.outputs, strict=True)]

    def _output(self, result: Result, value: Any, frame: Frame) -> Any:
        coerced, fits = coerce(value, result.type)
        if not fits:
            frame.run.warn(f"{result.name or self.source.name}: {shown(value)} is not of type {result.type.feel_text()}")
        if result.allowed is not None and coerced is not None and result.allowed(coerced, frame) is not True:
            self._not_allowed(result.name or "Output", coerced, result.allowed_text, frame)
            return None
        return coerced

    def _value(self, output: list[Any]) -> Any:
        if len(self.results) == 1:
            return output[0]
        return {result.name: value for result, value in zip(self.results, output, strict=True)}

    def _without_match(self, values: Sequence[Any], frame: Frame) -> Any:
        if any(result.default is not None for result in self.results):
            defaults = [None if r.default is None else self._output(r, r.default(frame), frame) for r in self.results]
            frame.run.tables[-1]["default"] = True
            return self._value(defaults)
        if self.source.hit_policy not in SINGLE_HIT:
            return combine(self.source, self.results, [])
        error = NoRuleMatched(table=self.source.name, inputs=self._described(values))
        if frame.run.strict:
            raise error
        frame.run.warn(str(error))
        return None

    def _ambiguous(self, rows: list[Row], values: Sequence[Any], frame: Frame) -> Any:
        error = RulesOverlap(
            rules=", ".join(str(row.number) for row in rows),
            table=self.source.name,
            inputs=self._described(values),
            policy=self.source.hit_policy,
        )
        if frame.run.strict:
            raise error
        frame.run.warn(str(error))
        return None

    def _described(self, values: Sequence[Any]) -> str:
        return (
            ", ".join(f"{column.label} = {shown(value)}" for column, value in zip(self.columns, values, strict=True))
            or "no input"
        )

    def _record(self, values: Sequence[Any]) -> dict[str, Any]:
        return {
            "id": self.source.id,
            "name": self.source.name,
            "hit_policy": f"{self.source.hit_policy} {self.source.aggregation}".strip(),
            "inputs": [
                {"label": column.label, "expression": column.text, "value": plain_value(value)}
                for column, value in zip(self.columns, values, strict=True)
            ],
            "matched": [],
        }

    def _matched(self, row: Row, output: list[Any]) -> dict[str, Any]:
        outputs = {
            (result.name or self.source.name): plain_value(value) for result, value in zip(self.results, output, strict=True)
        }
        return {"rule": row.number, "id": row.id, "annotations": row.annotations, "outputs": outputs}
