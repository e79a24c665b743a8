"""Objective items: points computed from declared facts by the steps of the sheet, with the sum that led there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from procurement.scoring.sheets import OBJECTIVE, Item, SheetModel


@dataclass(frozen=True)
class Computed:
    """``value`` is the fact as confirmed, ``counted`` what of it counts, ``at_least`` the step it reached, if any."""

    item: str
    points: Decimal
    value: Decimal | None
    counted: Decimal | None
    at_least: Decimal | None


def computed(item: Item, value: Any) -> Computed:
    """Points of one objective item. A fact nobody declared, or that is no number, earns nothing."""
    rule = item.rule
    number = _number(value)
    if rule is None or number is None:
        return Computed(item.id, Decimal(0), number, None, None)
    counted = number if rule.most is None else min(number, rule.most)
    reached = [step for step in rule.steps if counted >= step.at_least]
    if not reached:
        return Computed(item.id, Decimal(0), number, counted, None)
    best = max(reached, key=lambda step: step.points)
    return Computed(item.id, min(best.points, item.maximum), number, counted, best.at_least)


def all_computed(
    sheet: SheetModel, organisations: Sequence[str], facts: Sequence[Mapping[str, Any]]
) -> dict[str, dict[str, Computed]]:
    """Organisation → item → its points. ``facts``: [{organisation_id, fact, value}] as confirmed by the panel."""
    known = {(str(row.get("organisation_id")), str(row.get("fact"))): row.get("value") for row in facts}
    return {
        organisation: {
            item.id: computed(item, known.get((organisation, item.rule.fact)) if item.rule else None)
            for item in sheet.of_kind(OBJECTIVE)
        }
        for organisation in organisations
    }


def _number(value: Any) -> Decimal | None:
    if value is None or isinstance(value, bool):
        return None
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        return None
    return number if number.is_finite() else None
