"""Uploaded files, read and checked: what each would deploy, and everything wrong with them."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from engine import dmn, forms
from engine.errors import DefinitionInvalid, EngineError, NotFound, Problem
from engine.feel import Feel
from engine.model import Resource
from engine.spiff import ProcessModel, Reference, parse


@dataclass(frozen=True)
class Draft:
    """One definition that would be deployed. ``model`` is set for processes."""

    kind: str
    id: str
    name: str
    version_tag: str
    resource: Resource
    sha256: str
    model: ProcessModel | None = None

    def references(self) -> list[tuple[str, Reference]]:
        """The forms, decisions and processes it names, with their kind."""
        if self.model is None:
            return []
        named = {"form": self.model.form_refs, "decision": self.model.decision_refs, "process": self.model.called_refs}
        return [(kind, reference) for kind, references in named.items() for reference in references]


def read(resources: Sequence[Resource], feel: Feel) -> tuple[list[Draft], list[Problem]]:
    """Every definition in the files, and every problem of every file."""
    drafts: list[Draft] = []
    problems: list[Problem] = []
    for resource in resources:
        try:
            found, warnings = _read_one(resource, feel)
        except DefinitionInvalid as error:
            problems += error.problems
        except EngineError as error:
            problems.append(Problem(resource.name, 1, "", "The file cannot be read: {cause}", {"cause": str(error)}))
        else:
            drafts += found
            problems += warnings
    if not resources:
        problems.append(Problem("", 0, "", "There is no file to deploy. Choose .bpmn, .dmn or .form files."))
    return drafts, problems + _twice(drafts)


def process_in(resource: Resource, process_id: str, feel: Feel) -> ProcessModel:
    """One process of a diagram that is not deployed. Raises NotFound, DefinitionInvalid."""
    for model in parse(resource.content, file=resource.name, feel=feel):
        if model.id == process_id:
            return model
    raise NotFound(kind="Process", key=process_id)


def _read_one(resource: Resource, feel: Feel) -> tuple[list[Draft], list[Problem]]:
    digest = hashlib.sha256(resource.content).hexdigest()
    if resource.name.endswith(".bpmn"):
        models = parse(resource.content, file=resource.name, feel=feel)
        drafts = [Draft("process", one.id, one.name, one.version_tag, resource, digest, one) for one in models]
        return drafts, [warning for one in models for warning in one.warnings]
    if resource.name.endswith(".dmn"):
        model = dmn.load(resource.content, file=resource.name, feel=feel)
        return [Draft("decision", d.id, d.name, d.version_tag, resource, digest) for d in model.decisions.values()], model.check()
    if resource.name.endswith(".form"):
        form = forms.read(resource.content, file=resource.name, feel=feel)
        return [Draft("form", form.id, form.title, form.version_tag, resource, digest)], []
    problem = Problem(resource.name, 1, "", "Only .bpmn, .dmn and .form files can be deployed.")
    raise DefinitionInvalid((problem,))


def _twice(drafts: list[Draft]) -> list[Problem]:
    first: dict[tuple[str, str], Draft] = {}
    problems = []
    for draft in drafts:
        known = first.setdefault((draft.kind, draft.id), draft)
        if known is not draft:
            template = "The {kind} {id} is in {other} too. Each id may be there once."
            problems.append(
                Problem(
                    draft.resource.name, 1, draft.id, template, {"kind": draft.kind, "id": draft.id, "other": known.resource.name}
                )
            )
    return problems
