"""Numbers for instances, elements, tasks, jobs: one sequence of the database, fetched in blocks by each process."""

from __future__ import annotations

import threading
from collections.abc import Callable

import psycopg

BLOCK = 1000  # the sequence's increment: nextval hands a process this many numbers at once


class Keys:
    """Shared by all threads of a process. A rolled back transaction loses its numbers, which is harmless."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._next = 0
        self._end = 0

    def new(self, connect: Callable[[], psycopg.Connection[tuple[object, ...]]]) -> int:
        """A number never used before in this database; asks a connection for the next block once in a thousand times."""
        with self._lock:
            if self._next >= self._end:
                row = connect().execute("select nextval('engine_key')").fetchone()
                assert row is not None
                self._next = int(str(row[0]))
                self._end = self._next + BLOCK
            key = self._next
            self._next += 1
            return key
