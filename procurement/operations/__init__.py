"""What a service task may call: type → function. What each reads and gives: procurement.operations.described."""

from __future__ import annotations

from collections.abc import Mapping

from engine.ports import Operation
from procurement.operations import (
    archiving,
    budgets,
    comparison,
    discretion,
    flags,
    lookups,
    messages,
    parties,
    performance,
    purchases,
    ranking,
    releases,
    results,
)

OPERATIONS: Mapping[str, Operation] = {
    **lookups.OPERATIONS,
    **budgets.OPERATIONS,
    **purchases.OPERATIONS,
    **parties.OPERATIONS,
    **comparison.OPERATIONS,
    **ranking.OPERATIONS,
    **results.OPERATIONS,
    **discretion.OPERATIONS,
    **flags.OPERATIONS,
    **performance.OPERATIONS,
    **archiving.OPERATIONS,
    **messages.OPERATIONS,
    **releases.OPERATIONS,
}
