"""Effects on the outside (mail, archives, PDF), run by the worker after the commit that asked for them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from engine.ports import Effect
from procurement.archive.building import Stand
from procurement.archive.effect import EFFECT, archiving

if TYPE_CHECKING:
    from procurement.office.desk import Desk  # the office imports this module

EFFECTS: Mapping[str, Effect] = {}  # what needs no office


def effects(desk: Desk) -> dict[str, Effect]:
    """The effects that need the office's desk; the office gives them to the engine."""
    stand = Stand(desk.database, desk.engine, desk.files)
    return {EFFECT: archiving(stand, desk.now)}
