"""Two states of a folder side by side: a draft, what is in force, any version that was, another draft."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.comparing import FileComparison, compare
from engine.errors import NotFound
from procurement.studio import layout
from procurement.studio.model import UNDER_WAY, Draft, Edit, Files

if TYPE_CHECKING:
    from procurement.studio.studio import Studio

FORCE = "force"
DRAFT, VERSION = "draft", "version"
_NAME = re.compile(r"(draft|version)-([0-9]{1,18})")


@dataclass(frozen=True)
class State:
    """One side. ``name`` is how an address writes it: force, draft-12, version-4711. ``kind``: force, draft, version.

    ``by`` and ``at``: who began the draft or deployed the version, and when; ``note``: why.
    """

    name: str
    kind: str
    title: str
    by: str
    at: dt.datetime | None
    note: str
    files: Files

    def of(self, paths: Collection[str]) -> dict[str, bytes]:
        return {path: content for path, content in self.files.items() if path in paths}


@dataclass(frozen=True)
class Comparison:
    """``files``: what is different. ``edits``: who saved something in the drafts that are compared, newest first."""

    left: State
    right: State
    files: tuple[FileComparison, ...]
    edits: tuple[Edit, ...]

    @property
    def counts(self) -> dict[str, int]:
        """Changes by kind over all files."""
        found: dict[str, int] = {}
        for file in self.files:
            for kind, number in file.counts.items():
                found[kind] = found.get(kind, 0) + number
        return found


class Comparisons:
    """One per studio."""

    def __init__(self, studio: Studio) -> None:
        self._studio = studio

    def choices(self, draft: Draft) -> tuple[State, ...]:
        """What a draft can be compared with, without files: what is in force, the versions of its folder, other drafts of it."""
        versions = self._studio.shelf.history(draft.folder)
        drafts = [one for one in self._studio.drafts.drafts(draft.folder) if one.key == draft.key or one.state in UNDER_WAY]
        return (
            State(FORCE, FORCE, "", "", None, "", {}),
            *(_of_draft(one, {}) for one in drafts),
            *(State(f"{VERSION}-{one.deployment_key}", VERSION, "", one.by, one.at, one.note, {}) for one in versions),
        )

    def of_draft(self, draft: int, left: str = FORCE, right: str = "") -> Comparison:
        """``left`` and ``right`` as ``State.name``; without ``right`` the draft itself. Raises NotFound."""
        folder = self._studio.drafts.draft(draft).folder
        before, after = self.state(left, folder), self.state(right or f"{DRAFT}-{draft}", folder)
        paths = {path for side in (before, after) for path in side.files if layout.folder_of(path) == folder}
        keys = [key for side in (before, after) if (key := _draft_key(side.name)) is not None]
        for key in keys:
            paths |= self._studio.drafts.changes(key).keys()
        edits = [edit for key in keys for edit in self._studio.drafts.edits(key, limit=50)]
        files = compare(before.of(paths), after.of(paths))
        return Comparison(before, after, files, tuple(sorted(edits, key=lambda edit: edit.at, reverse=True)))

    def state(self, name: str, folder: str) -> State:
        """Raises NotFound."""
        studio = self._studio
        if name == FORCE:
            versions = studio.shelf.history(folder)
            if not versions:
                return State(FORCE, FORCE, "", "", None, "", studio.shelf.files())
            return State(FORCE, FORCE, "", versions[0].by, versions[0].at, versions[0].note, studio.shelf.files())
        found = _NAME.fullmatch(name)
        if found is None:
            raise NotFound(kind="Version", key=name[:60])
        key = int(found[2])
        if found[1] == DRAFT:
            return _of_draft(studio.drafts.draft(key), studio.drafts.workspace(key))
        for one in studio.shelf.history(folder):
            if one.deployment_key == key:
                return State(name, VERSION, "", one.by, one.at, one.note, studio.shelf.at(key))
        return State(name, VERSION, "", "", None, "", studio.shelf.at(key))


def _of_draft(draft: Draft, files: Files) -> State:
    return State(f"{DRAFT}-{draft.key}", DRAFT, draft.title, draft.created_by, draft.created_at, draft.reason, files)


def _draft_key(name: str) -> int | None:
    return int(name.partition("-")[2]) if name.startswith(f"{DRAFT}-") else None
