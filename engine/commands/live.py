"""Cases that stay in memory between commands, so that most commands read nothing but the lock."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from engine.model.operating import LiveCaseUse
from engine.spiff import Execution
from engine.store import cases
from engine.store.case import Case

if TYPE_CHECKING:
    from engine.commands.host import CaseHost

CAPACITY = 500
OVER = {"completed", "terminated"}
FOUND_BY = {cases.BY_TASK, cases.BY_ROOT, cases.BY_INSTANCE}


@dataclass
class LiveCase:
    case: Case
    host: CaseHost
    execution: Execution | None  # None when the case has ended
    listed: set[int] = field(default_factory=set)  # the open tasks it can be found by


class LiveCases:
    """The most recently used cases. A case is taken out while a command works on it and given back after its commit."""

    def __init__(self, capacity: int = CAPACITY) -> None:
        self._capacity = capacity
        self._lock = threading.Lock()
        self._cases: OrderedDict[int, LiveCase] = OrderedDict()
        self._roots: dict[int, int] = {}  # by open task
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

    def borrow(self, by: str, key: int) -> LiveCase | None:
        """The case as memory has it, which may be behind the database: whoever writes says from which version on."""
        with self._lock:
            root_key = self._roots.get(key) if by == cases.BY_TASK else key
            if root_key is None or by not in FOUND_BY:
                return None
            found = self._cases.pop(root_key, None)
            self.hits += found is not None
            return found

    def give_back(self, live: LiveCase) -> None:
        """After the commit (or an untouched return): never after an exception that may have left it half changed.

        Cases that have ended are rarely asked for again.
        """
        live.host.step = None
        if live.case.state in OVER:
            return
        with self._lock:
            known = self._cases.get(live.case.root_key)
            if known is not None and known.case.version > live.case.version:
                return
            self._cases[live.case.root_key] = live
            self._cases.move_to_end(live.case.root_key)
            self._list(live)
            while len(self._cases) > self._capacity:
                self._unlist(self._cases.popitem(last=False)[1].listed)

    def _list(self, live: LiveCase) -> None:
        now = live.case.tasks.keys()
        if now != live.listed:
            self._roots.update(dict.fromkeys(now - live.listed, live.case.root_key))
            self._unlist(live.listed - now)
            live.listed = set(now)

    def _unlist(self, tasks: Iterable[int]) -> None:
        for key in tasks:
            self._roots.pop(key, None)

    def use(self) -> LiveCaseUse:
        return LiveCaseUse(self.hits, self.misses, len(self._cases))

    def forget(self, root_key: int | None = None) -> None:
        """Drop one case, or all of them."""
        with self._lock:
            if root_key is None:
                self._cases.clear()
                self._roots.clear()
            elif found := self._cases.pop(root_key, None):
                self._unlist(found.listed)
