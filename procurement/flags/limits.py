"""The numbers the detectors count with: rows of the decision ``red_flag_rules``, each with its article."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

DECISION = "red_flag_rules"


class Limits:
    """Rows by id, asked for once. ``row_of`` gives a row in force that day, or None: then that sort of flag is not looked for."""

    def __init__(self, row_of: Callable[[str], Mapping[str, Any] | None]) -> None:
        self._row_of = row_of
        self._rows: dict[str, Mapping[str, Any] | None] = {}

    def row(self, rule_id: str) -> Mapping[str, Any] | None:
        if rule_id not in self._rows:
            self._rows[rule_id] = self._row_of(rule_id)
        return self._rows[rule_id]

    def number(self, rule_id: str) -> Decimal | None:
        row = self.row(rule_id)
        return None if row is None or row.get("value") is None else Decimal(row["value"])

    def numbers(self, *rule_ids: str) -> tuple[Decimal, ...] | None:
        """All of them, or None when one is not in force."""
        found = [self.number(rule_id) for rule_id in rule_ids]
        return None if None in found else tuple(number for number in found if number is not None)
