"""The rows one command writes, collected so that each is written once, however often it changed on the way."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

Row = dict[str, Any]


@dataclass(slots=True)
class Rows:
    """New and changed rows of one table by key; a change of a new row becomes part of it."""

    new: dict[Any, Row] = field(default_factory=dict)
    changed: dict[Any, Row] = field(default_factory=dict)

    def add(self, key: Any, row: Row) -> None:
        self.new[key] = row

    def change(self, key: Any, **values: Any) -> None:
        if key in self.new:
            self.new[key].update(values)
        else:
            self.changed.setdefault(key, {"key": key}).update(values)


@dataclass(slots=True)
class Waits:
    """Rows that exist only while something waits: the last word of a command counts."""

    begun: dict[int, Row] = field(default_factory=dict)
    ended: set[int] = field(default_factory=set)

    def begin(self, element_key: int, row: Row) -> None:
        self.begun[element_key] = row

    def end(self, element_key: int) -> None:
        self.begun.pop(element_key, None)
        self.ended.add(element_key)


@dataclass(slots=True)
class Changes:
    history: list[Row] = field(default_factory=list)
    instances: Rows = field(default_factory=Rows)
    elements: Rows = field(default_factory=Rows)
    variables: dict[tuple[int, str], Row] = field(default_factory=dict)
    tasks: Rows = field(default_factory=Rows)
    jobs: Rows = field(default_factory=Rows)
    incidents: Rows = field(default_factory=Rows)
    timers: Waits = field(default_factory=Waits)
    subscriptions: Waits = field(default_factory=Waits)
    messages: list[Row] = field(default_factory=list)  # taken in by this very command
    correlations: list[Row] = field(default_factory=list)
    canceled_jobs_of: set[int] = field(default_factory=set)  # element keys
    command: Row | None = None  # the answer kept for a command that is sent again
