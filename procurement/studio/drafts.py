"""Drafts: begin, list, read, discard. What changes their files is in ``editing``."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select

from engine.errors import FieldError, InvalidInput, NotFound
from engine.model import Actor
from procurement.studio import contents, layout, records
from procurement.studio.editing import Editing
from procurement.studio.model import DISCARDED, OPEN, Draft, DraftFile, Edit, Files
from procurement.studio.tables.drafts import DraftRow, EditRow

TITLE_LIMIT = 200  # characters
REASON_LIMIT = 4000


class Drafts(Editing):
    """Every draft there is; who may see them is for the interface to say."""

    def begin(self, folder: str, title: str, reason: str, *, actor: Actor) -> Draft:
        """A new draft at home in ``folder``, which may be a new one: it begins with an empty diagram. Raises InvalidInput, NotPermitted."""
        title, reason = title.strip(), reason.strip()
        _check_words(folder, title, reason)
        self._rights.require(actor, folder, "edit")
        now = self._clock.now()
        with self._database.unit_of_work() as work:
            row = DraftRow(
                folder=folder, title=title, reason=reason, state=OPEN, created_by=actor.user_id, created_at=now, changed_at=now
            )
            work.session.add(row)
            work.session.flush()
            made = records.draft_of(row)
            work.commit()
        if not any(layout.folder_of(path) == folder for path in self._shelf.digests()):
            self.add(made.key, "diagram", folder, title, actor=actor)
        return made

    def rename(self, key: int, title: str, reason: str, *, actor: Actor) -> Draft:
        """Raises InvalidInput, NotPermitted, DraftClosed."""
        title, reason = title.strip(), reason.strip()
        with self._database.unit_of_work() as work:
            row = records.move(work.session, key, OPEN, among=(OPEN,), at=self._clock.now())
            self._rights.require(actor, row.folder, "edit")
            _check_words(row.folder, title, reason)
            row.title, row.reason = title, reason
            work.session.flush()
            changed = records.draft_of(row)
            work.commit()
        return changed

    def drafts(
        self, folder: str | None = None, state: str | Collection[str] | None = None, limit: int = 200
    ) -> tuple[Draft, ...]:
        """Newest change first. A draft belongs to its home folder."""
        query = select(DraftRow).order_by(DraftRow.changed_at.desc(), DraftRow.key.desc()).limit(limit)
        if folder is not None:
            query = query.where(DraftRow.folder == folder)
        if state is not None:
            query = query.where(DraftRow.state.in_([state] if isinstance(state, str) else list(state)))
        with self._database.unit_of_work() as work:
            return tuple(records.draft_of(row) for row in work.session.scalars(query))

    def draft(self, key: int) -> Draft:
        """Raises NotFound."""
        with self._database.unit_of_work() as work:
            return records.draft_of(records.draft_row(work.session, key))

    def discard(self, key: int, *, actor: Actor) -> Draft:
        """Close the draft without effect; everything in it can still be read. One in review has to be taken back first.

        Raises NotFound, NotPermitted, DraftClosed.
        """
        return self.move(key, DISCARDED, among=(OPEN,), actor=actor, action="edit")

    def reopen(self, key: int, *, actor: Actor) -> Draft:
        """A discarded draft goes on. Raises NotFound, NotPermitted, DraftClosed."""
        return self.move(key, OPEN, among=(DISCARDED,), actor=actor, action="edit")

    def move(self, key: int, state: str, *, among: Collection[str], actor: Actor, action: str) -> Draft:
        """Into ``state`` from one of ``among``; ``action`` is what the person must be allowed. Raises NotPermitted, DraftClosed."""
        with self._database.unit_of_work() as work:
            row = records.move(work.session, key, state, among=among, at=self._clock.now())
            self._rights.require(actor, row.folder, action)
            work.session.flush()
            moved = records.draft_of(row)
            work.commit()
        return moved

    def files(self, key: int) -> tuple[DraftFile, ...]:
        """The files of the home folder, those changed and those taken from other folders. Raises NotFound."""
        shelf = self._shelf.digests()
        with self._database.unit_of_work() as work:
            draft = records.draft_row(work.session, key)
            rows = records.file_rows(work.session, key)
            home = {path for path in shelf if layout.folder_of(path) == draft.folder}
            found = [records.file_of(path, rows.get(path), shelf) for path in home | rows.keys()]
        found = [one for one in found if one.sha256 is not None or one.is_changed]
        return tuple(sorted(found, key=lambda one: (layout.folder_of(one.path) != draft.folder, *layout.order(one.path))))

    def file(self, key: int, path: str) -> DraftFile:
        """Any file a draft can see, also one of another folder that it does not list. Raises NotFound, PathRefused."""
        shelf = self._shelf.digests()
        layout.checked(path)
        with self._database.unit_of_work() as work:
            records.draft_row(work.session, key)
            found = records.file_of(path, records.file_rows(work.session, key).get(path), shelf)
        if found.sha256 is None and not found.is_changed:
            raise NotFound(kind="File", key=path)
        return found

    def changes(self, key: int) -> dict[str, bytes | None]:
        """What the draft would put into force, by path; None deletes. Raises NotFound."""
        with self._database.unit_of_work() as work:
            records.draft_row(work.session, key)
            rows = [row for row in records.file_rows(work.session, key).values() if not row.taken]
            kept = contents.read(work.session, {row.sha256 for row in rows if row.sha256})
            return {row.path: kept[row.sha256] if row.sha256 else None for row in rows}

    def workspace(self, key: int) -> Files:
        """Everything a run of the draft sees: the shelf with the draft's changes over it. Raises NotFound."""
        changes = self.changes(key)
        files = {path: content for path, content in self._shelf.files().items() if path not in changes}
        return files | {path: content for path, content in changes.items() if content is not None}

    def content(self, key: int, path: str) -> bytes:
        """One file as the draft has it. Raises NotFound, also for one it deleted."""
        found = self.file(key, path)
        if found.sha256 is None:
            raise NotFound(kind="File", key=path)
        return self._shelf.loaded({path: found.sha256})[path]

    def edits(self, key: int, path: str | None = None, limit: int = 500) -> tuple[Edit, ...]:
        """Every version saved of one file, or of all, newest first; also those put aside in a conflict."""
        query = select(EditRow).where(EditRow.draft_key == key).order_by(EditRow.id.desc()).limit(limit)
        if path is not None:
            query = query.where(EditRow.path == path)
        with self._database.unit_of_work() as work:
            records.draft_row(work.session, key)
            return tuple(records.edit_of(row) for row in work.session.scalars(query))

    def edit_content(self, key: int, edit_id: int) -> tuple[Edit, bytes | None]:
        """One saved version with its content, None where the file was deleted. Raises NotFound."""
        with self._database.unit_of_work() as work:
            row = work.session.get(EditRow, edit_id)
            if row is None or row.draft_key != key:
                raise NotFound(kind="Version", key=edit_id)
            kept = contents.read(work.session, [row.sha256]) if row.sha256 else {}
            return records.edit_of(row), kept[row.sha256] if row.sha256 else None


def _check_words(folder: str, title: str, reason: str) -> None:
    errors = []
    if not layout.is_folder(folder):
        errors.append(FieldError("folder", "A folder is called by small letters, digits and _, beginning with a letter."))
    if not title:
        errors.append(FieldError("title", "Say in a few words what the draft changes."))
    for name, text, limit in (("title", title, TITLE_LIMIT), ("reason", reason, REASON_LIMIT)):
        if len(text) > limit:
            errors.append(FieldError(name, "At most {limit} characters, please.", {"limit": limit}))
    if errors:
        raise InvalidInput(fields=tuple(errors))
