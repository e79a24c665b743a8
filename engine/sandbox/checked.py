"""The result of one case: as expected or not, and what it reached."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from engine.sandbox.asking import Asked
from engine.sandbox.case import AnyCase
from engine.sandbox.expectations import Difference
from engine.sandbox.played import Played


@dataclass(frozen=True)
class CaseResult:
    """``played`` of a process's case, ``asked`` of a decision's."""

    case: AnyCase
    differences: tuple[Difference, ...]
    played: Played | None = None
    asked: Asked | None = None

    @property
    def ok(self) -> bool:
        return not self.differences

    @property
    def difference(self) -> str:
        """What is not as expected, in English; "" when all is."""
        return "\n".join(found.message for found in self.differences)

    @property
    def rules(self) -> Iterator[tuple[str, int]]:
        """(table id, rule number) of every match."""
        for explanation in self._explanations():
            for table in explanation.get("tables", ()):
                yield from ((table["id"], rule["rule"]) for rule in table["matched"])

    def _explanations(self) -> Iterator[Mapping[str, Any]]:
        if self.played is not None:
            yield from (decided.explanation for decided in self.played.decisions)
        if self.asked is not None:
            yield from (row.explanation for row in self.asked.rows)
