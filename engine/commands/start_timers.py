"""When timer start events fire."""

from __future__ import annotations

from engine.spiff import Due as Firing
from engine.store.timers import Due


def start_timer(key: int, definition_key: int, element_id: str, firing: Firing) -> Due:
    """The row of a timer start event's next firing."""
    return Due(
        element_key=key,
        root_key=0,
        instance_key=0,
        definition_key=definition_key,
        element_id=element_id,
        due_at=firing.at,
        repetitions_left=firing.repetitions_left,
        interval=firing.interval or None,
        anchor=firing.anchor,
        number=firing.number,
    )
