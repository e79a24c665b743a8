"""What a service task may call: type → function. What each reads and gives: procurement.operations.described."""

from __future__ import annotations

from collections.abc import Mapping

from engine.ports import Operation
from procurement.operations import (
    applications,
    archiving,
    budgets,
    comparison,
    discretion,
    evidence,
    flags,
    lookups,
    messages,
    parties,
    performance,
    purchases,
    ranking,
    registering,
    releases,
    results,
    supplements,
)

OPERATIONS: Mapping[str, Operation] = {
    **lookups.OPERATIONS,
    **budgets.OPERATIONS,
    **purchases.OPERATIONS,
    **parties.OPERATIONS,
    **comparison.OPERATIONS,
    **applications.OPERATIONS,
    **evidence.OPERATIONS,
    **supplements.OPERATIONS,
    **registering.OPERATIONS,
    **ranking.OPERATIONS,
    **results.OPERATIONS,
    **discretion.OPERATIONS,
    **flags.OPERATIONS,
    **performance.OPERATIONS,
    **archiving.OPERATIONS,
    **messages.OPERATIONS,
    **releases.OPERATIONS,
}
