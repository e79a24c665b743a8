"""Numbers for instances, elements, tasks, jobs: one sequence of the database, fetched in blocks by each process."""

from __future__ import annotations

import threading

from engine.store.direct import Direct

BLOCK = 1000  # the sequence's increment: nextval hands a process this many numbers at once


class Keys:
    """Shared by all threads of a process. A rolled back transaction loses its numbers, which is harmless."""

    def __init__(self, direct: Direct) -> None:
        self._direct = direct
        self._lock = threading.Lock()
        self._next = 0
        self._end = 0

    def new(self) -> int:
        """A number never used before in this database; asks it for the next block once in a thousand times.

        Never on the connection of a transaction in hand: opening one may wait for a lock, and who holds it for a number.
        """
        with self._lock:
            if self._next >= self._end:
                self._next = self._direct.number("select nextval('engine_key')")
                self._end = self._next + BLOCK
            key = self._next
            self._next += 1
            return key
