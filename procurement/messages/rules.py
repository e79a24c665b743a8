"""What the tables of processes/reminders say; read through the engine, so that a released change counts at once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from engine.errors import EngineError
from engine.facade import ProcessEngine
from engine.model import SYSTEM

RULES, ESCALATION, TIMERS = "reminder_rules", "escalation", "timer_reminders"


class RuleMissing(EngineError):
    """The reminder table {table} has no row for {what}. Deploy processes/reminders, or add the row."""


@dataclass(frozen=True)
class Escalation:
    """``to``: a role, ``initiator`` or ``agency``; empty: nobody. ``after``: working days past the due date."""

    to: str
    after: int
    urgent: bool


@dataclass(frozen=True)
class TimerRule:
    """``to``: roles, ``initiator``, ``agency``, ``applicants``; nobody when empty. ``days``: working days before."""

    to: tuple[str, ...]
    days: int
    urgent: bool


class ReminderRules:
    def __init__(self, engine: ProcessEngine) -> None:
        self._engine = engine

    def number(self, rule_id: str, on: dt.date) -> int:
        """Raises RuleMissing."""
        row = self._row(RULES, {"rule_id": rule_id, "on": on}, rule_id)
        return int(Decimal(row["value"]))

    def escalation(self, party: str, process_id: str) -> Escalation:
        """Raises RuleMissing."""
        row = self._row(ESCALATION, {"party": party, "process_id": process_id}, party)
        return Escalation(str(row["escalate_to"] or ""), int(row["after_days"]), bool(row["urgent"]))

    def timer(self, process_id: str, element_id: str, *, boundary: bool) -> TimerRule:
        """Raises RuleMissing."""
        asked = {"process_id": process_id, "element_id": element_id, "boundary": boundary}
        row = self._row(TIMERS, asked, f"{process_id}/{element_id}")
        return TimerRule(tuple(str(row["to"] or "").split()), int(row["days"]), bool(row["urgent"]))

    def _row(self, table: str, inputs: Mapping[str, Any], what: str) -> Mapping[str, Any]:
        row = self._engine.evaluate_decision(table, inputs, actor=SYSTEM).value
        if not isinstance(row, Mapping):
            raise RuleMissing(table=table, what=what)
        return row
