"""Patterns of the buyer: splitting, amounts just below a limit, the same winner again and again, short periods, one bid."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from procurement.flags.facts import BidFacts, PastAward, PurchaseFacts
from procurement.flags.finding import Evidence, Finding


def splitting(this: PurchaseFacts, others: Sequence[PurchaseFacts], limits: Mapping[str, Decimal]) -> Iterator[Finding]:
    """Purchases of one item in one year that stay within a limit one by one and pass it together.

    政府采购法 第二十八条, 政府采购法实施条例 第二十八条. ``limits``: rule id → yuan.
    """
    total = this.amount + sum((other.amount for other in others), Decimal(0))
    for rule_id, limit in sorted(limits.items()):
        if others and total > limit and all(one.amount <= limit for one in (this, *others)):
            seen = (Evidence("limit", f"{limit:.2f}", rule_id), Evidence("total", f"{total:.2f}"))
            each = (Evidence("purchase", f"{one.amount:.2f}", one.purchase_id) for one in (this, *others))
            yield Finding("splitting", "splitting", (), (*seen, *each))


def just_below(this: PurchaseFacts, limits: Mapping[str, Decimal], share: Decimal) -> Iterator[Finding]:
    """An amount within ``share`` below a limit (limit included)."""
    for rule_id, limit in sorted(limits.items()):
        if limit * (1 - share) <= this.amount <= limit:
            seen = (Evidence("limit", f"{limit:.2f}", rule_id), Evidence("amount", f"{this.amount:.2f}", this.purchase_id))
            yield Finding("just_below_limit", "just_below_share", (), seen)


def repeated_winner(winner: str, awards: Sequence[PastAward], *, least: int, share: Decimal) -> Iterator[Finding]:
    """The winner had been chosen at least ``least`` times, in at least ``share`` of the unit's ``awards``; this one counts."""
    won = [award for award in awards if award.organisation_id == winner]
    if len(won) < least or Decimal(len(won)) < share * len(awards):
        return
    seen = Evidence("won", f"{len(won)} / {len(awards)}", winner)
    each = (Evidence("award", f"{award.on.isoformat()} · {award.amount:.2f}", award.purchase_id) for award in won)
    yield Finding("repeated_winner", "repeated_winner_times", (winner,), (seen, *each))


def short_period(opened: dt.date, closes: dt.date, working_days: int, *, least: int, off_share: Decimal) -> Iterator[Finding]:
    """A period of at most ``least`` working days, or one more than ``off_share`` of whose days are off (a holiday in between)."""
    days = (closes - opened).days
    off = days - working_days
    long_holiday = days > 0 and off > days * off_share
    if working_days > least and not long_holiday:
        return
    seen = [Evidence("period", f"{opened.isoformat()} – {closes.isoformat()}"), Evidence("working_days", str(working_days))]
    if long_holiday:
        seen.append(Evidence("days_off", f"{off} / {days}"))
    yield Finding("short_period", "short_period_days", (), tuple(seen))


def single_bid(bids: Sequence[BidFacts], most: int) -> Iterator[Finding]:
    """So few bids that there was nothing to compare."""
    if 0 < len(bids) <= most:
        seen = tuple(Evidence("bid", bid.name, bid.organisation_id) for bid in bids)
        yield Finding("single_bid", "single_bid_at_most", tuple(bid.organisation_id for bid in bids), seen)
