"""Which ledgers there are: those the installation came with, and what the studio has released since."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from functools import cache
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from engine.errors import NotFound
from procurement.ledgers.definitions import SUFFIX, Ledger, LedgerUnfit, read
from procurement.studio.tables.drafts import ContentRow, ShelfRow


class LedgerUnknown(NotFound):
    """There is no ledger {key}. Add its file processes/…/{key}.ledger.yaml, or correct the name."""


def shipped_files() -> dict[str, bytes]:
    """The files the installation came with, by layout path: inside the wheel, or at the root of a checkout."""
    root = Path(__file__).parents[2]
    bundled = root / "web" / "bundled"
    home = bundled if (bundled / "processes").is_dir() else root
    files = sorted((home / "processes").glob(f"*/*{SUFFIX}"))
    return {file.relative_to(home).as_posix(): file.read_bytes() for file in files}


@cache
def shipped() -> Mapping[str, Ledger]:
    """Id → ledger. Raises LedgerUnfit."""
    made = [read(content, file) for file, content in shipped_files().items()]
    return {one.id: one for one in made}


def in_force(session: Session) -> dict[str, Ledger]:
    """Id → ledger; a file released through the studio counts before the one that was shipped."""
    found = dict(shipped())
    newest = select(ShelfRow.path, ShelfRow.sha256).where(ShelfRow.path.like(f"%{SUFFIX}")).order_by(ShelfRow.id)
    for path, sha256 in session.execute(newest):
        stem = Path(path).name.removesuffix(SUFFIX)
        if sha256 is None:
            found.pop(stem, None)
            continue
        with suppress(LedgerUnfit):  # the studio refuses it; one that came in past it must not close all the others
            found[stem] = _released(session, path, sha256)
    return found


def ledger(session: Session, id_: str) -> Ledger:
    """Raises LedgerUnknown."""
    found = in_force(session).get(id_)
    if found is None:
        raise LedgerUnknown(key=id_)
    return found


_KNOWN: dict[tuple[str, str], Ledger] = {}


def _released(session: Session, path: str, sha256: str) -> Ledger:
    """What a released file says never changes under its digest. Raises LedgerUnfit."""
    key = (path, sha256)
    if key not in _KNOWN:
        _KNOWN[key] = read(session.scalars(select(ContentRow.content).where(ContentRow.sha256 == sha256)).one(), path)
    return _KNOWN[key]
