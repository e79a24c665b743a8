"""The score sheet of a comparison: its items with their levels or rules, adjusted weights, and its digest.

As JSON: ``{name, method, items: [{id, group, name, kind, maximum, basis, note, levels, rule}]}``. ``kind`` is subjective (graded
levels, chosen by each expert), objective (computed from declared facts) or price (computed by a decision table). A level says
how many points it gives and what it takes; ``low`` below ``points`` makes it a band. Points are exact decimals.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

from engine import json_codec
from engine.errors import FieldError, InvalidInput

SUBJECTIVE, OBJECTIVE, PRICE = "subjective", "objective", "price"
KINDS = (SUBJECTIVE, OBJECTIVE, PRICE)
CENT = Decimal("0.01")
# an item nobody gave levels is graded in these bands: label, upper and lower share of its maximum
BANDS = (("优", "1", "0.85"), ("良", "0.84", "0.7"), ("中", "0.69", "0.5"), ("差", "0.49", "0"))
AS_WRITTEN = {"technical": SUBJECTIVE}  # the word older forms use


@dataclass(frozen=True)
class Level:
    """One grade; a band when ``low`` is below ``points``."""

    label: str
    points: Decimal
    low: Decimal
    takes: str = ""

    @property
    def is_band(self) -> bool:
        return self.low < self.points

    def holds(self, points: Decimal) -> bool:
        return self.low <= points <= self.points


@dataclass(frozen=True)
class Step:
    at_least: Decimal
    points: Decimal


@dataclass(frozen=True)
class Rule:
    """Points by a declared fact: the highest step it reaches. ``most`` caps what counts (业绩 ≤ 2, 财库〔2021〕22号 第十八条)."""

    fact: str
    label: str
    unit: str
    steps: tuple[Step, ...]
    most: Decimal | None = None


@dataclass(frozen=True)
class Item:
    id: str
    name: str
    kind: str
    maximum: Decimal
    group: str = ""
    basis: str = ""  # document and article, or why it is asked for
    note: str = ""  # how it is scored, in words
    levels: tuple[Level, ...] = ()
    rule: Rule | None = None


@dataclass(frozen=True)
class SheetModel:
    name: str
    items: tuple[Item, ...]
    method: str = "lowest"

    def of_kind(self, kind: str) -> tuple[Item, ...]:
        return tuple(item for item in self.items if item.kind == kind)

    def item(self, item_id: str) -> Item | None:
        return next((item for item in self.items if item.id == item_id), None)

    @property
    def price_maximum(self) -> Decimal:
        return sum((item.maximum for item in self.of_kind(PRICE)), Decimal(0))

    def as_json(self) -> dict[str, Any]:
        """What is frozen, published and hashed."""
        return {
            "name": self.name,
            "method": self.method,
            "items": [_item_json(item) for item in self.items],
            "facts": [
                {"fact": item.rule.fact, "label": item.rule.label, "unit": item.rule.unit}
                for item in self.of_kind(OBJECTIVE)
                if item.rule
            ],
            "price_maximum": self.price_maximum,
        }


def digest(sheet: Mapping[str, Any]) -> str:
    """SHA-256 over the canonical JSON of a sheet."""
    return hashlib.sha256(json_codec.canonical(sheet)).hexdigest()


def read(sheet: Mapping[str, Any]) -> SheetModel:
    """The model of a sheet's JSON. Raises InvalidInput with one sentence per wrong place."""
    wrong: list[FieldError] = []
    items = []
    for n, row in enumerate(sheet.get("items") or ()):
        try:
            items.append(_item(row, n))
        except (KeyError, TypeError, ValueError, InvalidOperation, AttributeError):
            wrong.append(
                FieldError(f"items[{n}]", "This item needs a name, a kind, its points, and levels or a rule with numbers.")
            )
    ids = [item.id for item in items]
    if len(set(ids)) < len(ids):
        wrong.append(FieldError("items", "Two items have the same name. Give each its own."))
    if wrong:
        raise InvalidInput(fields=tuple(wrong))
    return SheetModel(str(sheet.get("name") or ""), tuple(items), str(sheet.get("method") or "lowest"))


def drawn_up(template: SheetModel | None, rows: Sequence[Mapping[str, Any]]) -> SheetModel:
    """The sheet of one comparison: the template as it is, or the items and weights of ``rows``.

    ``rows``: [{criterion, kind, weight, basis}] as the documents' form gives them. A row named as an item of the template
    takes over its levels and rule, scaled to the new weight; any other subjective row is graded in four bands.
    """
    if not rows:
        return template or SheetModel("", ())
    known = {item.name: item for item in template.items} if template else {}
    items = [_adjusted(known.get(str(row.get("criterion"))), row, n) for n, row in enumerate(rows)]
    return SheetModel(template.name if template else "", tuple(items), template.method if template else "lowest")


def scaled(item: Item, maximum: Decimal) -> Item:
    """The same item with another maximum: every level and step in proportion, to the cent."""
    if not item.maximum:
        return item

    def share(points: Decimal) -> Decimal:
        return (points * maximum / item.maximum).quantize(CENT, ROUND_HALF_UP)

    levels = tuple(Level(one.label, share(one.points), share(one.low), one.takes) for one in item.levels)
    rule = item.rule
    if rule:
        steps = tuple(Step(step.at_least, share(step.points)) for step in rule.steps)
        rule = Rule(rule.fact, rule.label, rule.unit, steps, rule.most)
    return Item(item.id, item.name, item.kind, maximum, item.group, item.basis, item.note, levels, rule)


def bands(maximum: Decimal) -> tuple[Level, ...]:
    """Four bands without a gap for an item that came without levels."""
    found: list[Level] = []
    for label, _, low in BANDS:
        top = maximum if not found else found[-1].low - CENT
        found.append(Level(label, top, (maximum * Decimal(low)).quantize(CENT, ROUND_HALF_UP)))
    return tuple(found)


def _adjusted(known: Item | None, row: Mapping[str, Any], n: int) -> Item:
    weight = Decimal(str(row.get("weight") or 0))
    kind = AS_WRITTEN.get(str(row.get("kind")), str(row.get("kind") or SUBJECTIVE))
    if known and kind in {known.kind, SUBJECTIVE}:
        return scaled(known, weight)
    if kind == OBJECTIVE:  # without a rule of the template nothing can be computed: the experts grade it
        kind = SUBJECTIVE
    levels = bands(weight) if kind == SUBJECTIVE else ()
    basis = str(row.get("basis") or "")
    return Item(f"own_{n + 1}", str(row.get("criterion") or ""), kind, weight, note=basis, levels=levels)


def _item(row: Mapping[str, Any], n: int) -> Item:
    kind = str(row["kind"])
    maximum = _number(row["maximum"])
    if kind not in KINDS or maximum < 0 or not str(row["name"]).strip():
        raise ValueError(kind)
    levels = tuple(
        Level(
            str(level["label"]),
            _number(level["points"]),
            _number(level["low"] if level.get("low") is not None else level["points"]),
            str(level.get("takes") or ""),
        )
        for level in row.get("levels") or ()
    )
    rule = _rule(row["rule"]) if row.get("rule") else None
    if kind == OBJECTIVE and rule is None:
        raise ValueError("rule")
    if kind == SUBJECTIVE and not levels:
        levels = bands(maximum)
    return Item(
        id=str(row.get("id") or f"item_{n + 1}"),
        name=str(row["name"]),
        kind=kind,
        maximum=maximum,
        group=str(row.get("group") or ""),
        basis=str(row.get("basis") or ""),
        note=str(row.get("note") or ""),
        levels=levels,
        rule=rule,
    )


def _rule(row: Mapping[str, Any]) -> Rule:
    steps = tuple(Step(_number(step["at_least"]), _number(step["points"])) for step in row["steps"])
    if not steps:
        raise ValueError("steps")
    ordered = tuple(sorted(steps, key=lambda step: step.at_least))
    most = None if row.get("most") is None else _number(row["most"])
    return Rule(str(row["fact"]), str(row["label"]), str(row.get("unit") or ""), ordered, most)


def _number(value: Any) -> Decimal:
    number = Decimal(str(value))
    if not number.is_finite():
        raise ValueError(value)
    return number


def _item_json(item: Item) -> dict[str, Any]:
    rule = item.rule and {
        "fact": item.rule.fact,
        "label": item.rule.label,
        "unit": item.rule.unit,
        "steps": [{"at_least": step.at_least, "points": step.points} for step in item.rule.steps],
        "most": item.rule.most,
    }
    return {
        "id": item.id,
        "group": item.group,
        "name": item.name,
        "kind": item.kind,
        "maximum": item.maximum,
        "basis": item.basis,
        "note": item.note,
        "levels": [{"label": one.label, "points": one.points, "low": one.low, "takes": one.takes} for one in item.levels],
        "rule": rule,
    }
