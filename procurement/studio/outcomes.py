"""Results of cases, kept by what they were run over: the page of a draft's cases asks again and again, and little changes."""

from __future__ import annotations

import hashlib
import threading
import time
from collections import Counter, OrderedDict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from engine.sandbox import AnyCase, CaseFileInvalid, CaseResult, Coverage, Difference, Sandbox
from engine.sandbox.project import Files
from procurement.studio.case_runs import Unreadable

KEPT = 3_000  # outcomes; one holds some kilobytes
FRESH_S = 600  # the office's working days belong to no file: what they changed is seen after this
Key = tuple[str, str, int]


@dataclass(frozen=True)
class Outcome:
    """What is kept of a result: enough to list it and to count what it reached. ``number`` counts from 0 in its file."""

    path: str
    number: int
    case: AnyCase
    differences: tuple[Difference, ...]
    flows: Counter[tuple[str, str]]
    elements: Counter[tuple[str, str]]
    rules: Counter[tuple[str, int]]

    @property
    def ok(self) -> bool:
        return not self.differences

    @property
    def is_of_process(self) -> bool:
        return hasattr(self.case, "process")


@dataclass
class Outcomes:
    """``left``: cases that were not run for want of time; asking again goes on with them."""

    outcomes: list[Outcome] = field(default_factory=list)
    unreadable: list[Unreadable] = field(default_factory=list)
    left: int = 0

    @property
    def wrong(self) -> list[Outcome]:
        return [outcome for outcome in self.outcomes if not outcome.ok]

    @property
    def coverage(self) -> Coverage:
        found = Coverage()
        for outcome in self.outcomes:
            found.flows.update(outcome.flows)
            found.elements.update(outcome.elements)
            found.rules.update(outcome.rules)
        return found


class Keeper:
    """Outcomes by the digest of the files they depend on. Any thread may ask."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Key, Outcome] = OrderedDict()
        self._lock = threading.Lock()

    def run(self, sandbox: Sandbox, paths: Iterable[str], seconds: float) -> Outcomes:
        """The outcomes of the cases of these files, as many as can be run in ``seconds`` and all that are known."""
        found, until = Outcomes(), time.monotonic() + seconds
        world = f"{digest_of(sandbox.project.files)} {int(time.monotonic() // FRESH_S)}"
        for path in paths:
            try:
                cases = sandbox.project.cases_of(path)
            except CaseFileInvalid as error:
                found.unreadable.append(Unreadable(path, error))
                continue
            for number, case in enumerate(cases):
                key = (world, _digest(sandbox.project.files[path]) + path, number)
                outcome = self._known(key)
                if outcome is None and time.monotonic() > until:
                    found.left += 1
                    continue
                found.outcomes.append(outcome or self._keep(key, _outcome(path, number, sandbox.check(case))))
        return found

    def _known(self, key: Key) -> Outcome | None:
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
            return self._kept.get(key)

    def _keep(self, key: Key, outcome: Outcome) -> Outcome:
        with self._lock:
            self._kept[key] = outcome
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        return outcome


def digest_of(files: Files) -> str:
    """Of everything a case may run through: all diagrams, tables and forms."""
    whole = hashlib.sha256()
    for path in _run_through(files):
        whole.update(f"{path} {_digest(files[path])}\n".encode())
    return whole.hexdigest()


def _run_through(files: Files) -> Iterator[str]:
    return (path for path in sorted(files) if path.endswith((".bpmn", ".dmn", ".form")))


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _outcome(path: str, number: int, result: CaseResult) -> Outcome:
    reached = Coverage()
    reached.add(result)
    return Outcome(path, number, result.case, result.differences, reached.flows, reached.elements, reached.rules)
