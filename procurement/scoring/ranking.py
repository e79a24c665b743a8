"""From score sheets to a ranking, without rounding before comparing and without dropping anybody's sheet.

Every expert scores every candidate; the score of a candidate is the mean of the experts' totals, nobody's dropped, plus
the points for its price: lowest price / own price × weight (低价优先法; both 87号令 第五十五条). Ties go through steps in the order the office states them: the lower price (87号令 第五十七
条), then an organisation the street supports (办法 第十七条; not in the statutory band, see DOMAIN N02), then a draw that
anybody can repeat from its seed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from fractions import Fraction
from itertools import groupby
from typing import Any

from engine.errors import ExecutionFailed
from procurement.draw.sampling import shuffled

SHOWN_DIGITS = Decimal("0.0001")


class SheetsUnusable(ExecutionFailed):
    """The score sheets cannot be ranked: {cause}. Have the panel complete or correct them, then retry."""


class TieStep(StrEnum):
    """How candidates with equal scores are told apart."""

    LOWER_PRICE = "lower_price"
    SUPPORTED = "supported_organisation"
    TECHNICAL = "technical"  # the higher score without the price (214号 第二十五条)
    DRAW = "draw"


@dataclass(frozen=True)
class Candidate:
    """Somebody whose bid was opened; ``price`` in yuan, None where the price is fixed."""

    organisation_id: str
    name: str
    price: Decimal | None = None
    supported: bool = False
    technical: Fraction = Fraction(0)  # set by ``rank``: the mean of the experts' totals


@dataclass(frozen=True)
class Sheet:
    """One expert's total for one candidate; ``scores`` are the items it is the sum of, if given."""

    expert_id: str
    organisation_id: str
    total: Decimal
    scores: dict[str, Decimal] | None = None


@dataclass(frozen=True)
class Place:
    """``score`` is rounded for display only; ``tie_note`` names the step that separated it from the one before, or is empty."""

    rank: int
    organisation_id: str
    name: str
    price: Decimal | None
    score: Decimal
    tie_note: str


@dataclass(frozen=True)
class Ranking:
    places: tuple[Place, ...]
    report: dict[str, Any]


def rank(
    candidates: Sequence[Candidate],
    sheets: Iterable[Sheet],
    steps: Sequence[TieStep],
    seed: str,
    price_weight: Decimal = Decimal(0),
    price_points: Mapping[str, Decimal] | None = None,
) -> Ranking:
    """Places from first to last, and a report that lets anybody recompute them. ``price_weight`` in points.

    ``price_points``: organisation → points a decision table gave for its price; without it lowest price / own price × weight.
    Raises SheetsUnusable.
    """
    by_candidate = _by_candidate(candidates, list(sheets))
    for_price = _price_points(candidates, price_weight) if price_points is None else _given_points(candidates, price_points)
    technical = {key: _mean(own) for key, own in by_candidate.items()}
    candidates = [replace(c, technical=technical[c.organisation_id]) for c in candidates]
    exact = {key: points + for_price[key] for key, points in technical.items()}
    ordered: list[tuple[Candidate, str]] = []
    for _, level in groupby(sorted(candidates, key=lambda c: -exact[c.organisation_id]), key=lambda c: exact[c.organisation_id]):
        ordered += _separated(list(level), list(steps), seed)
    places = tuple(
        Place(n, c.organisation_id, c.name, c.price, _shown(exact[c.organisation_id]), note)
        for n, (c, note) in enumerate(ordered, 1)
    )
    report = {
        "experts": sorted({sheet.expert_id for own in by_candidate.values() for sheet in own}),
        "totals": {key: {sheet.expert_id: sheet.total for sheet in own} for key, own in by_candidate.items()},
        "price_weight": price_weight,
        "price_points": {key: _shown(points) for key, points in for_price.items()},
        "tie_steps": [str(step) for step in steps],
        "seed": seed if any(place.tie_note == TieStep.DRAW for place in places) else "",
        "method": "mean of all experts' totals plus the points for the price, compared exactly, shown with four digits",
    }
    return Ranking(places, report)


def _by_candidate(candidates: Sequence[Candidate], sheets: list[Sheet]) -> dict[str, list[Sheet]]:
    names = {c.organisation_id: c.name for c in candidates}
    if len(names) != len(candidates):
        raise SheetsUnusable(cause="an organisation appears twice")
    found: dict[tuple[str, str], Sheet] = {}
    for sheet in sheets:
        key = (sheet.organisation_id, sheet.expert_id)
        if sheet.organisation_id not in names:
            raise SheetsUnusable(cause=f"{sheet.expert_id} scored {sheet.organisation_id}, which has no opened bid")
        if key in found:
            raise SheetsUnusable(cause=f"{sheet.expert_id} scored {sheet.organisation_id} twice")
        if sheet.scores and sum(sheet.scores.values()) != sheet.total:
            raise SheetsUnusable(cause=f"the items of {sheet.expert_id} for {sheet.organisation_id} do not sum to {sheet.total}")
        found[key] = sheet
    experts = sorted({sheet.expert_id for sheet in sheets})
    if not experts and candidates:
        raise SheetsUnusable(cause="there is no score sheet")
    missing = [f"{expert} for {names[c]}" for c in names for expert in experts if (c, expert) not in found]
    if missing:
        raise SheetsUnusable(cause="missing " + ", ".join(missing))
    return {c: [found[c, expert] for expert in experts] for c in names}


def _price_points(candidates: Sequence[Candidate], weight: Decimal) -> dict[str, Fraction]:
    """A fixed price earns nobody points (87号令 第五十五条): without prices there is nothing to compare."""
    prices = [c.price for c in candidates if c.price is not None]
    if not weight or not prices:
        return {c.organisation_id: Fraction(0) for c in candidates}
    if len(prices) < len(candidates) or min(prices) <= 0:
        raise SheetsUnusable(cause="every opened bid needs a price above zero, because the price is scored")
    lowest, points = Fraction(min(prices)), Fraction(weight)
    return {c.organisation_id: lowest / Fraction(c.price) * points for c in candidates if c.price is not None}


def _given_points(candidates: Sequence[Candidate], given: Mapping[str, Decimal]) -> dict[str, Fraction]:
    missing = [c.name for c in candidates if c.organisation_id not in given]
    if missing:
        raise SheetsUnusable(cause="the points for the price are missing for " + ", ".join(missing))
    return {c.organisation_id: Fraction(given[c.organisation_id]) for c in candidates}


def _mean(sheets: list[Sheet]) -> Fraction:
    return sum((Fraction(sheet.total) for sheet in sheets), Fraction(0)) / len(sheets)


def _shown(score: Fraction) -> Decimal:
    return (Decimal(score.numerator) / Decimal(score.denominator)).quantize(SHOWN_DIGITS, ROUND_HALF_UP)


def _separated(level: list[Candidate], steps: list[TieStep], seed: str) -> list[tuple[Candidate, str]]:
    """Candidates of one score in order, each with the step that put it behind the one before."""
    if len(level) == 1 or not steps:
        level.sort(key=lambda c: c.organisation_id)
        return [(level[0], ""), *((c, "undecided") for c in level[1:])]
    step, rest = steps[0], steps[1:]
    if step is TieStep.DRAW:
        order = shuffled(seed, [c.organisation_id for c in level])
        level.sort(key=lambda c: order.index(c.organisation_id))
        return [(level[0], ""), *((c, str(step)) for c in level[1:])]
    ordered: list[tuple[Candidate, str]] = []
    for _, group in groupby(sorted(level, key=KEYS[step]), key=KEYS[step]):
        (first, note), *others = _separated(list(group), rest, seed)
        ordered += [(first, str(step) if ordered else note), *others]
    return ordered


def _price(candidate: Candidate) -> tuple[bool, Decimal]:
    return (candidate.price is None, candidate.price or Decimal(0))


KEYS: dict[TieStep, Callable[[Candidate], Any]] = {
    TieStep.LOWER_PRICE: _price,
    TieStep.SUPPORTED: lambda candidate: not candidate.supported,
    TieStep.TECHNICAL: lambda candidate: -candidate.technical,
}
