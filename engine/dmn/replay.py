"""Past decisions on a changed model: which would have gone elsewhere."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from engine.dmn.decision_model import DecisionModel, Evaluation
from engine.dmn.shown import plain_value
from engine.errors import EngineError


@dataclass(frozen=True)
class PastDecision:
    """What was recorded: any reference to the case, the variables, the answer as JSON, the matched rule numbers by table id.

    ``decided_at`` is what FEEL takes for the present moment when the decision is taken again.
    """

    reference: Any
    inputs: Mapping[str, Any]
    value: Any
    rules: Mapping[str, tuple[int, ...]] | None = None
    decided_at: dt.datetime | None = None


@dataclass(frozen=True)
class Change:
    """A past decision that would have another answer now, or (``failure``) none."""

    reference: Any
    inputs: Mapping[str, Any]
    before: Any
    after: Any
    rules_before: Mapping[str, tuple[int, ...]] | None
    rules_after: Mapping[str, tuple[int, ...]]
    failure: str = ""


@dataclass(frozen=True)
class ReplayReport:
    evaluated: int
    changes: tuple[Change, ...]


def replay(model: DecisionModel, decision: str, past: Iterable[PastDecision]) -> ReplayReport:
    """Take every decision of ``past`` again with ``model``, and list those with another answer, in their order.

    Answers are compared, not rules: a rule that moved to another row changes nothing for the case.
    """
    seen: dict[Any, tuple[Any, dict[str, tuple[int, ...]], str]] = {}
    changes: list[Change] = []
    evaluated = 0
    for record in past:
        evaluated += 1
        key = _key(record)
        outcome = seen.get(key) if key is not None else None
        if outcome is None:
            outcome = _outcome(model, decision, record)
            if key is not None:
                seen[key] = outcome
        after, rules, failure = outcome
        if failure or after != record.value:
            changes.append(Change(record.reference, record.inputs, record.value, after, record.rules, rules, failure))
    return ReplayReport(evaluated, tuple(changes))


def from_explanations(rows: Iterable[Mapping[str, Any]]) -> Iterator[PastDecision]:
    """Past decisions from recorded explanations: ``{"reference", "explanation", "value", "decided_at"}`` each."""
    for row in rows:
        explanation = row["explanation"]
        yield PastDecision(
            row.get("reference"), explanation["inputs"], row["value"], matched_rules(explanation), row.get("decided_at")
        )


def matched_rules(explanation: Mapping[str, Any]) -> dict[str, tuple[int, ...]]:
    """The numbers of the matched rules by table id (or name, for a table without one)."""
    return {table["id"] or table["name"]: tuple(match["rule"] for match in table["matched"]) for table in explanation["tables"]}


def _outcome(model: DecisionModel, decision: str, record: PastDecision) -> tuple[Any, dict[str, tuple[int, ...]], str]:
    try:
        evaluation: Evaluation = model.evaluate(decision, record.inputs, now=record.decided_at)
    except EngineError as error:
        return None, {}, str(error)
    return plain_value(evaluation.value), matched_rules(evaluation.explanation), ""


def _key(record: PastDecision) -> Any:
    """Equal inputs at an equal moment give equal answers; None when the inputs cannot be compared that way."""
    try:
        key = (record.decided_at, tuple((name, type(value), value) for name, value in record.inputs.items()))
        hash(key)
    except TypeError:  # lists and contexts
        return None
    return key
