"""What was made of something, kept by its key until so many others were asked for since; any thread may ask."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock
from typing import TypeVar, cast

_T = TypeVar("_T")


class Kept(OrderedDict[Hashable, object]):
    """At most ``most`` things; the one not asked for the longest goes first."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self._most = most
        self._lock = Lock()

    def once(self, key: Hashable, make: Callable[[], _T]) -> _T:
        """What ``make`` gives for this key, made at most once while it is kept; a key always has the same maker.

        Of two who make it at the same time both get what the quicker one made, so that it is never mixed with another making.
        """
        with self._lock:
            if key in self:
                self.move_to_end(key)
                return cast(_T, self[key])
        made = make()
        with self._lock:
            kept = self.setdefault(key, made)
            while len(self) > self._most:
                self.popitem(last=False)
        return cast(_T, kept)
