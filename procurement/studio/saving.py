"""Cases kept in a draft: a played run added to a file, and expectations replaced by what happens now."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.errors import EngineError, InvalidInput, NotFound
from engine.model import Actor
from engine.sandbox import Case, CaseResult, DecisionCase, Project, read_values, with_block, with_entries, write_case
from engine.sandbox.expectations import matched
from procurement.studio import contents, layout, runs
from procurement.studio.case_runs import folder_of
from procurement.studio.model import Draft
from procurement.studio.proposals import expectations
from procurement.studio.studio import Studio

SEPARATOR = "---\n"


class NameMissing(InvalidInput):
    """Give the case a name that says which way it takes, and a file name of small letters, digits and _ or Chinese characters."""


def case_of_form(sheet: runs.Sheet, sent: Mapping[str, str]) -> Case:
    """The run with the name and expectations that were typed. Raises InvalidInput."""
    name = sent.get("_case_name", "").strip()
    if not name:
        raise NameMissing
    expect = read_values(sent.get("_case_expect", ""), "expect")
    return runs.case_of({**sheet, "name": name, "expect": expect})


def add_case(studio: Studio, draft: Draft, project: Project, case: Case, stem: str, actor: Actor) -> str:
    """The path of the file the case was added to. Raises InvalidInput and what saving raises."""
    stem = stem.strip().removesuffix(".yaml")
    if not layout.is_stem(stem):
        raise NameMissing
    path = layout.path_for("case", folder_of(project.diagrams[case.process]), stem)
    before = project.files.get(path)
    text = write_case(case)
    if before is not None:
        old = before.decode("utf-8", "replace")
        if any(one.name == case.name for one in project.cases_of(path)):
            raise InvalidInput("{path} holds a case of this name already. Choose another name.", path=path)
        text = old + ("" if old.endswith("\n") else "\n") + SEPARATOR + text
    base = None if before is None else contents.digest(before)
    studio.drafts.save(draft.key, path, text.encode(), base=base, actor=actor)
    return path


def accepted(project: Project, path: str, number: int, result: CaseResult) -> tuple[str, str]:
    """(the file before, the file with what this case expects replaced by what happened). Raises NotFound, EngineError."""
    before = project.files[path].decode("utf-8", "replace")
    case = result.case
    try:
        if isinstance(case, DecisionCase):
            return before, with_block(before, number, "rows", _rows(case, result, project))
        if result.played is None or result.played.stop is not None:
            raise EngineError("The case does not run to its end, so there is nothing to accept. Open it in play and mend it.")
        return before, with_entries(before, number, "expect", _expectations(case, result, project))
    except IndexError as error:
        raise NotFound(kind="Case", key=f"{path}#{number}") from error


def _expectations(case: Case, result: CaseResult, project: Project) -> dict[str, Any]:
    """What the case expects of those things it expects anything of; what cannot be proposed stays if it holds."""
    assert result.played is not None
    proposed = expectations(result.played, project)
    new: dict[str, Any] = {}
    wrong = {difference.about for difference in result.differences}
    for name, value in case.expect.items():
        if name not in wrong:
            new[name] = value
        elif name == "variables":
            new[name] = {one: result.played.variables.get(one) for one in value}
        elif name == "path":
            new[name] = _path(value, result.played.path) or proposed.get("path", [])
        elif name == "decisions":
            new[name] = {one: proposed.get("decisions", {}).get(one, []) for one in value}
        elif name in proposed:
            new[name] = proposed[name]
    if "end" in wrong and "end" not in new:
        new |= {name: proposed[name] for name in ("waiting", "end", "error") if name in proposed}
    return {name: value for name, value in new.items() if value not in ({}, [])} or proposed


def _path(expected: list[Any], found: list[str]) -> list[str]:
    """The elements of the old path that are still passed, in their order."""
    kept, remaining = [], list(found)
    for element in expected:
        if element in remaining:
            kept.append(element)
            remaining = remaining[remaining.index(element) + 1 :]
    return kept


def _rows(case: DecisionCase, result: CaseResult, project: Project) -> list[dict[str, Any]]:
    assert result.asked is not None
    rows = []
    for row, answered in zip(case.rows, result.asked.rows, strict=True):
        new = dict(row)
        if answered.differences and answered.explanation:
            if "expect" in row:
                new["expect"] = _like(row["expect"], answered.value)
            tables = {project.tables[t["id"]].owner: t for t in answered.explanation["tables"] if t["id"] in project.tables}
            if "rules" in row and case.decision in tables:
                new["rules"] = [rule or n for n, rule in matched(tables[case.decision])]
        rows.append(new)
    return rows


def _like(expected: Any, found: Any) -> Any:
    """Only those parts of ``found`` that were expected before."""
    if isinstance(expected, Mapping) and isinstance(found, Mapping):
        return {name: found.get(name) for name in expected}
    return found
