"""The office's numbers (limits, periods, years) come from decisions such as ``office_rules``, where designers keep them with their article."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from engine.errors import EngineError, ExecutionFailed
from engine.ports import OperationCall

DECISION = "office_rules"


class RuleUnknown(ExecutionFailed):
    """The decision {decision} gives no value for {rule} on {day}. Add the row with its article and deploy it, then retry."""


def rule(call: OperationCall, rule_id: str, day: dt.date, decision: str = DECISION) -> Mapping[str, Any]:
    """The row ``{value, unit, comparator, document, article, mark, …}`` in force on ``day``. Raises RuleUnknown."""
    if call.decide is None:
        raise RuleUnknown(decision=decision, rule=rule_id, day=day.isoformat())
    try:
        row = call.decide(decision, {"rule_id": rule_id, "on": day})
    except EngineError as cause:  # not deployed, or no row for this id and day
        raise RuleUnknown(decision=decision, rule=rule_id, day=day.isoformat()) from cause
    if not isinstance(row, Mapping):
        raise RuleUnknown(decision=decision, rule=rule_id, day=day.isoformat())
    return row


def rule_number(call: OperationCall, rule_id: str, day: dt.date, decision: str = DECISION) -> Decimal:
    """The number of a rule. Raises RuleUnknown, also for a rule whose value is no number."""
    value = rule(call, rule_id, day, decision).get("value")
    if isinstance(value, bool) or not isinstance(value, (int, Decimal)):
        raise RuleUnknown(decision=decision, rule=rule_id, day=day.isoformat())
    return Decimal(value)
