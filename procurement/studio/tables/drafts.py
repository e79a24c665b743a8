"""Drafts, the files changed in them, every version ever saved, and the texts the studio keeps beside the deployed files.

Contents are kept once by their SHA-256 and never changed or removed: what anybody saved can be brought back.
"""

from __future__ import annotations

import datetime as dt

from sqlalchemy import BigInteger, ForeignKey, Identity, Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from procurement.registers.row import Row

DRAFT = "studio_drafts.key"
CONTENT = "studio_contents.sha256"


class ContentRow(Row):
    """One content, whatever files have it."""

    __tablename__ = "studio_contents"

    sha256: Mapped[str] = mapped_column(primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)


class DraftRow(Row):
    """``revision`` rises with every change of a file or of the state."""

    __tablename__ = "studio_drafts"
    __table_args__ = (Index(None, "state", "folder"),)

    key: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    folder: Mapped[str]
    title: Mapped[str]
    reason: Mapped[str] = mapped_column(default="")
    state: Mapped[str]
    created_by: Mapped[str]
    created_at: Mapped[dt.datetime]
    changed_at: Mapped[dt.datetime]
    revision: Mapped[int] = mapped_column(default=0)


class DraftFileRow(Row):
    """A file a draft has of its own: ``sha256`` None deletes it, ``base_sha256`` None adds it.

    ``taken``: a file of another folder, listed in the draft but not changed; it follows what is in force, digests are None.
    """

    __tablename__ = "studio_draft_files"

    draft_key: Mapped[int] = mapped_column(BigInteger, ForeignKey(DRAFT), primary_key=True)
    path: Mapped[str] = mapped_column(primary_key=True)
    sha256: Mapped[str | None]
    base_sha256: Mapped[str | None]
    taken: Mapped[bool] = mapped_column(default=False)
    changed_by: Mapped[str]
    changed_at: Mapped[dt.datetime]


class EditRow(Row):
    """One version somebody saved, also one that was not ``accepted`` because somebody else had been quicker."""

    __tablename__ = "studio_edits"
    __table_args__ = (Index(None, "draft_key", "path", "id"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    draft_key: Mapped[int] = mapped_column(BigInteger, ForeignKey(DRAFT))
    path: Mapped[str]
    sha256: Mapped[str | None] = mapped_column(ForeignKey(CONTENT))
    by: Mapped[str]
    at: Mapped[dt.datetime]
    accepted: Mapped[bool]


class ShelfRow(Row):
    """What came into force beside a deployment: READMEs and cases, and files taken away (``sha256`` None). Append-only.

    ``generation`` is the engine's when it came into force.
    """

    __tablename__ = "studio_shelf"
    __table_args__ = (Index(None, "path", "id"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    path: Mapped[str]
    sha256: Mapped[str | None] = mapped_column(ForeignKey(CONTENT))
    generation: Mapped[int] = mapped_column(BigInteger)
    by: Mapped[str]
    at: Mapped[dt.datetime]
    note: Mapped[str] = mapped_column(default="")


class PresenceRow(Row):
    """A page open on a draft; gone when not seen for a while. ``window_id`` is one browser tab."""

    __tablename__ = "studio_presence"

    draft_key: Mapped[int] = mapped_column(BigInteger, ForeignKey(DRAFT), primary_key=True)
    window_id: Mapped[str] = mapped_column(primary_key=True)
    login: Mapped[str]
    path: Mapped[str] = mapped_column(default="")
    seen_at: Mapped[dt.datetime]
