"""Changing the files of a draft: save, take a file of another folder, revert, merge what moved on. Nothing ever saved is lost.

A writer says which version they began from. When it is no longer the newest one, what they send is put aside under their name
and they are told whose version is there; nobody's text is overwritten unseen.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from engine.errors import InvalidInput, NotFound
from engine.facade import Database
from engine.model import Actor
from engine.ports import Clock
from procurement.studio import contents, layout, records
from procurement.studio.model import (
    OPEN,
    DraftClosed,
    DraftFile,
    EditConflict,
    FileNotText,
    FileThere,
    FileTooLarge,
    NameTaken,
    TooManyFiles,
)
from procurement.studio.rights import Rights
from procurement.studio.shelf import Digests, Shelf
from procurement.studio.skeletons import skeleton
from procurement.studio.tables.drafts import DraftFileRow, DraftRow, EditRow

FILE_LIMIT = 2_000_000  # bytes
FILES_LIMIT = 300


class _Place(NamedTuple):
    """One file of a locked draft."""

    session: Session
    draft: DraftRow
    path: str
    row: DraftFileRow | None
    shelf: Digests

    @property
    def current(self) -> str | None:
        """Digest of the newest version, None when there is no such file."""
        return self.shelf.get(self.path) if self.row is None or self.row.taken else self.row.sha256


class Editing:
    """The part of ``Drafts`` that changes files. Every method is one transaction that holds the draft's row."""

    def __init__(self, database: Database, clock: Clock, shelf: Shelf, rights: Rights) -> None:
        self._database = database
        self._clock = clock
        self._shelf = shelf
        self._rights = rights

    def save(self, key: int, path: str, content: bytes | None, *, base: str | None, actor: Actor) -> DraftFile:
        """Keep ``content`` (None deletes) as the newest version; ``base`` is the digest the writer started from, None for a new file.

        Raises EditConflict when somebody else saved meanwhile (what was sent is put aside, see ``edits``), DraftClosed,
        NotPermitted, PathRefused, FileTooLarge, FileNotText, NameTaken, TooManyFiles.
        """
        _check_content(path, content)
        with self._place(key, path, actor) as place:
            sha256 = None if content is None else contents.keep(place.session, content)
            if sha256 == place.current:
                return records.file_of(path, place.row, place.shelf)
            if base != place.current:
                conflict = self._put_aside(place, sha256, actor)
            else:
                return self._changed(place, sha256, actor)
        raise conflict

    def add(self, key: int, kind: str, stem: str, title: str, *, actor: Actor) -> DraftFile:
        """A new file of the home folder with the least in it; ``stem`` is its name without suffix. Raises FileThere and as ``save``."""
        with self._database.unit_of_work() as work:
            folder = records.draft_row(work.session, key).folder
        if kind in layout.DEPLOYED and not layout.is_folder(stem):  # it becomes an id in the file
            raise InvalidInput(
                "A file is called by small letters, digits and _, beginning with a letter: {name} is not.", name=stem
            )
        path, content = skeleton(kind, folder, stem, title)
        try:
            return self.save(key, path, content, base=None, actor=actor)
        except EditConflict:
            raise FileThere(path=path) from None

    def take(self, key: int, path: str, *, actor: Actor) -> DraftFile:
        """List a file of another folder in the draft, unchanged. Raises NotFound and as ``save``."""
        with self._place(key, path, actor) as place:
            if place.row is not None:
                return records.file_of(path, place.row, place.shelf)
            if path not in place.shelf:
                raise NotFound(kind="File", key=path)
            now = self._clock.now()
            row = DraftFileRow(draft_key=key, path=path, taken=True, changed_by=actor.user_id, changed_at=now)
            place.session.add(row)
            records.touch(place.draft, now)
            return records.file_of(path, row, place.shelf)

    def revert(self, key: int, path: str, *, actor: Actor) -> None:
        """Let the file be as on the shelf again; what was written stays among its versions. Raises as ``save``."""
        with self._place(key, path, actor) as place:
            if place.row is not None:
                place.session.delete(place.row)
                now = self._clock.now()
                if not place.row.taken:
                    self._keep_shelf_version(place, actor)
                records.touch(place.draft, now)

    def keep_mine(self, key: int, path: str, *, actor: Actor) -> DraftFile:
        """Go on with the draft's version, knowing that the shelf has moved on: its present version becomes the base."""
        with self._place(key, path, actor) as place:
            if place.row is not None and not place.row.taken:
                place.row.base_sha256 = place.shelf.get(path)
                if place.row.sha256 == place.row.base_sha256:
                    place.session.delete(place.row)
                records.touch(place.draft, self._clock.now())
            return records.file_of(path, place.row, place.shelf)

    @contextmanager
    def _place(self, key: int, path: str, actor: Actor) -> Iterator[_Place]:
        folder = layout.folder_of(path)
        self._rights.require(actor, folder, "edit")
        shelf = self._shelf.digests()
        with self._database.unit_of_work() as work:
            session = work.session
            draft = records.draft_row(session, key, lock=True)
            if draft.state != OPEN:
                raise DraftClosed(draft=key, state=draft.state)
            yield _Place(session, draft, path, session.get(DraftFileRow, (key, path)), shelf)
            work.commit()

    def _put_aside(self, place: _Place, sha256: str | None, actor: Actor) -> EditConflict:
        key, path = place.draft.key, place.path
        records.keep_edit(place.session, key, path, sha256, by=actor.user_id, at=self._clock.now(), accepted=False)
        newest = place.session.scalar(
            select(EditRow)
            .where(EditRow.draft_key == key, EditRow.path == path, EditRow.accepted)
            .order_by(EditRow.id.desc())
            .limit(1)
        )
        by, at = (newest.by, newest.at) if newest else ("", None)
        return EditConflict(path, theirs=place.current, by=by, at=at)

    def _changed(self, place: _Place, sha256: str | None, actor: Actor) -> DraftFile:
        key, path, row, now = place.draft.key, place.path, place.row, self._clock.now()
        if row is None:
            _check_room(place)
            row = DraftFileRow(draft_key=key, path=path, base_sha256=place.shelf.get(path))
            place.session.add(row)
        elif row.taken:
            row.taken, row.base_sha256 = False, place.shelf.get(path)
        row.sha256, row.changed_by, row.changed_at = sha256, actor.user_id, now
        records.keep_edit(place.session, key, path, sha256, by=actor.user_id, at=now)
        if sha256 == place.shelf.get(path) == row.base_sha256:
            _settle(place, row)
        records.touch(place.draft, now)
        place.session.flush()
        return records.file_of(path, row if row in place.session else None, place.shelf)

    def _keep_shelf_version(self, place: _Place, actor: Actor) -> None:
        """So that the list of versions tells that somebody went back, and a second writer is told by whom."""
        sha256 = place.shelf.get(place.path)
        if sha256 is not None:
            contents.keep(place.session, self._shelf.content(place.path))
        records.keep_edit(place.session, place.draft.key, place.path, sha256, by=actor.user_id, at=self._clock.now())


def _settle(place: _Place, row: DraftFileRow) -> None:
    """Written back to what is in force: no change any more; a file of another folder stays listed."""
    if layout.folder_of(place.path) == place.draft.folder:
        place.session.delete(row)
        place.session.flush()
    else:
        row.taken, row.sha256, row.base_sha256 = True, None, None


def _check_content(path: str, content: bytes | None) -> None:
    layout.checked(path)
    if content is None:
        return
    if len(content) > FILE_LIMIT:
        raise FileTooLarge(path=path, size=len(content), limit=FILE_LIMIT)
    try:
        text = content.decode()
    except UnicodeDecodeError:
        raise FileNotText(path=path) from None
    if "\x00" in text:
        raise FileNotText(path=path)


def _check_room(place: _Place) -> None:
    if place.path not in place.shelf:
        folded = place.path.casefold()
        rows = place.session.scalars(select(DraftFileRow.path).where(DraftFileRow.draft_key == place.draft.key))
        for other in [*place.shelf, *rows]:
            if other != place.path and other.casefold() == folded:
                raise NameTaken(path=other)
    count = select(func.count()).select_from(DraftFileRow).where(DraftFileRow.draft_key == place.draft.key)
    if (place.session.scalar(count) or 0) >= FILES_LIMIT:
        raise TooManyFiles(limit=FILES_LIMIT)
