"""The only place that commits."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from types import TracebackType
from typing import Any, Self, cast

import psycopg
from sqlalchemy import ColumnElement, Connection, Engine, RootTransaction, exists, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from engine.errors import Conflict
from engine.store.direct import Direct
from engine.store.keys import Keys


class OutcomeUnknown(Conflict):
    """The database went away while this was being stored. Reload to see whether it was done, before doing it again."""


def sqlstate(error: psycopg.Error | DBAPIError) -> str | None:
    """PostgreSQL's five letters for what went wrong; None when the server did not say."""
    return getattr(error.orig if isinstance(error, DBAPIError) else error, "sqlstate", None)


def is_lost(error: psycopg.Error | DBAPIError) -> bool:
    """The connection is gone, not only the statement."""
    original = error.orig if isinstance(error, DBAPIError) else error
    state = sqlstate(error)
    return isinstance(original, psycopg.OperationalError) and (state is None or state.startswith(("08", "57P")))


class UnitOfWork:
    """One transaction. ``session`` works in it; ``commit`` may be called once; leaving without it undoes everything.

    Connection and session are made when first asked for: most commands need only ``run``. ``opening`` is done first thing in
    the transaction, should one be opened.
    """

    def __init__(self, engine: Engine, keys: Keys, direct: Direct, opening: Callable[[UnitOfWork], None] | None = None) -> None:
        self._direct = direct
        self._opening = opening
        self._engine = engine
        self._keys = keys
        self._connection: Connection | None = None
        self._transaction: RootTransaction | None = None
        self._session: Session | None = None
        self._driver: psycopg.Connection[Any] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._close()

    @property
    def connection(self) -> Connection:
        if self._connection is None:
            self._connection = self._engine.connect()
            self._transaction = self._connection.begin()
            if self._opening is not None:
                self._opening(self)
        return self._connection

    @property
    def is_open(self) -> bool:
        """A transaction has begun."""
        return self._connection is not None

    @property
    def session(self) -> Session:
        if self._session is None:
            self._session = Session(self.connection, expire_on_commit=False, join_transaction_mode="rollback_only")
        return self._session

    @property
    def driver(self) -> psycopg.Connection[Any]:
        """The psycopg connection of this transaction, for statements whose cost matters."""
        if self._driver is None:
            self._driver = cast("psycopg.Connection[Any]", self.connection.connection.driver_connection)
        return self._driver

    def run(self, text: str, values: Sequence[str | None]) -> int:
        """One statement with ``$1`` …, values in PostgreSQL's text form; returns how many rows it gave. When nothing is open it
        may be a transaction by itself, durable when this returns.
        """
        found = None if self.is_open else self._direct.run(text, values)
        if found is not None:
            return found
        with psycopg.RawCursor(self.driver) as cursor:  # written with $1 already: nothing to look for in a long text
            return cursor.execute(text.encode(), values).rowcount

    def rows(self, text: str, values: Sequence[str | None]) -> list[tuple[str, ...]] | None:
        """What a query gives, as text; None when a transaction is open or no connection is free: ask in the usual way."""
        return None if self.is_open else self._direct.rows(text, values)

    def holds(self, condition: ColumnElement[bool]) -> bool:
        """Whether any row meets ``condition``."""
        return bool(self.session.execute(select(exists().where(condition))).scalar())

    def new_key(self) -> int:
        return self._keys.new()

    def commit(self) -> None:
        """Make everything durable. Raises OutcomeUnknown when the connection breaks before the database has answered."""
        if self._session is not None:
            self._session.commit()  # flushes; the transaction is this unit's
        if self._transaction is not None:
            try:
                self._transaction.commit()
            except DBAPIError as error:
                if is_lost(error):
                    raise OutcomeUnknown from error
                raise
        self._close()

    def _close(self) -> None:
        """Give the connection back; whatever was not committed is undone."""
        if self._session is not None:
            self._session.close()
        if self._connection is not None:
            self._connection.close()
        self._session = self._connection = self._transaction = self._driver = None
