"""The rows behind a draft, and the values made of them. Every function works in the caller's session."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.errors import NotFound
from procurement.studio import layout
from procurement.studio.model import ADDED, CHANGED, DELETED, UNCHANGED, Draft, DraftClosed, DraftFile, Edit
from procurement.studio.tables.drafts import DraftFileRow, DraftRow, EditRow


def draft_row(session: Session, key: int, *, lock: bool = False) -> DraftRow:
    """Raises NotFound."""
    row = session.get(DraftRow, key, with_for_update=lock or None, populate_existing=lock)
    if row is None:
        raise NotFound(kind="Draft", key=key)
    return row


def move(session: Session, key: int, state: str, *, among: Collection[str], at: dt.datetime) -> DraftRow:
    """Bring the draft into ``state`` when it is in one of ``among``. Raises NotFound, DraftClosed."""
    row = draft_row(session, key, lock=True)
    if row.state not in among:
        raise DraftClosed(draft=key, state=row.state)
    row.state = state
    touch(row, at)
    return row


def touch(row: DraftRow, at: dt.datetime) -> None:
    row.revision += 1
    row.changed_at = at


def file_rows(session: Session, key: int) -> dict[str, DraftFileRow]:
    rows = session.scalars(select(DraftFileRow).where(DraftFileRow.draft_key == key).order_by(DraftFileRow.path))
    return {row.path: row for row in rows}


def keep_edit(
    session: Session, key: int, path: str, sha256: str | None, *, by: str, at: dt.datetime, accepted: bool = True
) -> None:
    """A version put aside is kept once, however often it is sent."""
    if not accepted:
        aside = select(EditRow.id).where(
            EditRow.draft_key == key, EditRow.path == path, EditRow.sha256 == sha256, EditRow.by == by, ~EditRow.accepted
        )
        if session.scalar(aside.limit(1)) is not None:
            return
    session.add(EditRow(draft_key=key, path=path, sha256=sha256, by=by, at=at, accepted=accepted))


def draft_of(row: DraftRow) -> Draft:
    return Draft(
        row.key, row.folder, row.title, row.reason, row.state, row.created_by, row.created_at, row.changed_at, row.revision
    )


def file_of(path: str, row: DraftFileRow | None, shelf: Mapping[str, str]) -> DraftFile:
    """One file of a draft; without a row of its own, or taken only, it is as on the shelf."""
    now, kind = shelf.get(path), layout.kind_of(path)
    if row is None or row.taken:
        return DraftFile(path, kind, now, now, now, None, None, UNCHANGED)
    state = DELETED if row.sha256 is None else ADDED if row.base_sha256 is None else CHANGED
    return DraftFile(path, kind, row.sha256, row.base_sha256, now, row.changed_by, row.changed_at, state)


def edit_of(row: EditRow) -> Edit:
    return Edit(row.id, row.path, row.sha256, row.by, row.at, row.accepted)
