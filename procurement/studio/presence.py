"""Who has a draft open at this moment, and which file."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert

from engine.facade import Database
from engine.model import Actor
from engine.ports import Clock
from procurement.studio import records
from procurement.studio.tables.drafts import PresenceRow

HEARTBEAT_S = 15  # how often a page says that it is there
ABSENT_AFTER = dt.timedelta(seconds=3 * HEARTBEAT_S)


@dataclass(frozen=True)
class Present:
    """One open page of somebody."""

    login: str
    path: str
    seen_at: dt.datetime


class Presence:
    """Kept in the database, so that it is the same on every server."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def seen(self, key: int, window: str, path: str, *, actor: Actor) -> tuple[Present, ...]:
        """This page is open on ``path``; the answer is who else is in the draft. Raises NotFound."""
        now = self._clock.now()
        values = {"login": actor.user_id, "path": path[:300], "seen_at": now}
        statement = insert(PresenceRow).values(draft_key=key, window_id=window[:64], **values)
        with self._database.unit_of_work() as work:
            records.draft_row(work.session, key)
            work.session.execute(delete(PresenceRow).where(PresenceRow.seen_at < now - ABSENT_AFTER))
            work.session.execute(statement.on_conflict_do_update(index_elements=["draft_key", "window_id"], set_=values))
            others = select(PresenceRow).where(PresenceRow.draft_key == key, PresenceRow.window_id != window[:64])
            rows = work.session.scalars(others.order_by(PresenceRow.login, PresenceRow.window_id)).all()
            present = tuple(Present(row.login, row.path, row.seen_at) for row in rows)
            work.commit()
        return present

    def left(self, key: int, window: str) -> None:
        """The page was closed."""
        with self._database.unit_of_work() as work:
            mine = (PresenceRow.draft_key == key, PresenceRow.window_id == window[:64])
            work.session.execute(delete(PresenceRow).where(*mine))
            work.commit()

    def others(self, key: int) -> tuple[Present, ...]:
        """Everybody in the draft now."""
        since = self._clock.now() - ABSENT_AFTER
        query = select(PresenceRow).where(PresenceRow.draft_key == key, PresenceRow.seen_at >= since)
        with self._database.unit_of_work() as work:
            rows = work.session.scalars(query.order_by(PresenceRow.login)).all()
            return tuple(Present(row.login, row.path, row.seen_at) for row in rows)
