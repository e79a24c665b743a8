"""Every table of the registers, imported so that ``metadata`` is complete."""

from __future__ import annotations

from procurement.accounts import tables as accounts
from procurement.registers import (
    comparison,
    discretion,
    draws,
    edits,
    evidence,
    files,
    flags,
    ledgers,
    matters,
    messages,
    money,
    opendata,
    parties,
    performance,
    publicity,
    purchases,
    registering,
    scoring,
    sealing,
    surveys,
)
from procurement.registers.row import Row
from procurement.studio.tables import drafts, releases, replays, settings

metadata = Row.metadata

__all__ = [
    "accounts",
    "comparison",
    "discretion",
    "drafts",
    "draws",
    "edits",
    "evidence",
    "files",
    "flags",
    "ledgers",
    "matters",
    "messages",
    "metadata",
    "money",
    "opendata",
    "parties",
    "performance",
    "publicity",
    "purchases",
    "registering",
    "releases",
    "replays",
    "scoring",
    "sealing",
    "settings",
    "surveys",
]
