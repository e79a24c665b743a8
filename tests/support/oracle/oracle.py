"""What a process of blocks does, step by step: every kind of block and what it is when it runs."""

from __future__ import annotations

from tests.support.oracle import activities, events, flows, undoing
from tests.support.oracle.live import KINDS, World

__all__ = ["World"]

KINDS |= {
    "task": flows.Task,
    "calculate": flows.Calculate,
    "throw": flows.Throw,
    "sequence": flows.Sequence,
    "choice": flows.Branches,
    "inclusive": flows.Branches,
    "parallel": flows.Branches,
    "repeat": flows.Repeat,
    "wrap": activities.Wrap,
    "each": activities.Each,
    "call": activities.Call,
    "guarded": events.Hosting,
    "beside": events.Hosting,
    "catching": events.Hosting,
    "listening": events.Listening,
    "race": flows.Race,
    "stopping": events.Stopping,
    "again": activities.Again,
    "free": activities.Free,
    "undoable": undoing.Undoable,
    "back": undoing.Back,
    "cancelled": undoing.Cancelled,
}
