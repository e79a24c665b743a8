"""Who compared a draft, ran its cases or replayed the past on it, and whether that was the draft as it is now."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from engine.facade import Database
from engine.model import Actor
from engine.ports import Clock
from procurement.studio import records
from procurement.studio.tables.releases import LookedRow

COMPARED, REPLAYED, CASES = "compared", "replayed", "cases"
WHAT = (CASES, COMPARED, REPLAYED)


@dataclass(frozen=True)
class Look:
    """``fresh``: the draft has not changed since."""

    what: str
    by: str
    at: dt.datetime
    fresh: bool
    found: dict[str, Any]


class Looked:
    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def mark(self, draft: int, what: str, *, actor: Actor, found: dict[str, Any] | None = None) -> None:
        """Remember that ``actor`` has just looked at the draft as it is. Raises NotFound."""
        with self._database.unit_of_work() as work:
            revision = records.draft_row(work.session, draft).revision
            row = LookedRow(
                draft_key=draft, what=what, by=actor.user_id, at=self._clock.now(), revision=revision, found=found or {}
            )
            work.session.merge(row)
            work.session.flush()
            work.commit()

    def of(self, draft: int) -> dict[str, Look]:
        """By what was looked at. Raises NotFound."""
        with self._database.unit_of_work() as work:
            revision = records.draft_row(work.session, draft).revision
            rows = work.session.scalars(select(LookedRow).where(LookedRow.draft_key == draft, LookedRow.what.in_(WHAT)))
            return {row.what: Look(row.what, row.by, row.at, row.revision == revision, dict(row.found)) for row in rows}
