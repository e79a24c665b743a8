"""What a detector says."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import Any

KINDS = (
    "same_file",
    "same_author",
    "same_device",
    "same_contact",
    "identical_prices",
    "patterned_prices",
    "clustered_prices",
    "splitting",
    "just_below_limit",
    "repeated_winner",
    "short_period",
    "single_bid",
)
# the moments of a purchase at which a diagram has them looked for
STAGES = ("need", "notice", "applications", "bids", "award")


@dataclass(frozen=True)
class Evidence:
    """One fact that was seen: ``what`` names the sort of fact, ``value`` is what it said, ``where`` whose it is."""

    what: str
    value: str
    where: str = ""

    def as_json(self) -> dict[str, str]:
        return {"what": self.what, "value": self.value, "where": self.where}


@dataclass(frozen=True)
class Finding:
    """A pattern with what shows it. ``organisations`` are the ids concerned, ``rule_id`` the row of red_flag_rules that counted."""

    kind: str  # one of KINDS
    rule_id: str
    organisations: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = field(default=())

    @property
    def fingerprint(self) -> str:
        """The same pattern among the same ones by the same evidence: found again, it is not a second flag."""
        parts = [self.kind, *sorted(self.organisations), *sorted(f"{e.what}\0{e.value}\0{e.where}" for e in self.evidence)]
        return hashlib.sha256("\1".join(parts).encode()).hexdigest()

    def evidence_json(self) -> list[dict[str, Any]]:
        return [one.as_json() for one in self.evidence]
