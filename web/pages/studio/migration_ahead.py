"""What a release means for cases that are running: before it with the draft's diagrams, after it with the deployed ones."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext as _

from engine.errors import EngineError
from engine.model import Definition, MigrationPreview, Resource
from procurement.studio.release.model import Release
from web.pages.errors import sentence
from web.pages.services import engine, services

TOLD = 5  # cases told one by one for each version


@dataclass(frozen=True)
class Ahead:
    """One version in use; ``preview`` None with the ``problem`` that it could not be judged."""

    name: str
    version: int
    running: int
    preview: MigrationPreview | None
    sentences: tuple[tuple[str, str, str], ...]  # business key, verdict, what is said about it
    problem: str = ""


@dataclass(frozen=True)
class Made:
    """A process version that a release made, with the older ones that are still in use."""

    definition: Definition
    older: tuple[tuple[int, int, int], ...]  # definition key, version, running


def of_draft(draft: int) -> list[Ahead]:
    changes = services().studio.drafts.changes(draft)
    diagrams = {path: content for path, content in changes.items() if path.endswith(".bpmn") and content is not None}
    found = []
    for path, content in sorted(diagrams.items()):
        ids = {one.definition.id for one in services().studio.shelf.versions_of(path) if one.definition.kind == "process"}
        in_use = [one for one in engine().versions_in_use() if one.process_id in ids and one.running]
        found += [
            _judged(one.definition_key, one.name or one.process_id, one.version, one.running, path, content) for one in in_use
        ]
    return found


def made(release: Release) -> list[Made]:
    """The process versions the release made that older cases could move to."""
    found = []
    in_use = engine().versions_in_use() if release.made else ()
    for text in release.made:
        kind, id_, number = text.split(" ")
        if kind != "process":
            continue
        [definition] = engine().definitions(kind=kind, id=id_, version=int(number)).items
        older = tuple(
            (one.definition_key, one.version, one.running)
            for one in in_use
            if one.process_id == id_ and one.version < int(number) and one.running
        )
        found.append(Made(definition, older))
    return found


def _judged(key: int, name: str, version: int, running: int, path: str, content: bytes) -> Ahead:
    try:
        preview = engine().preview_migration_of(key, Resource(path, content), limit=TOLD)
    except EngineError as error:
        return Ahead(name, version, running, None, (), sentence(error))
    told = tuple(
        (
            one.business_key,
            one.verdict,
            " ".join(_(f.template).format(**f.params) if f.params else _(f.template) for f in one.findings),
        )
        for one in preview.instances
    )
    return Ahead(name, version, running, preview, told)
