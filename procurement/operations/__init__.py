"""What a service task may call: type → function. What each reads and gives: procurement.operations.described."""

from __future__ import annotations

from collections.abc import Mapping

from engine.ports import Operation
from procurement.operations import (
    appeals,
    applications,
    archiving,
    budgets,
    comparison,
    contracting,
    discretion,
    drawing,
    evidence,
    flags,
    lookups,
    messages,
    objections,
    parties,
    performance,
    publicity,
    purchases,
    ranking,
    registering,
    releases,
    results,
    scoring,
    sealing,
    settling,
    supplements,
)

OPERATIONS: Mapping[str, Operation] = {
    **lookups.OPERATIONS,
    **budgets.OPERATIONS,
    **purchases.OPERATIONS,
    **parties.OPERATIONS,
    **comparison.OPERATIONS,
    **drawing.OPERATIONS,
    **applications.OPERATIONS,
    **evidence.OPERATIONS,
    **supplements.OPERATIONS,
    **registering.OPERATIONS,
    **ranking.OPERATIONS,
    **scoring.OPERATIONS,
    **sealing.OPERATIONS,
    **settling.OPERATIONS,
    **results.OPERATIONS,
    **objections.OPERATIONS,
    **publicity.OPERATIONS,
    **appeals.OPERATIONS,
    **discretion.OPERATIONS,
    **flags.OPERATIONS,
    **contracting.OPERATIONS,
    **performance.OPERATIONS,
    **archiving.OPERATIONS,
    **messages.OPERATIONS,
    **releases.OPERATIONS,
}
