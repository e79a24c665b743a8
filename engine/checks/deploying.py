"""What deployment would say of the files, as findings."""

from __future__ import annotations

from collections.abc import Iterator

from engine.checks import catalogue
from engine.checks.finding import Finding, Rule
from engine.checks.reading import Read
from engine.checks.world import LARGEST, World
from engine.dmn import table_check
from engine.errors import Problem
from engine.spiff import ProcessModel, Reference

MISSING = {
    "latest": "The {kind} {id} is neither among these files nor deployed. Add its file, or correct the id.",
    "deployment": "The {kind} {id} is bound to this deployment, but is not among these files. Add its file, or bind the latest version.",
    "versionTag": "There is no {kind} {id} with the version tag {tag}. Deploy that version, or correct the tag.",
}
TOO_LARGE = (
    "The process {process} has {count} elements. The ways through more than {limit} are not followed: call other processes."
)
TWICE = "The {kind} {id} is in {other} too. Each id may be there once."

_OWN_RULE: tuple[tuple[str, Rule], ...] = (  # how the sentence of a problem begins, and the rule that is about it
    ("Nobody may do this user task.", catalogue.NO_CANDIDATES),
    ("The user task has no form", catalogue.NO_FORM),
    ("The element {element} can never be reached.", catalogue.UNREACHABLE),
    ("The gateway {element} has no default flow", catalogue.NO_WAY_OUT),
    (table_check.GAP, catalogue.TABLE_GAP),
    (table_check.OVERLAP, catalogue.TABLE_OVERLAP),
    (table_check.UNREACHABLE, catalogue.TABLE_UNREACHABLE),
)


def findings(world: World) -> Iterator[Finding]:
    for read in world.reads.values():
        yield from (of_problem(problem, read) for problem in read.problems)
    yield from _twice(world)
    for model in (model for read in world.reads.values() for model in read.processes):
        yield from _missing(world, model)
        if len(model.nodes) > LARGEST:
            params = {"process": model.name, "count": len(model.nodes), "limit": LARGEST}
            rule = catalogue.NOTED
            yield Finding(rule.code, rule.severity, model.file, model.root.line, model.id, TOO_LARGE, params)


def of_problem(problem: Problem, read: Read | None = None) -> Finding:
    rule = next((rule for start, rule in _OWN_RULE if problem.template.startswith(start)), None)
    if rule is None or (rule.fixed and problem.severity != "error"):
        rule = catalogue.REFUSED if problem.severity == "error" else catalogue.NOTED
    element, cell = problem.element, None
    if read is not None and read.root is not None and problem.file.endswith(".dmn"):
        element, cell = _owner(read, problem.element)
    return Finding(rule.code, rule.severity, problem.file, problem.line, element, problem.template, problem.params, cell)


def _owner(read: Read, id_: str) -> tuple[str, str | None]:
    """The decision a table rule stands in, and the rule as its cell."""
    assert read.root is not None
    for node in read.root.iter("{*}decision"):
        if node.get("id") == id_:
            return id_, None
        if any(inner.get("id") == id_ for inner in node.iter("{*}*")):
            return str(node.get("id")), id_
    return id_, None


def _twice(world: World) -> Iterator[Finding]:
    first: dict[tuple[str, str], str] = {}
    for path, read in world.reads.items():
        for kind, id_, line in _ids(read):
            other = first.setdefault((kind, id_), path)
            if other != path:
                params = {"kind": kind, "id": id_, "other": other}
                yield Finding(catalogue.REFUSED.code, "error", path, line, id_, TWICE, params)


def _ids(read: Read) -> Iterator[tuple[str, str, int]]:
    for model in read.processes:
        yield "process", model.id, model.root.line
    if read.table is not None:
        yield from (("decision", name, 1) for name in read.table.decisions)
    if read.form is not None:
        yield "form", read.form.id, 1


def _missing(world: World, model: ProcessModel) -> Iterator[Finding]:
    kinds = {"form": model.form_refs, "decision": model.decision_refs, "process": model.called_refs}
    for kind, references in kinds.items():
        for reference in references:
            if reference.id is not None and not _is_there(world, kind, reference):
                tag = reference.binding.version_tag or ""
                params = {"kind": kind, "id": reference.id, "tag": tag}
                template = MISSING[reference.binding.kind]
                yield Finding(catalogue.REFUSED.code, "error", model.file, reference.line, reference.element_id, template, params)


def _is_there(world: World, kind: str, reference: Reference) -> bool:
    id_, binding = str(reference.id), reference.binding
    tags = _tags(world, kind, id_)
    if binding.kind == "versionTag":
        tag = binding.version_tag or ""
        return tag in tags or world.facts.is_deployed(kind, id_, tag)
    return bool(tags) or (binding.kind == "latest" and world.facts.is_deployed(kind, id_, ""))


def _tags(world: World, kind: str, id_: str) -> set[str]:
    if kind == "form":
        return {world.forms[id_].version_tag} if id_ in world.forms else set()
    if kind == "process":
        return {model.version_tag for read in world.reads.values() for model in read.processes if model.id == id_}
    table = world.decisions.get(id_)
    return {table.decisions[id_].version_tag} if table is not None else set()
