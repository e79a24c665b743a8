"""What the chair is told before the sheets count: 畸高畸低, out of range, unequal objective points, unfilled (87号令 第六十四条).

A hint is a question to the panel, never a correction: the chair decides, and what was hinted stays on record.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from decimal import Decimal
from statistics import median
from typing import Any

from procurement.scoring.marks import MISSING, OUT_OF_RANGE, Marks, in_range, points_of
from procurement.scoring.sheets import OBJECTIVE, SUBJECTIVE, Item, SheetModel

DRIFT, UNEQUAL = "drift", "unequal_objective"
FEWEST_OTHERS = 2  # the median of fewer others says nothing about drift


@dataclass(frozen=True)
class Hint:
    """``others``: the median of the other experts' points, for a drift; ``points`` None: nothing was entered."""

    kind: str  # drift, out_of_range, unequal_objective, missing
    expert_id: str
    organisation_id: str
    item: str
    points: Decimal | None
    others: Decimal | None = None

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def hints(sheet: SheetModel, organisations: list[str], marks: Mapping[str, Marks], drift_share: Decimal) -> list[Hint]:
    """``marks``: expert → marks. ``drift_share``: by how much of an item's maximum one may stand off the others' median.

    Exactly at the limit is no hint yet; only beyond it.
    """
    found: list[Hint] = []
    for item in sheet.items:
        if item.kind == SUBJECTIVE:
            for organisation in organisations:
                found += _of_cell(item, organisation, marks, drift_share)
        elif item.kind == OBJECTIVE:
            found += [hint for organisation in organisations for hint in _unequal(item, organisation, marks)]
    return found


def _of_cell(item: Item, organisation: str, marks: Mapping[str, Marks], drift_share: Decimal) -> list[Hint]:
    given = {expert: points_of(own, organisation, item.id) for expert, own in marks.items()}
    found = []
    for expert, points in given.items():
        if points is None:
            found.append(Hint(MISSING, expert, organisation, item.id, None))
            continue
        if not in_range(item, points):
            found.append(Hint(OUT_OF_RANGE, expert, organisation, item.id, points))
        others = [value for key, value in given.items() if key != expert and value is not None]
        if len(others) >= FEWEST_OTHERS and abs(points - (middle := median(others))) > drift_share * item.maximum:
            found.append(Hint(DRIFT, expert, organisation, item.id, points, middle))
    return found


def _unequal(item: Item, organisation: str, marks: Mapping[str, Marks]) -> list[Hint]:
    """Objective points are computed, so experts cannot differ; sheets brought in from elsewhere may."""
    given = {expert: points for expert, own in marks.items() if (points := points_of(own, organisation, item.id)) is not None}
    if len(set(given.values())) < 2:
        return []
    return [Hint(UNEQUAL, expert, organisation, item.id, points) for expert, points in given.items()]
