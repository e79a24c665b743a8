"""Where a component stands: form-js puts components of one ``row`` side by side in 16 columns."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from engine.forms import ComponentState

COLUMNS = 16
_SMALLEST = 3


@dataclass(frozen=True)
class Place:
    """``begins_row`` starts a new line even when the one before is not full."""

    state: ComponentState
    width: int
    begins_row: bool


def places(states: Sequence[ComponentState]) -> Iterator[Place]:
    """Every state with its width; columns that are not given share what is left of the row."""
    for row, group in itertools.groupby(states, key=lambda s: s.component.layout.row or s.component.id):
        members = list(group)
        given = sum(m.component.layout.columns or 0 for m in members)
        open_ones = sum(m.component.layout.columns is None for m in members)
        share = max(_SMALLEST, (COLUMNS - given) // open_ones) if open_ones else 0
        for n, member in enumerate(members):
            yield Place(member, min(COLUMNS, member.component.layout.columns or share), bool(row) and n == 0)
