"""How the demo's experts score: on their own sheets, each a little differently, and signed."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from engine.model import Actor
from procurement.office import Office
from procurement.office.scored import OwnSheet
from procurement.scoring.marks import is_extreme
from procurement.scoring.sheets import CENT, SUBJECTIVE, Item

TASK = "score_bids"
REASON = "参选文件相应章节逐条对应，见评审记录。"


def score(office: Office, purchase_id: str, actor: Actor, shares: Mapping[str, Decimal] | None = None) -> str:
    """Fill in and sign the actor's sheet; gives its SHA-256. ``shares``: organisation → share of each item's maximum.

    Without it the bids come out in the order they were handed in, and the experts differ by a grade here and there.
    """
    own = office.scoring.own_sheet(purchase_id, actor=actor)
    marks = {
        str(bid["organisation_id"]): {
            item.id: _mark(item, shares[str(bid["organisation_id"])] if shares else _usual(own, n, k, actor))
            for k, item in enumerate(own.sheet.of_kind(SUBJECTIVE))
        }
        for n, bid in enumerate(own.bids)
    }
    office.scoring.save(purchase_id, marks, "", actor=actor)
    return office.scoring.sign(purchase_id, actor=actor)


def _usual(own: OwnSheet, n: int, k: int, actor: Actor) -> Decimal:
    """The share of an item's points the n-th bid gets for the k-th item from this expert."""
    taste = (sum(map(ord, actor.user_id)) + k) % 3
    return max(Decimal(1) - Decimal(n) / (len(own.bids) + 1) - Decimal(taste) / 20, Decimal("0.2"))


def _mark(item: Item, share: Decimal) -> dict[str, Any]:
    """The grade nearest to that share of the maximum, with the reason an extreme one owes."""
    wanted = (item.maximum * share).quantize(CENT)
    level = min(item.levels, key=lambda one: max(one.low - wanted, wanted - one.points, Decimal(0)))
    points = min(max(wanted, level.low), level.points)
    return {"points": points, "reason": REASON if is_extreme(item, points) else ""}
