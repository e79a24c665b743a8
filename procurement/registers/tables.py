"""Every table of the registers, imported so that ``metadata`` is complete."""

from __future__ import annotations

from procurement.accounts import tables as accounts
from procurement.registers import comparison, edits, files, money, parties, performance, purchases, sealing
from procurement.registers.row import Row
from procurement.studio.tables import drafts, releases, replays, settings

metadata = Row.metadata

__all__ = [
    "accounts",
    "comparison",
    "drafts",
    "edits",
    "files",
    "metadata",
    "money",
    "parties",
    "performance",
    "purchases",
    "releases",
    "replays",
    "sealing",
    "settings",
]
