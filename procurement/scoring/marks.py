"""One expert's marks: what is missing, what is out of its range, where a reason is owed, and the running totals.

Marks are ``{organisation: {item: {"points": Decimal | None, "reason": str}}}``; only subjective items are marked.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from procurement.scoring.sheets import CENT, SUBJECTIVE, Item, SheetModel

Marks = Mapping[str, Mapping[str, Mapping[str, Any]]]
MISSING, OUT_OF_RANGE, NO_REASON = "missing", "out_of_range", "no_reason"
LONGEST_REASON = 500


@dataclass(frozen=True)
class Lack:
    """Why a sheet cannot be signed yet: one cell, and what is the matter with it."""

    organisation_id: str
    item: str
    problem: str  # missing, out_of_range, no_reason


def points_of(marks: Marks, organisation_id: str, item_id: str) -> Decimal | None:
    """None when nothing, or nothing readable, is entered."""
    value = marks.get(organisation_id, {}).get(item_id, {}).get("points")
    if value is None or value == "" or isinstance(value, bool):
        return None
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def reason_of(marks: Marks, organisation_id: str, item_id: str) -> str:
    return str(marks.get(organisation_id, {}).get(item_id, {}).get("reason") or "").strip()


def in_range(item: Item, points: Decimal) -> bool:
    """Points that one of the item's levels gives, to the cent."""
    return points == points.quantize(CENT) and any(level.holds(points) for level in item.levels)


def is_extreme(item: Item, points: Decimal) -> bool:
    """The full points or the lowest possible: both are explained in writing."""
    lowest = min((level.low for level in item.levels), default=Decimal(0))
    return item.maximum > 0 and points in (item.maximum, lowest)


def lacks(sheet: SheetModel, organisations: Sequence[str], marks: Marks) -> list[Lack]:
    """Everything that keeps the sheet from being signed, in the order of the matrix."""
    found = []
    for item in sheet.of_kind(SUBJECTIVE):
        for organisation in organisations:
            points = points_of(marks, organisation, item.id)
            if points is None:
                found.append(Lack(organisation, item.id, MISSING))
            elif not in_range(item, points):
                found.append(Lack(organisation, item.id, OUT_OF_RANGE))
            elif is_extreme(item, points) and not reason_of(marks, organisation, item.id):
                found.append(Lack(organisation, item.id, NO_REASON))
    return found


def totals(sheet: SheetModel, organisations: Sequence[str], marks: Marks) -> dict[str, Decimal]:
    """Organisation → the sum of what is entered so far, subjective items only."""
    ids = [item.id for item in sheet.of_kind(SUBJECTIVE)]
    return {
        organisation: sum((points_of(marks, organisation, item) or Decimal(0) for item in ids), Decimal(0))
        for organisation in organisations
    }


def tidy(sheet: SheetModel, organisations: Sequence[str], given: Marks) -> dict[str, dict[str, dict[str, Any]]]:
    """Only cells of this sheet, points as numbers, reasons shortened: what is kept of what a browser sent."""
    return {
        organisation: {
            item.id: {
                "points": points_of(given, organisation, item.id),
                "reason": reason_of(given, organisation, item.id)[:LONGEST_REASON],
            }
            for item in sheet.of_kind(SUBJECTIVE)
        }
        for organisation in organisations
    }


def changed(before: Marks, after: Marks) -> list[tuple[str, str, Decimal | None, Decimal | None]]:
    """(organisation, item, before, after) for every cell whose points differ."""
    cells = [(organisation, item) for organisation, row in after.items() for item in row]
    pairs = [(o, i, points_of(before, o, i), points_of(after, o, i)) for o, i in cells]
    return [pair for pair in pairs if pair[2] != pair[3]]
