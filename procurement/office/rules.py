"""The office's numbers for desks: one row of a decision table that is in force today."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.errors import EngineError, Unavailable
from engine.model import SYSTEM
from procurement.office.desk import Desk


class RuleAway(Unavailable):
    """The decision {decision} gives no value for {rule} today. Ask the office to add the row and deploy it, then try again."""


def row(desk: Desk, decision: str, **inputs: Any) -> Mapping[str, Any]:
    """What the newest version of ``decision`` answers today. Raises RuleAway."""
    try:
        found = desk.engine.evaluate_decision(decision, {**inputs, "on": desk.now().date()}, actor=SYSTEM).value
    except EngineError as cause:
        raise RuleAway(decision=decision, rule=next(iter(inputs.values()), "")) from cause
    if not isinstance(found, Mapping):
        raise RuleAway(decision=decision, rule=next(iter(inputs.values()), ""))
    return found


def whole(desk: Desk, rule_id: str, decision: str = "registration_rules") -> int:
    """A whole number by the id of its row. Raises RuleAway."""
    return int(row(desk, decision, rule_id=rule_id)["value"])


def legal(desk: Desk, column: str) -> Mapping[str, Any]:
    """The period the law sets for what other tables call ``column``, as it is today. Raises RuleAway."""
    decision = "legal_periods"
    try:
        found = desk.engine.evaluate_decision(decision, {"on": desk.now().date()}, actor=SYSTEM).value
    except EngineError as cause:
        raise RuleAway(decision=decision, rule=column) from cause
    for one in found or ():
        if one["column"] == column:
            return dict(one)
    raise RuleAway(decision=decision, rule=column)
