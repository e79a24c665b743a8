"""A decision asked alone: every row of a decision case."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from engine.errors import EngineError
from engine.sandbox.case import DecisionCase
from engine.sandbox.case_values import mismatch
from engine.sandbox.expectations import Difference, are_rules, matched, named, shown
from engine.sandbox.limits import Limits, Stopped, Watch
from engine.sandbox.project import Project


@dataclass(frozen=True)
class Answered:
    """One row: what came out. ``explanation`` is engine.dmn's; empty when the decision could not be asked."""

    inputs: Any
    value: Any
    explanation: dict[str, Any]
    differences: tuple[Difference, ...]


@dataclass
class Asked:
    rows: list[Answered] = field(default_factory=list)

    @property
    def differences(self) -> tuple[Difference, ...]:
        return tuple(found for row in self.rows for found in row.differences)


def ask(case: DecisionCase, project: Project, limits: Limits) -> Asked:
    asked, watch = Asked(), Watch(limits)
    for number, row in enumerate(case.rows, 1):
        try:
            watch.look()
            asked.rows.append(_ask(case, row, number, project))
        except Stopped as stopped:
            asked.rows.append(Answered({}, None, {}, (Difference("stop", stopped.template, stopped.params),)))
            break
        except EngineError as error:
            template = "Row {row}: {decision} cannot be asked: {reason}"
            params = {"row": number, "decision": case.decision, "reason": str(error)}
            asked.rows.append(Answered(row.get("inputs") or {}, None, {}, (Difference("row", template, params),)))
    return asked


def _ask(case: DecisionCase, row: Any, number: int, project: Project) -> Answered:
    inputs = row.get("inputs") or {}
    found = project.decisions(case.decision).evaluate(case.decision, inputs, now=case.clock)
    differences = []
    if "expect" in row and (unlike := mismatch(row["expect"], found.value)) is not None:
        place, expected, value = unlike
        params = {"row": number, "name": place or case.decision, "expected": shown(expected), "found": shown(value)}
        differences.append(Difference("row", "Row {row}: {name} should be {expected}, but is {found}.", params))
    tables = {project.tables[t["id"]].owner: t for t in found.explanation["tables"] if t["id"] in project.tables}
    if "rules" in row:
        rules = matched(tables[case.decision]) if case.decision in tables else None
        if not are_rules(row["rules"], rules):
            params = {"row": number, "expected": ", ".join(map(str, row["rules"])), "found": named(rules)}
            differences.append(Difference("row", "Row {row}: rule {expected} should match, but {found} did.", params))
    return Answered(inputs, found.value, found.explanation, tuple(differences))
