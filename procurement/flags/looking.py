"""Which detectors look at which moment of a purchase."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain

from procurement.flags import prices, purchasing, sharing
from procurement.flags.facts import ApplicationFacts, BidFacts
from procurement.flags.finding import Finding
from procurement.flags.limits import Limits


def at_applications(applications: Sequence[ApplicationFacts], limits: Limits) -> list[Finding]:
    return list(_enough(sharing.same_contact(applications), limits))


def at_bids(bids: Sequence[BidFacts], limits: Limits) -> list[Finding]:
    shared = chain(sharing.same_file(bids), sharing.same_author(bids), sharing.same_device(bids), prices.identical(bids))
    found = list(_enough(shared, limits))
    found += _if_known(limits, "price_gap_tolerance", lambda tolerance: prices.patterned(bids, tolerance))
    found += _if_known(limits, "price_band", lambda band: prices.clustered(bids, band))
    found += _if_known(limits, "single_bid_at_most", lambda most: purchasing.single_bid(bids, int(most)))
    return found


def _enough(findings: Iterable[Finding], limits: Limits) -> Iterator[Finding]:
    """Those that concern as many organisations as their rule asks."""
    for finding in findings:
        least = limits.number(finding.rule_id)
        if least is not None and len(finding.organisations) >= least:
            yield finding


def _if_known(limits: Limits, rule_id: str, look: Callable[..., Iterable[Finding]]) -> Iterator[Finding]:
    number = limits.number(rule_id)
    if number is not None:
        yield from look(number)
