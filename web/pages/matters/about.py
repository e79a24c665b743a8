"""The matters of one purchase, contract or organisation, for the pages of these."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from procurement.registers.matters import Matter
from web.auth.people import acting
from web.pages.services import office

COLUMNS = {
    "purchase": "purchase_id",
    "contract": "contract_id",
    "organisation": "organisation_id",
    "agency": "agency_id",
}
MOST = 20


@dataclass(frozen=True)
class Concerning:
    """``may_begin``: whether the person may begin one about it."""

    matters: Sequence[Matter]
    may_begin: bool


def concerning(kind: str, subject: str) -> Concerning:
    """The newest, as far as the person may see them."""
    actor = acting()
    found = office().matters.about(actor=actor, limit=MOST, **{COLUMNS[kind]: subject})
    return Concerning(found, bool(office().matters.startable(actor, kind)))
