"""What is known about one purchase when its releases are written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from procurement.registers.comparison import Bid, Notice, Objection
from procurement.registers.money import CatalogueItem
from procurement.registers.parties import Agency, Organisation
from procurement.registers.performance import Contract, Milestone, Payment
from procurement.registers.publicity import Appeal
from procurement.registers.purchases import Purchase


@dataclass(frozen=True)
class Publisher:
    """Who publishes. ``prefix`` begins every ocid; ``office_code`` is the office's unified social credit code, or empty."""

    name: str
    prefix: str
    office_code: str = ""


@dataclass(frozen=True)
class Facts:
    """The register rows of one purchase; ``earlier`` are ocids of purchases it continues."""

    purchase: Purchase
    notices: Sequence[Notice]
    organisations: Mapping[str, Organisation]  # by id
    agency: Agency | None = None
    catalogue_item: CatalogueItem | None = None
    objections: Sequence[Objection] = ()
    appeals: Sequence[Appeal] = ()
    bids: Sequence[Bid] = ()
    contracts: Sequence[Contract] = ()
    milestones: Sequence[Milestone] = ()
    payments: Sequence[Payment] = ()
    earlier: Mapping[str, str] = field(default_factory=dict)  # purchase id → ocid

    def organisation_named(self, name: str) -> Organisation | None:
        """Notices name organisations; the register knows each name once."""
        return next((row for row in self.organisations.values() if row.name == name), None)
