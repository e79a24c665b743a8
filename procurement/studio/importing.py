"""Files from outside become a draft: a packed layout, or single files put where their definitions lie."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from engine.errors import EngineError
from engine.model import Actor
from procurement.studio import layout, packing
from procurement.studio.model import Draft, Files
from procurement.studio.packing import PackRefused

if TYPE_CHECKING:
    from procurement.studio.studio import Studio

KINDS = {".bpmn": "diagram", ".dmn": "tables", ".form": "form"}


def into_draft(studio: Studio, given: Sequence[tuple[str, bytes]], *, title: str, reason: str, actor: Actor) -> Draft:
    """``given``: file name and content; one zip file, or definition files. Nothing is kept when something is wrong.

    Raises PackRefused, InvalidInput, NotPermitted.
    """
    return take_in(studio, _changes(studio, given), title=title, reason=reason, actor=actor)


def with_these(studio: Studio, given: Sequence[tuple[str, bytes]]) -> Files:
    """What would be in force, were these files released: ``given`` as for ``into_draft``. Raises PackRefused."""
    files = {**studio.shelf.files(), **_changes(studio, given)}
    return {path: content for path, content in files.items() if content is not None}


def _changes(studio: Studio, given: Sequence[tuple[str, bytes]]) -> dict[str, bytes | None]:
    shelf = studio.shelf.files()
    if len(given) == 1 and given[0][0].lower().endswith(".zip"):
        return packing.changes(packing.unpack(given[0][1]), shelf)
    return {path: content for path, content in _placed(studio, given).items() if shelf.get(path) != content}


def take_in(studio: Studio, changes: dict[str, bytes | None], *, title: str, reason: str, actor: Actor) -> Draft:
    """A draft of ``changes``, in the folder most of them are in. Raises PackRefused when there are none, and as ``into_draft``."""
    if not changes:
        raise PackRefused("Everything in these files is in force already. There is nothing to import.")
    folders = Counter(layout.folder_of(path) for path in sorted(changes))
    studio.permissions.require_all(actor, sorted(folders), "edit")
    home = max(sorted(folders), key=lambda folder: folders[folder])
    draft = studio.drafts.begin(home, title or "导入", reason, actor=actor)
    _fill(studio, draft, changes, actor=actor)
    return studio.drafts.draft(draft.key)


def _fill(studio: Studio, draft: Draft, changes: dict[str, bytes | None], *, actor: Actor) -> None:
    """Write ``changes`` into a new draft; when one cannot be written, the draft is put away."""
    begun = {one.path: one.sha256 for one in studio.drafts.files(draft.key)}  # a new folder begins with files of its own
    shelf = studio.shelf.digests()
    try:
        for path in sorted(begun.keys() - shelf.keys() - changes.keys()):
            studio.drafts.revert(draft.key, path, actor=actor)
        for path, content in sorted(changes.items()):
            studio.drafts.save(draft.key, path, content, base=begun.get(path, shelf.get(path)), actor=actor)
    except EngineError:
        studio.drafts.discard(draft.key, actor=actor)
        raise


def _placed(studio: Studio, given: Sequence[tuple[str, bytes]]) -> dict[str, bytes]:
    """A single file goes where a file of its name lies; a new one in the folder its own name gives. Raises PackRefused."""
    if not given:
        raise PackRefused("There is no file. Choose a .zip file, or .bpmn, .dmn and .form files.")
    known: dict[str, str] = {}
    for path in studio.shelf.digests():
        known.setdefault(path.rsplit("/", 1)[-1], path)
    found: dict[str, bytes] = {}
    homes = {name.removesuffix(".bpmn") for name, _ in _named(given) if name.endswith(".bpmn")}
    for name, content in _named(given):
        suffix = next((one for one in KINDS if name.endswith(one)), None)
        if suffix is None:
            raise PackRefused("{name} is neither a .zip nor a .bpmn, .dmn or .form file.", name=name[:200])
        stem = name.removesuffix(suffix)
        path = known.get(name) or layout.path_for(
            KINDS[suffix], next(iter(sorted(homes)), stem) if suffix != ".bpmn" else stem, stem
        )
        if path in found:
            raise PackRefused("{path} is there twice.", path=path)
        found[path] = content
    return found


def _named(given: Sequence[tuple[str, bytes]]) -> list[tuple[str, bytes]]:
    return [(name.replace("\\", "/").rsplit("/", 1)[-1], content) for name, content in given]
