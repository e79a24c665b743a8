"""Prices that independent bidders seldom give: the same, evenly spaced, in constant proportion, or all in a narrow band.

«规律性差异» is a signal of 87号令 第三十七条. Money in yuan; tolerances are shares (0.001 = 0.1 %).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import pairwise

from procurement.flags.facts import BidFacts
from procurement.flags.finding import Evidence, Finding

SHOWN = Decimal("0.0001")


def identical(bids: Sequence[BidFacts]) -> Iterator[Finding]:
    """Two or more organisations ask exactly the same."""
    by_price: dict[Decimal, list[BidFacts]] = {}
    for bid in bids:
        if bid.price is not None:
            by_price.setdefault(bid.price, []).append(bid)
    for same in by_price.values():
        if len(same) > 1:
            yield Finding("identical_prices", "identical_prices", _ids(same), tuple(_asked(same)))


def patterned(bids: Sequence[BidFacts], tolerance: Decimal) -> Iterator[Finding]:
    """At least three different prices with equal gaps, or each the same multiple of the one before.

    ``tolerance`` is how much the gaps, or the multiples, may differ from their mean, as a share of the mean.
    """
    priced = _ascending(bids)
    prices = [bid.price for bid in priced if bid.price is not None]
    if len(set(prices)) < 3 or len(set(prices)) != len(prices):
        return
    gaps = [high - low for low, high in pairwise(prices)]
    ratios = [high / low for low, high in pairwise(prices) if low]
    if _even(gaps, tolerance):
        seen = Evidence("equal_gaps", f"{sum(gaps, Decimal(0)) / len(gaps):.2f}")
    elif len(ratios) == len(gaps) and _even([ratio - 1 for ratio in ratios], tolerance):
        seen = Evidence("equal_ratios", str((sum(ratios, Decimal(0)) / len(ratios)).quantize(SHOWN)))
    else:
        return
    yield Finding("patterned_prices", "price_gap_tolerance", _ids(priced), (seen, *_asked(priced)))


def clustered(bids: Sequence[BidFacts], band: Decimal) -> Iterator[Finding]:
    """At least three prices, not all the same, whose highest is at most ``band`` above the lowest."""
    priced = _ascending(bids)
    if len(priced) < 3:
        return
    low, high = priced[0].price, priced[-1].price
    if not low or high is None or high == low or (high - low) / low > band:
        return
    seen = Evidence("spread", str(((high - low) / low).quantize(SHOWN)))
    yield Finding("clustered_prices", "price_band", _ids(priced), (seen, *_asked(priced)))


def _even(numbers: Sequence[Decimal], tolerance: Decimal) -> bool:
    mean = sum(numbers, Decimal(0)) / len(numbers)
    return mean != 0 and all(abs(number - mean) <= abs(mean) * tolerance for number in numbers)


def _ascending(bids: Sequence[BidFacts]) -> list[BidFacts]:
    return sorted((bid for bid in bids if bid.price is not None), key=lambda bid: (bid.price or 0, bid.organisation_id))


def _asked(bids: Sequence[BidFacts]) -> Iterator[Evidence]:
    return (Evidence("price", f"{bid.price:.2f}", bid.organisation_id) for bid in bids)


def _ids(bids: Sequence[BidFacts]) -> tuple[str, ...]:
    return tuple(sorted(bid.organisation_id for bid in bids))
