"""What every desk of the office shares: the database, the engine, the file store and the clock."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy.orm import Session

from engine.facade import Database, ProcessEngine
from engine.model import Actor
from engine.ports import Clock
from procurement.files import FileStore
from procurement.registers.edits import edit_as


@dataclass(frozen=True)
class Desk:
    """Rows come back detached: they can be read freely, and changing them changes nothing."""

    database: Database
    engine: ProcessEngine
    files: FileStore
    clock: Clock

    def now(self) -> dt.datetime:
        return self.clock.now()

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A session whose rows stay readable after it; nothing is written."""
        with self.database.unit_of_work() as work:
            yield work.session
            work.session.expunge_all()

    @contextmanager
    def editing(self, actor: Actor) -> Iterator[Session]:
        """A session that commits when the block ends well; every change is kept under the actor's name."""
        with self.database.unit_of_work() as work:
            edit_as(work.session, actor.user_id, self.now())
            yield work.session
            work.session.flush()
            work.session.expunge_all()
            work.commit()
