"""How much one run may ask for: whoever draws a loop without an end gets a sentence instead of a hanging page."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

_OWN_MEMORY = Path("/proc/self/statm")  # Linux; elsewhere memory is not watched, only time
_PAGE_BYTES = os.sysconf("SC_PAGE_SIZE") if hasattr(os, "sysconf") else 4096
_ASKED = 32  # memory is looked at once in so many times that the run asks for something


@dataclass(frozen=True)
class Limits:
    """``memory_bytes``: by how much the whole program may grow while one case runs."""

    seconds: float = 10.0
    memory_bytes: int = 600_000_000
    events: int = 200_000


class Stopped(Exception):
    """The run cannot go on, and no diagram can catch it. ``kind``: limit, answer, step, definition, new_task, late."""

    def __init__(self, kind: str, template: str, /, **params: Any) -> None:
        self.kind, self.template, self.params = kind, template, params
        super().__init__(template.format(**params) if params else template)


class Watch:
    """Looks at the clock on the wall and at memory whenever the run asks for something."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._until = time.monotonic() + limits.seconds
        self._before = _memory()
        self._asked = 0

    def look(self) -> None:
        """Raises Stopped."""
        self._asked += 1
        if time.monotonic() > self._until:
            raise Stopped(
                "limit",
                "The run took more than {seconds} seconds. Look for a loop that never waits, or for an expression over very long lists.",
                seconds=f"{self._limits.seconds:g}",
            )
        if self._asked > self._limits.events:
            raise Stopped(
                "limit", "The run took more than {events} steps. Look for a loop that never waits.", events=self._limits.events
            )
        if self._asked % _ASKED == 0 and _memory() - self._before > self._limits.memory_bytes:
            raise Stopped("limit", "The run used too much memory. Look for a list that grows with every round of a loop.")


def _memory() -> int:
    try:
        return int(_OWN_MEMORY.read_bytes().split()[1]) * _PAGE_BYTES
    except OSError:
        return 0
