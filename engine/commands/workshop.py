"""What every command works with; made once by the facade."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.commands.catalogue import Catalogue
from engine.commands.guard import Limits
from engine.commands.live import LiveCases
from engine.commands.observing import Watch
from engine.commands.permission import Duties
from engine.feel import Feel
from engine.ports import Clock, Effect, Operation
from engine.store.database import Database


@dataclass(frozen=True)
class Workshop:
    database: Database
    clock: Clock
    feel: Feel
    catalogue: Catalogue
    operations: Mapping[str, Operation] = field(default_factory=dict)
    effects: Mapping[str, Effect] = field(default_factory=dict)
    duties: Duties = field(default_factory=Duties)
    cases: LiveCases = field(default_factory=LiveCases)
    limits: Limits = field(default_factory=Limits)
    tools: Mapping[str, Any] = field(default_factory=dict)  # what the application hands its operations
    draw: Callable[[bytes, str], bytes | None] | None = None  # file, process id → SVG; None when it has no drawing
    watch: Watch | None = None  # told of every command: its kind, its outcome, its seconds
