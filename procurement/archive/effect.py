"""archive.build: the effect a case waits for while its archive is made."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from engine.errors import InvalidInput
from engine.model import SYSTEM
from engine.ports import Effect
from procurement.archive.building import Stand, build

EFFECT = "archive.build"


def archiving(stand: Stand, now: Callable[[], dt.datetime]) -> Effect:
    """The number of a case file → root, entries, size (bytes), archive_sha256. A failure is an incident of the case that names the cause."""

    def effect(payload: Mapping[str, Any], idempotency_key: str) -> Mapping[str, Any]:
        number = payload.get("number")
        if not isinstance(number, str):
            raise InvalidInput("archive.build needs the number of a case file; it was given {number}.", number=number)
        built = build(stand, number, at=now(), by=SYSTEM.user_id)
        return {"root": built.root, "entries": built.entries, "size": built.size, "archive_sha256": built.sha256}

    return effect
