"""The file desk: take uploads in, say who may read them, give them out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import BinaryIO

from sqlalchemy import select

from engine.errors import InvalidInput, NotFound
from engine.model import Actor
from procurement.files import FileReference
from procurement.office.access import may_read_file, may_see_purchase
from procurement.office.desk import Desk
from procurement.registers import sealed_files
from procurement.registers.files import VISIBILITIES, FileUse, StoredFile, note_stored
from procurement.registers.sealing import BidFileMetadata


class FileDesk:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def try_writing(self) -> None:
        """Raises whatever keeps the file store from taking uploads."""
        self._desk.files.try_writing()

    def upload(
        self,
        content: BinaryIO | Iterable[bytes],
        name: str,
        *,
        actor: Actor,
        purchase_id: str | None = None,
        party: str = "",
        visibility: str = "case",
    ) -> FileReference:
        """Store a stream and note who put it where. ``party`` such as organisation:org-01 lets its other accounts read it.

        Raises FileTooLarge, FileTypeRefused, FileEmpty and their kin; nothing is kept then.
        """
        if visibility not in VISIBILITIES:
            raise InvalidInput(
                "{value} is no visibility. Use one of {allowed}.", value=visibility, allowed=", ".join(VISIBILITIES)
            )
        reference = self._desk.files.put(content, name)
        now = self._desk.now()
        with self._desk.editing(actor) as session:
            use = FileUse(
                sha256=reference.sha256,
                name=reference.name,
                purchase_id=purchase_id,
                uploaded_by=actor.user_id,
                party=party,
                visibility=visibility,
                uploaded_at=now,
            )
            note_stored(session, use, size=reference.size, media_type=reference.media_type, at=now)
        return reference

    def open(self, sha256: str, *, actor: Actor | None) -> tuple[FileReference, Iterator[bytes]]:
        """The file's reference and its content in chunks. Raises NotFound when there is none the actor may read.

        Whoever is to do a task may read what its form shows, except what is still sealed.
        """
        with self._desk.reading() as session:
            stored = session.get(StoredFile, sha256)
            uses = session.scalars(select(FileUse).where(FileUse.sha256 == sha256).order_by(FileUse.id)).all()
            reader = actor or Actor("")
            use = next((use for use in uses if may_read_file(session, reader, use)), None)
        if use is None and actor is not None:
            use = self._shown_in_a_task(uses, actor)
        if stored is None or use is None:
            raise NotFound(kind="File", key=sha256)
        with self._desk.reading() as session:
            content = sealed_files.reader(session, sha256, self._desk.files.read)
        return FileReference(use.name, stored.size, sha256, stored.media_type), content()

    def findings(self, sha256: str, *, actor: Actor) -> tuple[str, ...]:
        """Why a file of a bid is quarantined, as codes of ``procurement.sealing.inspection``; empty for every other file."""
        with self._desk.reading() as session:
            query = select(BidFileMetadata).where(BidFileMetadata.sha256 == sha256)
            rows = session.scalars(query).all()
            return tuple(
                sorted({code for row in rows if may_see_purchase(session, actor, row.purchase_id) for code in row.findings})
            )

    def _shown_in_a_task(self, uses: Sequence[FileUse], actor: Actor) -> FileUse | None:
        for use in uses:
            if use.purchase_id is None or use.visibility == "sealed":
                continue
            for task in self._desk.engine.tasks(candidate_of=actor, business_key=use.purchase_id, limit=50):
                if task.form_key is not None and use.sha256 in self._files_shown(task.key, actor):
                    return use
        return None

    def _files_shown(self, task_key: int, actor: Actor) -> frozenset[str]:
        opened = self._desk.engine.task_form(task_key, actor=actor)
        # the case's variables only: what the actor typed as a draft must open no doors
        state = opened.form.state(opened.context, now=self._desk.now())
        shown = [part for part in state.walk() if not part.hidden and part.type in {"documentPreview", "filepicker"}]
        records = [record for part in shown for record in (*part.records, *(part.value if isinstance(part.value, list) else ()))]
        return frozenset(record["sha256"] for record in records if isinstance(record, dict) and "sha256" in record)

    def readable(self, hashes: Iterable[str], *, actor: Actor) -> frozenset[str]:
        """Those of ``hashes`` the actor may refer to in a form."""
        with self._desk.reading() as session:
            uses = session.scalars(select(FileUse).where(FileUse.sha256.in_(list(hashes)))).all()
            return frozenset(use.sha256 for use in uses if may_read_file(session, actor, use))

    def missing(self) -> list[tuple[str, str]]:
        """Hash and name of every file that is recorded but whose content is not in the store. Raises FileStoreAway."""
        with self._desk.reading() as session:
            names = {row.sha256: row.name for row in session.execute(select(FileUse.sha256, FileUse.name))}
            sealed = sealed_files.places(session)
        for place, known_as in sealed.items():  # a sealed file lies under the hash of its ciphertext
            names[place] = names.pop(known_as, known_as)
        return [(sha256, name) for sha256, name in sorted(names.items()) if not self._desk.files.holds(sha256)]

    def of_purchase(self, purchase_id: str, *, actor: Actor) -> Sequence[FileUse]:
        """The files of a purchase the actor may read, oldest first."""
        with self._desk.reading() as session:
            uses = session.scalars(select(FileUse).where(FileUse.purchase_id == purchase_id).order_by(FileUse.id)).all()
            return [use for use in uses if may_read_file(session, actor, use)]
