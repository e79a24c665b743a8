"""What a purchase rests on: the policy documents in force when it began, and what stands about it in the ledgers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from engine.errors import NotFound
from procurement.office.ledgers import Ledger, Query
from procurement.registers.ledgers import LedgerEntry
from procurement.registers.purchases import Purchase
from web.auth.people import acting
from web.pages.services import office, services

PACKS, EVERY_STEP, MOST = "rule_packs", "all", 200


@dataclass(frozen=True)
class Ground:
    """``entry`` was in force on the day the purchase began; ``newer`` has taken its place since."""

    entry: LedgerEntry
    newer: LedgerEntry | None
    ended_on: dt.date | None


def grounds(purchase: Purchase) -> list[Ground]:
    """The documents for the step the purchase is in, and those for every step; none where the office keeps no such ledger."""
    now = services().clock.now()
    began = purchase.started_at.date() if purchase.started_at else now.date()
    try:
        then = office().ledgers.search(Query(PACKS, on=began), actor=acting(), limit=MOST).items
        today = office().ledgers.search(Query(PACKS, on=now.date()), actor=acting(), limit=MOST).items
    except NotFound:
        return []
    newest = {row.key: row for row in today}
    wanted = [row for row in then if {EVERY_STEP, purchase.step} & set(row.values.get("applies_to") or ())]
    return [_ground(row, newest.get(row.key)) for row in sorted(wanted, key=lambda row: str(row.key))]


def entries(purchase: Purchase) -> list[tuple[Ledger, Sequence[LedgerEntry]]]:
    """What the ledgers the person may read say about the purchase."""
    return office().ledgers.of_purchase(purchase.id, actor=acting())


def _ground(row: LedgerEntry, newest: LedgerEntry | None) -> Ground:
    is_changed = newest is not None and newest.id != row.id
    return Ground(row, newest if is_changed else None, row.valid_until if newest is None else None)
