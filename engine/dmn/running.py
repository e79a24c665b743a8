"""One evaluation while it runs: the values in scope, the clock, and the notes for the explanation."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from engine.dmn.errors import TooMuchWork

MAX_DEPTH = 60  # calls inside calls; each takes some ten Python frames
MAX_CALLS = 100_000  # in one evaluation
_MAX_TABLES = 200  # recorded per evaluation; a table inside a loop could fill the history


@dataclass
class Run:
    """``strict``: a table without an answer raises; otherwise it is null with a warning, as the standard has it."""

    now: dt.datetime | None = None
    strict: bool = True
    warnings: list[str] = field(default_factory=list)
    tables: list[dict[str, Any]] = field(default_factory=list)
    read: set[str] = field(default_factory=set)  # names the evaluated logic refers to
    depth: int = 0
    calls: int = 0

    def warn(self, sentence: str) -> None:
        self.warnings.append(sentence)

    @contextmanager
    def nested(self, name: str) -> Iterator[None]:
        """Round every call of a function of the model: functions may call themselves, but not for ever."""
        self.depth += 1
        self.calls += 1
        try:
            if self.depth > MAX_DEPTH or self.calls > MAX_CALLS:
                raise TooMuchWork(function=name or "(unnamed)", depth=MAX_DEPTH, calls=MAX_CALLS)
            yield
        finally:
            self.depth -= 1

    def record(self, table: dict[str, Any]) -> None:
        if len(self.tables) < _MAX_TABLES:
            self.tables.append(table)


@dataclass
class Frame:
    """Values by name, as FEEL sees them, and the run they belong to."""

    values: dict[str, Any]
    run: Run

    def with_values(self, more: dict[str, Any]) -> Frame:
        return Frame({**self.values, **more}, self.run)


Evaluator: TypeAlias = Callable[[Frame], Any]
