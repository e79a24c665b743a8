"""The rows behind releases, and the values made of them. Every function works in the caller's session."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from engine.errors import NotFound
from procurement.studio import records
from procurement.studio.release.model import Content, Release, Signature
from procurement.studio.tables.drafts import DraftRow, EditRow
from procurement.studio.tables.releases import ReleaseRow, SignatureRow

PLAIN = (
    "kind", "state", "folder", "title", "reason", "content_hash", "cases_run", "submitted_by", "submitted_at", "release_at",
    "trial_until", "process_key", "reviewed", "released_at", "deployment_key", "returns", "rolled_back_by", "note",
)  # fmt: skip


RELEASING = 0x72656C65617365  # "release": one at a time, so each sees what the one before put into force


def take_turn(session: Session) -> None:
    """Wait until nobody else is putting a release into force; held to the end of the transaction."""
    session.execute(text("select pg_advisory_xact_lock(:lock)"), {"lock": RELEASING})


def release_row(session: Session, number: str, *, lock: bool = False) -> ReleaseRow:
    """Raises NotFound."""
    row = session.get(ReleaseRow, number, with_for_update=lock or None, populate_existing=lock)
    if row is None:
        raise NotFound(kind="Release", key=number)
    return row


def signatures(session: Session, numbers: Iterable[str]) -> dict[str, tuple[Signature, ...]]:
    """Oldest first, by release."""
    query = select(SignatureRow).where(SignatureRow.release_id.in_(list(numbers))).order_by(SignatureRow.id)
    found: dict[str, tuple[Signature, ...]] = {}
    for row in session.scalars(query):
        one = Signature(row.by, row.at, row.opinion, row.reason, row.content_hash)
        found[row.release_id] = (*found.get(row.release_id, ()), one)
    return found


def release_of(row: ReleaseRow, signed: tuple[Signature, ...] = ()) -> Release:
    content = {path: (digests[0], digests[1]) for path, digests in row.content.items()}
    return Release(
        number=row.id,
        draft=row.draft_key,
        folders=tuple(row.folders),
        content=content,
        editors=tuple(row.editors),
        made=tuple(row.made),
        signatures=signed,
        **{name: getattr(row, name) for name in PLAIN},
    )


def releases_of(session: Session, rows: Sequence[ReleaseRow]) -> tuple[Release, ...]:
    signed = signatures(session, [row.id for row in rows])
    return tuple(release_of(row, signed.get(row.id, ())) for row in rows)


def one(session: Session, number: str) -> Release:
    """Raises NotFound."""
    return releases_of(session, [release_row(session, number)])[0]


def content_of(session: Session, draft: int) -> Content:
    """What the draft would put into force now."""
    rows = records.file_rows(session, draft).values()
    return {row.path: (row.sha256, row.base_sha256) for row in rows if not row.taken}


def editors_of(session: Session, draft: DraftRow) -> tuple[str, ...]:
    """Everybody who began the draft or ever saved anything in it, also what is not in it any more."""
    wrote = session.scalars(select(EditRow.by).where(EditRow.draft_key == draft.key).distinct())
    return tuple(sorted({draft.created_by, *wrote}))
