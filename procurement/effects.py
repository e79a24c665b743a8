"""Effects on the outside (mail, archives, PDF), run by the worker after the commit that asked for them."""

from __future__ import annotations

from collections.abc import Mapping

from engine.ports import Effect
from procurement.office.desk import Desk

EFFECTS: Mapping[str, Effect] = {}  # what needs no office


def effects(desk: Desk) -> dict[str, Effect]:
    """The effects that need the office's desk; the office gives them to the engine."""
    return {}
