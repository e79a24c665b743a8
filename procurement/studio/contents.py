"""Contents kept once by their SHA-256."""

from __future__ import annotations

import hashlib
from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from procurement.studio.tables.drafts import ContentRow


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def keep(session: Session, content: bytes) -> str:
    """The digest under which ``content`` is kept from now on."""
    sha256 = digest(content)
    session.execute(insert(ContentRow).values(sha256=sha256, content=content).on_conflict_do_nothing())
    return sha256


def read(session: Session, digests: Collection[str]) -> dict[str, bytes]:
    """What is kept under each digest; one that is not there is left out."""
    if not digests:
        return {}
    statement = select(ContentRow.sha256, ContentRow.content).where(ContentRow.sha256.in_(digests))
    return {row.sha256: bytes(row.content) for row in session.execute(statement)}
