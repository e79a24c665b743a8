"""Why an organisation has its score: every number with what it was computed from, so that anybody can do the sum again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

from procurement.scoring.marks import Marks, points_of
from procurement.scoring.objective import Computed
from procurement.scoring.sheets import OBJECTIVE, PRICE, SUBJECTIVE, Item, SheetModel

SHOWN = Decimal("0.0001")


def explained(
    sheet: SheetModel,
    organisation_id: str,
    marks: Mapping[str, Marks],
    objective: Mapping[str, Computed],
    price: Mapping[str, Any],
) -> list[dict[str, Any]]:
    """One row per item of the sheet: {item, name, kind, maximum, basis, points, from}.

    ``from`` holds the inputs: the experts' points and their mean; the fact, what counts of it and the step it reached; or the
    answer of the decision table for the price ({points, price, benchmark, formula, article}). ``points`` has four digits.
    """
    return [_row(item, organisation_id, marks, objective, price) for item in sheet.items]


def mean(values: Sequence[Decimal]) -> Decimal:
    """The mean with four digits; nobody's points are dropped (87号令 第五十五条)."""
    if not values:
        return Decimal(0)
    exact = sum((Fraction(value) for value in values), Fraction(0)) / len(values)
    return (Decimal(exact.numerator) / Decimal(exact.denominator)).quantize(SHOWN, ROUND_HALF_UP)


def _row(
    item: Item, organisation_id: str, marks: Mapping[str, Marks], objective: Mapping[str, Computed], price: Mapping[str, Any]
) -> dict[str, Any]:
    row: dict[str, Any] = {
        "item": item.id,
        "name": item.name,
        "group": item.group,
        "kind": item.kind,
        "maximum": item.maximum,
        "basis": item.basis,
    }
    if item.kind == SUBJECTIVE:
        given = {expert: points_of(own, organisation_id, item.id) for expert, own in marks.items()}
        counted = [points for points in given.values() if points is not None]
        return row | {"points": mean(counted), "from": {"experts": given}}
    if item.kind == OBJECTIVE:
        one = objective[item.id]
        source: dict[str, Any] = {"value": one.value, "counted": one.counted, "at_least": one.at_least}
        if item.rule:
            source |= {"fact": item.rule.label, "unit": item.rule.unit, "most": item.rule.most}
        return row | {"points": one.points, "from": source}
    assert item.kind == PRICE
    return row | {"points": price.get("points"), "from": dict(price)}
