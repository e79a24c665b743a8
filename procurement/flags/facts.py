"""What the detectors look at, taken from the registers beforehand."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal


@dataclass(frozen=True)
class FileFacts:
    """One file of a bid after the opening. Metadata that a file does not carry is an empty text."""

    name: str
    sha256: str
    author: str = ""
    last_modified_by: str = ""
    tool: str = ""
    created: str = ""  # as written in the file, to the second where it says so


@dataclass(frozen=True)
class BidFacts:
    """One opened bid. ``price`` in yuan; ``address`` and ``agent`` are what the server saw when it arrived."""

    organisation_id: str
    name: str
    price: Decimal | None
    files: tuple[FileFacts, ...] = ()
    address: str = ""
    agent: str = ""


@dataclass(frozen=True)
class ApplicationFacts:
    """Who stands behind an application: kind of contact (``phone``, ``contact`` …) → what was written."""

    organisation_id: str
    name: str
    contacts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class PurchaseFacts:
    """A purchase beside others of the same item and year. ``amount`` in yuan."""

    purchase_id: str
    title: str
    amount: Decimal


@dataclass(frozen=True)
class PastAward:
    """Somebody was chosen earlier by the same unit."""

    purchase_id: str
    organisation_id: str
    name: str
    amount: Decimal
    on: dt.date
