"""What every part of the facade stands on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.commands.workshop import Workshop
from engine.ports import Clock
from engine.queries.reader import Queries

Values = Mapping[str, Any]


class Part(Queries):
    """A part may read as well as command; what commands need lies in ``_workshop``."""

    clock: Clock
    _workshop: Workshop
