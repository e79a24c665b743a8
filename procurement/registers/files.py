"""Stored files by hash, who put them where, and who may read them; and the results of operations, so that a retry doubles nothing."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import BigInteger, ForeignKey, Identity
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from procurement.registers.row import Row

VISIBILITIES = ("case", "party", "sealed", "public", "quarantine")


class StoredFile(Row):
    """One content, whatever names it has. ``size`` in bytes."""

    __tablename__ = "stored_files"

    sha256: Mapped[str] = mapped_column(primary_key=True)
    size: Mapped[int] = mapped_column(BigInteger)
    media_type: Mapped[str]
    stored_at: Mapped[dt.datetime]


class FileUse(Row):
    """Somebody uploaded this content for this purpose.

    ``visibility``: case = people of the office, the agency and the uploader; party = the uploader's party and the office;
    sealed = the uploader until the bids are opened, then case; public = everybody; quarantine = the agency of the purchase.
    """

    __tablename__ = "file_references"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    sha256: Mapped[str] = mapped_column(ForeignKey("stored_files.sha256"), index=True)
    name: Mapped[str]
    purchase_id: Mapped[str | None] = mapped_column(index=True)
    uploaded_by: Mapped[str]
    party: Mapped[str] = mapped_column(default="")  # organisation:org-01
    visibility: Mapped[str]
    uploaded_at: Mapped[dt.datetime]


class OperationResult(Row):
    """What an operation answered at one element instance; a retry of the same element gets the same answer."""

    __tablename__ = "operation_results"

    element_key: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    operation: Mapped[str] = mapped_column(primary_key=True)
    output: Mapped[dict[str, Any]]
    at: Mapped[dt.datetime]


def note_stored(session: Session, use: FileUse, *, size: int, media_type: str, at: dt.datetime) -> None:
    """The content lies in the file store since ``at`` at the latest, and this is what it is there for. ``size`` in bytes."""
    stored = insert(StoredFile).values(sha256=use.sha256, size=size, media_type=media_type, stored_at=at)
    session.execute(stored.on_conflict_do_nothing())
    session.add(use)
