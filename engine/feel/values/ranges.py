"""Ranges as values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from engine.feel.values.literal import literal_text


@dataclass(frozen=True)
class Range:
    """``[start..end]`` with either end open, or, with ``operator``, one of ``(< 10)``, ``(>= 10)``, ``(= 10)``, ``(!= 10)``.

    A missing end is None. Equality in FEEL is decided by engine.feel.semantics, not by ``==``.
    """

    start: Any
    end: Any
    start_included: bool = True
    end_included: bool = True
    operator: str | None = None

    def feel_text(self) -> str:
        if self.operator is not None:
            return f"({self.operator} {literal_text(self.end if self.operator.startswith('<') else self.start)})"
        opening, closing = "[" if self.start_included else "(", "]" if self.end_included else ")"
        return f"{opening}{literal_text(self.start)}..{literal_text(self.end)}{closing}"


def from_operator(operator: str, bound: Any) -> Range:
    """The range of all values that stand in relation ``operator`` to ``bound``."""
    if operator in ("<", "<="):
        return Range(None, bound, start_included=False, end_included=operator == "<=", operator=operator)
    if operator in (">", ">="):
        return Range(bound, None, start_included=operator == ">=", end_included=False, operator=operator)
    return Range(bound, bound, start_included=operator == "=", end_included=operator == "=", operator=operator)
