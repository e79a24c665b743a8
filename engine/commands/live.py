"""Cases that stay in memory between commands, so that most commands read nothing but the lock."""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.model.operating import LiveCaseUse
from engine.spiff import Execution
from engine.store.case import Case

if TYPE_CHECKING:
    from engine.commands.host import CaseHost

CAPACITY = 500


@dataclass
class LiveCase:
    case: Case
    host: CaseHost
    execution: Execution | None  # None when the case has ended


class LiveCases:
    """The most recently used cases. A case is taken out while a command works on it and given back after its commit."""

    def __init__(self, capacity: int = CAPACITY) -> None:
        self._capacity = capacity
        self._lock = threading.Lock()
        self._cases: OrderedDict[int, LiveCase] = OrderedDict()
        self.hits = self.misses = 0

    def take(self, root_key: int, version: int) -> LiveCase | None:
        """The case as of ``version``, which the caller has read under the row lock; another process may have gone on since."""
        with self._lock:
            found = self._cases.pop(root_key, None)
            if found is not None and found.case.version == version:
                self.hits += 1
                return found
            self.misses += 1
        return None

    def give_back(self, live: LiveCase) -> None:
        """After the commit (or an untouched return): never after an exception that may have left it half changed."""
        with self._lock:
            known = self._cases.get(live.case.root_key)
            if known is not None and known.case.version > live.case.version:
                return
            self._cases[live.case.root_key] = live
            self._cases.move_to_end(live.case.root_key)
            while len(self._cases) > self._capacity:
                self._cases.popitem(last=False)

    def use(self) -> LiveCaseUse:
        return LiveCaseUse(self.hits, self.misses, len(self._cases))

    def forget(self, root_key: int | None = None) -> None:
        """Drop one case, or all of them."""
        with self._lock:
            if root_key is None:
                self._cases.clear()
            else:
                self._cases.pop(root_key, None)
