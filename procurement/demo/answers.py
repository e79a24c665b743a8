"""How the people of the demo fill in their forms: the answers of ``data/answers.yaml``, their FEEL evaluated for one task."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from engine.feel import Feel
from procurement.demo import drawing
from procurement.demo.reading import data

OWN = frozenset({"p", "file"})


class Answers:
    """``more``: answers to tasks the demo leaves to whoever tries it."""

    def __init__(self, feel: Feel, more: Mapping[str, Any] | None = None) -> None:
        self._feel = feel
        self._by_task: dict[str, Any] = {**data("answers"), **(more or {})}

    def knows(self, task_id: str) -> bool:
        return task_id in self._by_task or task_id in drawing.ANSWERS

    def needs_variables(self, task_id: str) -> bool:
        """Whether the answers read anything beside the story and the file: asking for a task's variables costs two queries."""
        if task_id in drawing.ANSWERS:
            return True
        return any(self._feel.expression(text[1:]).variables - OWN for text in _formulas(self._by_task[task_id]))

    def of(self, task_id: str, context: Mapping[str, Any], now: dt.datetime) -> dict[str, Any]:
        """The values to submit; fields whose FEEL gives null are left empty."""
        if task_id in drawing.ANSWERS:
            return drawing.ANSWERS[task_id](context)
        return self.filled(self._by_task[task_id], context, now)

    def has_formulas(self, values: Mapping[str, Any]) -> bool:
        return any(True for _ in _formulas(dict(values)))

    def filled(self, values: Mapping[str, Any], context: Mapping[str, Any], now: dt.datetime) -> dict[str, Any]:
        """``values`` with their formulas worked out; what gives null is left out."""
        found = self._filled(dict(values), context, now)
        return {key: value for key, value in found.items() if value is not None}

    def _filled(self, value: Any, context: Mapping[str, Any], now: dt.datetime) -> Any:
        if isinstance(value, dict):
            return {key: self._filled(inner, context, now) for key, inner in value.items()}
        if isinstance(value, list):
            return [self._filled(inner, context, now) for inner in value]
        if isinstance(value, str) and value.startswith("="):
            return as_sent(self._feel.expression(value[1:]).evaluate(context, now=now))
        return value


def _formulas(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for inner in value:
            yield from _formulas(inner)
    elif isinstance(value, str) and value.startswith("="):
        yield value


def as_sent(value: Any) -> Any:
    """FEEL and YAML have one kind of number and know days; a form sends whole numbers as such, and days as text."""
    if isinstance(value, dict):
        return {key: as_sent(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [as_sent(inner) for inner in value]
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, Decimal) and value == value.to_integral_value():
        return int(value)
    return value
