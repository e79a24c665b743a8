"""What the page proposes: where to begin and with which variables, and what a played run shows that a case may expect."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import groupby
from typing import Any

from engine.errors import EngineError
from engine.sandbox import Case, CaseFileInvalid, Played, Project
from engine.sandbox.expectations import last_rules
from engine.spiff import StartEventInfo

TELLING = frozenset({"userTask", "businessRuleTask", "callActivity", "endEvent"})  # what a path names
MOST_VARIABLES = 12


@dataclass(frozen=True)
class Start:
    """One process that can be played. ``cases``: (file, number, name) to begin as they do; ``called``: processes it calls."""

    process: str
    name: str
    path: str
    events: tuple[StartEventInfo, ...]
    cases: tuple[tuple[str, int, str], ...]
    called: tuple[str, ...]
    variables: Mapping[str, Any] = field(default_factory=dict)
    stubs: Mapping[str, Any] = field(default_factory=dict)
    case: Case | None = None


def start_of(project: Project, process_id: str, chosen: tuple[str, int] | None = None) -> Start:
    """``chosen``: the case to take variables from, else the first there is. Raises NotFound, DefinitionInvalid."""
    model = project.process(process_id)
    cases = tuple(_cases_of(project, process_id))
    wanted = next((case for path, number, case in cases if chosen in (None, (path, number))), None)
    called = tuple(dict.fromkeys(one.id for one in model.called_refs if one.id))
    return Start(
        process=process_id,
        name=model.name or process_id,
        path=project.diagrams[process_id],
        events=model.start_events,
        cases=tuple((path, number, case.name) for path, number, case in cases),
        called=called,
        variables=wanted.variables if wanted else {},
        stubs=wanted.stubs if wanted else {},
        case=wanted,
    )


def _cases_of(project: Project, process_id: str) -> list[tuple[str, int, Case]]:
    """Those of its own folder first."""
    folder = project.diagrams[process_id].rpartition("/")[0]
    found = []
    for path in sorted(project.case_files(), key=lambda one: (not one.startswith(folder + "/"), one)):
        try:
            cases = project.cases_of(path)
        except CaseFileInvalid:
            continue
        found += [(path, n, one) for n, one in enumerate(cases) if isinstance(one, Case) and one.process == process_id]
    return found


def expectations(played: Played, project: Project) -> dict[str, Any]:
    """What happened, as the expectations of a case."""
    path = [v.element_id for v in played.visits if v.process == played.case.process and v.type in TELLING]
    expect: dict[str, Any] = {"path": [element for element, _ in groupby(path)]}
    if played.state == "active":
        expect["waiting"] = played.waiting
    else:
        expect |= _end(played)
    if variables := _variables(played):
        expect["variables"] = variables
    decisions = {name: [rule or n for n, rule in rules] for name, rules in last_rules(played.decisions, project).items()}
    if decisions:
        expect["decisions"] = decisions
    return {name: value for name, value in expect.items() if value or name == "waiting"}


def _end(played: Played) -> dict[str, Any]:
    own = {visit.element_id for visit in played.visits if visit.process == played.case.process}
    ends = [end for end in played.ends if end in own]
    found = {"end": ends[-1]} if ends else {}
    return found | ({"error": played.errors[-1]} if played.errors and played.thrown[-1].kind == "error" else {})


def _variables(played: Played) -> dict[str, Any]:
    """Those the process itself wrote after it began, if they are plain; what people typed is in the steps already."""
    typed = {name for task in played.tasks for name in (task.values or {})}
    written = {one.name for one in played.written if one.scope_key == played.instance_key}
    plain = {
        name: value
        for name, value in played.variables.items()
        if name in written and name not in typed and isinstance(value, (str, bool, int, Decimal)) and value != ""
    }
    changed = [name for name in plain if plain[name] != played.case.variables.get(name)]
    return {name: plain[name] for name in changed[:MOST_VARIABLES]}


def touched(project: Project, changed: set[str], home: str) -> set[str]:
    """Folders whose cases a change may concern: the home folder, those changed, and all processes that use a changed definition."""
    folders = {home} | {path.split("/")[1] for path in changed}
    ids = {kind: _defined(project, files, changed) for kind, files in _files(project).items()}
    growing = True
    while growing:
        growing = False
        for process_id, path in project.diagrams.items():
            if process_id not in ids["process"] and _uses(project, process_id, ids):
                ids["process"].add(process_id)
                growing = True
            if process_id in ids["process"]:
                folders.add(path.split("/")[1])
    return folders


def _files(project: Project) -> dict[str, Mapping[str, str]]:
    return {"process": project.diagrams, "form": project.form_files, "decision": project.decision_files}


def _defined(project: Project, files: Mapping[str, str], changed: set[str]) -> set[str]:
    return {name for name, path in files.items() if path in changed}


def _uses(project: Project, process_id: str, ids: Mapping[str, set[str]]) -> bool:
    try:
        model = project.process(process_id)
    except EngineError:
        return False
    references = (("form", model.form_refs), ("decision", model.decision_refs), ("process", model.called_refs))
    return any(one.id in ids[kind] for kind, refs in references for one in refs)
