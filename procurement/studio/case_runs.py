"""All cases of some folders at once: each with its result, and what they reach together."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from engine.errors import EngineError
from engine.sandbox import CaseFileInvalid, CaseResult, Coverage, Project, Sandbox


@dataclass(frozen=True)
class Unreadable:
    """A case file that holds no cases; ``error`` says why."""

    path: str
    error: CaseFileInvalid


@dataclass(frozen=True)
class Uncovered:
    """One sequence flow no case takes: ``name`` is what it answers, else ""."""

    process: str
    flow: str
    name: str
    source: str
    target: str


@dataclass(frozen=True)
class Unmatched:
    """The rules of one table no case matches, by number and id."""

    file: str
    table: str
    decision: str
    rules: tuple[tuple[int, str], ...]


@dataclass
class Reach:
    """What the cases of some folders reach of those folders' diagrams and tables."""

    coverage: Coverage
    flows: int = 0
    rules: int = 0
    uncovered: list[Uncovered] = field(default_factory=list)
    unmatched: list[Unmatched] = field(default_factory=list)

    @property
    def is_whole(self) -> bool:
        return not self.uncovered and not self.unmatched


def run(sandbox: Sandbox, paths: Iterable[str]) -> Iterator[CaseResult | Unreadable]:
    """The cases of these files, one after the other."""
    for path in paths:
        try:
            cases = sandbox.project.cases_of(path)
        except CaseFileInvalid as error:
            yield Unreadable(path, error)
            continue
        for case in cases:
            yield sandbox.check(case)


def reach(project: Project, coverage: Coverage, folders: Iterable[str]) -> Reach:
    """Diagrams that cannot be read are left out: their own problems are told elsewhere."""
    found = Reach(coverage)
    wanted = set(folders)
    for process_id, path in project.diagrams.items():
        if folder_of(path) in wanted:
            _add_flows(found, project, process_id)
    for table_id, table in project.tables.items():
        if folder_of(table.file) in wanted:
            missing = coverage.missing_rules(project, table_id)
            found.rules += len(table.rules)
            if missing:
                rules = tuple((number, table.rules[number - 1]) for number in missing)
                found.unmatched.append(Unmatched(table.file, table_id, table.owner, rules))
    return found


def _add_flows(found: Reach, project: Project, process_id: str) -> None:
    try:
        model = project.process(process_id)
    except EngineError:
        return
    found.flows += len(model.flows)
    for name in found.coverage.missing_flows(project, process_id):
        flow = model.flows[name]
        found.uncovered.append(Uncovered(process_id, name, flow.name, flow.source, flow.target))


def folder_of(path: str) -> str:
    """The folder below processes/ a file lies in."""
    return PurePosixPath(path).parts[1]
