"""Statements that are a transaction by themselves, sent with libpq's own call on connections kept for nothing else.

The driver's cursor costs as much again as the server's work for a small statement, and begin and commit cost a round trip
each. The connections are apart from the pool because the driver forgets all prepared statements of a connection at each
rollback, which is how every transaction that only reads ends. Here each statement is planned once per connection, without
its values (``force_generic_plan``): all of them name their rows by key, so no value could make for a better plan.
"""

from __future__ import annotations

import select
import threading
import weakref
from collections.abc import Sequence
from typing import Any

import psycopg
from psycopg.errors import error_from_result
from psycopg.pq import ConnStatus, ExecStatus
from psycopg.pq.abc import PGresult

AT_ONCE = 8  # connections; whoever finds none free uses a transaction of the pool
KEPT = 300  # prepared statements on one connection; a few dozen are usual, what comes later is planned each time
_DONE = {ExecStatus.COMMAND_OK, ExecStatus.TUPLES_OK}


class Unanswered(psycopg.OperationalError):
    """The connection broke after the statement was sent: nobody knows whether it was done."""


class Direct:
    """``conninfo`` is libpq's; ``lock_wait`` as ``lock_timeout`` takes it. Connects when used."""

    def __init__(self, conninfo: str, lock_wait: str) -> None:
        self._conninfo = conninfo
        self._setting = f"set lock_timeout = '{lock_wait}'; set plan_cache_mode = force_generic_plan"
        self._lock = threading.Lock()
        self._idle: list[_Wire] = []
        self._made = 0
        weakref.finalize(self, _end, self._idle)

    def run(self, text: str, values: Sequence[str | None]) -> int | None:
        """How many rows it gave, durably; None when no connection was free and nothing was done. Raises Unanswered, psycopg.Error."""
        wire = self._take(AT_ONCE)
        if wire is None:
            return None
        try:
            return wire.run(text, values).ntuples
        finally:
            self._give_back(wire)

    def rows(self, text: str, values: Sequence[str | None]) -> list[tuple[str, ...]] | None:
        """What a query gives, in PostgreSQL's text form and nothing null; None when no connection was free."""
        wire = self._take(AT_ONCE)
        if wire is None:
            return None
        try:
            found = wire.run(text, values)
        finally:
            self._give_back(wire)
        columns = range(found.nfields)
        return [tuple([(found.get_value(row, column) or b"").decode() for column in columns]) for row in range(found.ntuples)]

    def number(self, text: str) -> int:
        """The one number a statement gives. Never waits for a connection: others may wait for what it gives. Raises psycopg.Error."""
        wire = self._take(AT_ONCE + 1, or_raise=True)
        assert wire is not None, "only one at a time asks for a number"
        try:
            return int(wire.run(text, ()).get_value(0, 0) or b"0")
        finally:
            self._give_back(wire)

    def close(self) -> None:
        """End the idle connections."""
        with self._lock:
            self._made -= len(self._idle)
            _end(self._idle)

    def _take(self, limit: int, *, or_raise: bool = False) -> _Wire | None:
        with self._lock:
            while self._idle:
                wire = self._idle.pop()
                if wire.is_alive():
                    return wire
                self._made -= 1
                wire.connection.close()
            if self._made >= limit:
                return None
            self._made += 1
        connection: psycopg.Connection[Any] | None = None
        try:
            connection = psycopg.connect(self._conninfo, autocommit=True, prepare_threshold=None)
            connection.execute(self._setting)
        except BaseException as error:
            if connection is not None:
                connection.close()
            with self._lock:
                self._made -= 1
            if (
                isinstance(error, psycopg.OperationalError) and not or_raise
            ):  # full, or gone: the pool may have a connection, or says so itself
                return None
            raise
        return _Wire(connection)

    def _give_back(self, wire: _Wire) -> None:
        with self._lock:
            if wire.pgconn.status == ConnStatus.OK:
                self._idle.append(wire)
            else:
                self._made -= 1
                wire.connection.close()


def _end(wires: list[_Wire]) -> None:
    """Close and forget them."""
    while wires:
        wires.pop().connection.close()


class _Wire:
    """A connection and what is prepared on it."""

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self.connection = connection
        self.pgconn = connection.pgconn
        self._names: dict[str, bytes] = {}
        self._poll = select.poll()
        self._poll.register(self.pgconn.socket, select.POLLIN)

    def is_alive(self) -> bool:
        """Nothing can be read from an idle connection but that the server has gone."""
        return not self._poll.poll(0)

    def run(self, text: str, values: Sequence[str | None]) -> PGresult:
        sent: list[Any] = [None if value is None else value.encode() for value in values]
        if any(value is not None and 0 in value for value in sent):  # libpq would take what is before it for the whole
            raise psycopg.DataError("PostgreSQL text fields cannot contain NUL (0x00) bytes")
        name = self._names.get(text)
        if name is None:
            if len(self._names) >= KEPT:
                return self._checked(self.pgconn.exec_params(text.encode(), sent))
            name = b"engine_%d" % len(self._names)
            self._checked(self.pgconn.prepare(name, text.encode()))
            self._names[text] = name
        return self._checked(self.pgconn.exec_prepared(name, sent))

    def _checked(self, result: PGresult) -> PGresult:
        if result.status in _DONE:
            return result
        if self.pgconn.status != ConnStatus.OK:
            raise Unanswered(result.get_error_message())
        raise error_from_result(result)
