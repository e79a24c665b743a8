"""One PostgreSQL database and the pool of connections to it."""

from __future__ import annotations

import time
import weakref
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

import sqlalchemy.exc
from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.pool import ConnectionPoolEntry, QueuePool

from engine.store import migrate
from engine.store.direct import Direct
from engine.store.keys import Keys
from engine.store.unit_of_work import UnitOfWork

LOCK_WAIT = "15s"  # commands take milliseconds; whoever waits longer is told so instead of hanging
# a machine that was switched off answers nothing at all: notice it within half a minute instead of after hours
PATIENCE = {
    "connect_timeout": "5",
    "keepalives_idle": "10",
    "keepalives_interval": "5",
    "keepalives_count": "3",
    "tcp_user_timeout": "20000",
}
IDLE_S = 20  # a connection unused for longer is asked whether it still lives; asking every time would cost each command a trip


@dataclass
class _Generation:
    """Of the pool: a connection lent before it was given up is closed when it comes back."""

    number: int = 0


@dataclass(frozen=True)
class PoolUse:
    in_use: int
    most: int


class Database:
    """``url`` is SQLAlchemy's (``postgresql+psycopg://…``) or plain ``postgresql://…``. Cheap to make; connects when used."""

    def __init__(self, url: str, pool_size: int = 10) -> None:
        self._url = _patient(make_url(url).set(drivername="postgresql+psycopg"))
        self._overflow = pool_size
        self.engine = create_engine(self._url, pool_size=pool_size, max_overflow=self._overflow, pool_timeout=30)
        self._direct = Direct(self.conninfo, LOCK_WAIT)
        self.keys = Keys(self._direct)
        self._generation = _Generation()
        _limit_waiting(self.engine)
        _ping_after_idling(self.engine)
        _close_what_comes_late(self.engine, self._generation)
        weakref.finalize(self, self.engine.dispose)  # a thread may ask once more after ``dispose``

    @property
    def url(self) -> URL:
        return self._url

    @property
    def conninfo(self) -> str:
        """The same database as libpq writes it, for the job queue's own connections."""
        return self._url.set(drivername="postgresql").render_as_string(hide_password=False)

    def unit_of_work(self, opening: Callable[[UnitOfWork], None] | None = None) -> UnitOfWork:
        """A transaction as a context manager; leaving it without ``commit()`` rolls back. ``opening`` is its first act."""
        return UnitOfWork(self.engine, self.keys, self._direct, opening)

    def migrate(self) -> None:
        """Bring the engine's tables to the newest revision. Several processes may start at once: one migrates, others wait."""
        with self.engine.begin() as connection:
            migrate.upgrade(connection)

    def refuse_newer(self) -> None:
        """Raises DatabaseNewer when a later version than this one has changed the tables."""
        with self.engine.connect() as connection:
            migrate.refuse_newer(migrate.configuration(connection), migrate.VERSION_TABLE)

    def is_migrated(self) -> bool:
        """Whether the tables are at this version's revision."""
        with self.engine.connect() as connection:
            return migrate.is_current(migrate.configuration(connection), migrate.VERSION_TABLE)

    def pool_use(self) -> PoolUse:
        """Connections in use now, and how many there may be at most."""
        pool = cast(QueuePool, self.engine.pool)
        return PoolUse(pool.checkedout(), pool.size() + self._overflow)

    def dispose(self) -> None:
        """Close every idle connection; those in use are closed as they come back."""
        self._generation.number += 1
        self.engine.dispose()
        self._direct.close()


def _patient(url: URL) -> URL:
    """The address with how long to wait for a server that says nothing, unless it tells already."""
    return url.update_query_dict({name: value for name, value in PATIENCE.items() if name not in url.query})


def _limit_waiting(engine: Engine) -> None:
    """Set once for each connection: within each transaction it would cost every command another round trip."""

    @event.listens_for(engine, "connect")
    def limit(connection: Any, _entry: ConnectionPoolEntry) -> None:
        connection.execute(f"set lock_timeout = '{LOCK_WAIT}'")
        connection.commit()


def _ping_after_idling(engine: Engine) -> None:
    @event.listens_for(engine, "checkin")
    def stamp(_connection: Any, entry: ConnectionPoolEntry) -> None:
        entry.info["used"] = time.monotonic()

    @event.listens_for(engine, "checkout")
    def ping(connection: Any, entry: ConnectionPoolEntry, _proxy: Any) -> None:
        if time.monotonic() - entry.info.get("used", time.monotonic()) < IDLE_S:
            return
        try:
            alive = engine.dialect.do_ping(connection)
        except engine.dialect.loaded_dbapi.Error as error:
            raise sqlalchemy.exc.DisconnectionError from error
        if not alive:
            raise sqlalchemy.exc.DisconnectionError


def _close_what_comes_late(engine: Engine, generation: _Generation) -> None:
    """Without this it would lie in a pool that nobody asks any more, open until it is collected as garbage."""

    @event.listens_for(engine, "connect")
    def born(_connection: Any, entry: ConnectionPoolEntry) -> None:
        entry.info["generation"] = generation.number

    @event.listens_for(engine, "checkin")
    def late(connection: Any, entry: ConnectionPoolEntry) -> None:
        if connection is not None and entry.info.get("generation") != generation.number:
            connection.close()
