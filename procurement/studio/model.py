"""The studio's words as plain values, and what can go wrong with them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from engine.errors import Conflict, InvalidInput

Files = Mapping[str, bytes]
"""Layout path (``processes/goal_setting/goal_setting.bpmn``) → content."""

OPEN, IN_REVIEW, APPROVED, RELEASED, DISCARDED = "open", "in_review", "approved", "released", "discarded"
STATES = (OPEN, IN_REVIEW, APPROVED, RELEASED, DISCARDED)
UNDER_WAY = (OPEN, IN_REVIEW, APPROVED)

UNCHANGED, CHANGED, ADDED, DELETED = "unchanged", "changed", "added", "deleted"


@dataclass(frozen=True)
class Draft:
    """A named change with a home folder. ``state`` is one of STATES; people are login names."""

    key: int
    folder: str
    title: str
    reason: str
    state: str
    created_by: str
    created_at: dt.datetime
    changed_at: dt.datetime
    revision: int

    @property
    def is_open(self) -> bool:
        return self.state == OPEN


@dataclass(frozen=True)
class DraftFile:
    """One file as a draft has it.

    ``sha256`` is its content in the draft (None: deleted), ``base_sha256`` what the change began from (None: added),
    ``shelf_sha256`` what is in force now. ``kind``: diagram, tables, form, case, readme.
    """

    path: str
    kind: str
    sha256: str | None
    base_sha256: str | None
    shelf_sha256: str | None
    changed_by: str | None
    changed_at: dt.datetime | None
    state: str  # unchanged, changed, added, deleted

    @property
    def is_changed(self) -> bool:
        return self.state != UNCHANGED

    @property
    def shelf_moved(self) -> bool:
        """Somebody else's release changed this file after the draft began to change it."""
        return self.is_changed and self.shelf_sha256 not in {self.base_sha256, self.sha256}


@dataclass(frozen=True)
class Edit:
    """One version somebody saved of one file; not ``accepted``: somebody else had been quicker, it was put aside."""

    id: int
    path: str
    sha256: str | None
    by: str
    at: dt.datetime
    accepted: bool


@dataclass(frozen=True)
class Folder:
    """What a designer opens: one process or set of tables. ``diagrams`` … ``cases`` count its files."""

    name: str
    title: str
    diagrams: int
    tables: int
    forms: int
    cases: int


@dataclass(frozen=True)
class FolderVersion:
    """One deployment that changed files of a folder."""

    deployment_key: int
    generation: int
    at: dt.datetime
    by: str
    note: str
    paths: tuple[str, ...]


class EditConflict(Conflict):
    """{path} was saved by {by} at {at} while you were writing. Both versions are kept: choose which one goes on."""

    def __init__(self, path: str, *, theirs: str | None, by: str, at: dt.datetime | None) -> None:
        super().__init__(None, path=path, by=by, at=at.isoformat(timespec="seconds") if at else "")
        self.path, self.theirs, self.by, self.at = path, theirs, by, at


class DraftClosed(Conflict):
    """Draft {draft} is {state}, so its files cannot be changed. Take it back from review, or begin a new draft."""


class PathRefused(InvalidInput):
    """The path {path} is not one the project has. Use processes/<folder>/<name>.bpmn, .dmn, README.md, cases/<name>.yaml or forms/<folder>/<name>.form. A folder has small Latin letters, digits and _ in its name; a new .bpmn file gives its folder its own."""


class FileThere(Conflict):
    """There is a file {path} already. Open it, or choose another name."""


class NameTaken(Conflict):
    """There is a file {path} already, which differs from this name only in upper and lower case. Choose another name."""


class FileTooLarge(InvalidInput):
    """{path} has {size} bytes; a file may have at most {limit}. Divide it into several files."""


class FileNotText(InvalidInput):
    """{path} is not UTF-8 text. Save it as UTF-8 and try again."""


class TooManyFiles(InvalidInput):
    """A draft may change at most {limit} files. Release this draft and begin another one for the rest."""
