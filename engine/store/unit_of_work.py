"""The only place that commits."""

from __future__ import annotations

from collections.abc import Callable
from types import TracebackType
from typing import Any, Self, cast

import psycopg
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from engine.store.keys import Keys


class UnitOfWork:
    """One transaction. ``session`` works in it; ``commit`` may be called once; leaving without it undoes everything."""

    def __init__(self, engine: Engine, keys: Keys) -> None:
        self._keys = keys
        self._after: list[Callable[[], None]] = []
        self._driver: psycopg.Connection[Any] | None = None
        self.session = Session(engine, autoflush=True, expire_on_commit=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.session.close()

    @property
    def driver(self) -> psycopg.Connection[Any]:
        """The psycopg connection of this transaction, for statements whose cost matters."""
        if self._driver is None:
            self._driver = cast("psycopg.Connection[Any]", self.session.connection().connection.driver_connection)
        return self._driver

    def new_key(self) -> int:
        return self._keys.new(lambda: self.driver)

    def after_commit(self, action: Callable[[], None]) -> None:
        """Do ``action`` once the transaction is safe; it must not fail for reasons of the database."""
        self._after.append(action)

    def commit(self) -> None:
        """Make everything durable, then do what was to follow."""
        self.session.commit()
        self.session.close()
        for action in self._after:
            action()
