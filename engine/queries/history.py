"""What happened in a case, and whether the record of it is still what was written."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from engine.model import BrokenRecord, HistoryEntry, VerificationReport
from engine.store import reading
from engine.store.chain import hash_of, moment_text
from engine.store.tables import history as table
from engine.store.tables import instance_state

AT_ONCE = 2_000  # entries read at a time: a chain may be longer than memory


def history(
    session: Session,
    root_key: int,
    *,
    after_seq: int = 0,
    kinds: Collection[str] | None = None,
    element_key: int | None = None,
    since: dt.datetime | None = None,
    limit: int | None = None,
) -> list[HistoryEntry]:
    """Oldest first. Root 0 is the history of deployments."""
    h = table.c
    statement = select(*reading.HISTORY).where(h.root_key == root_key, h.seq > after_seq).order_by(h.seq)
    if kinds is not None:
        statement = statement.where(h.kind.in_(kinds))
    if element_key is not None:
        statement = statement.where(h.element_key == element_key)
    if since is not None:
        statement = statement.where(h.at >= since)
    return [reading.history(row) for row in session.execute(statement.limit(limit))]


def verify(session: Session, root_key: int | None = None) -> VerificationReport:
    """Recompute the chain of one case, or of all; the first altered record of each case is named."""
    s, h = instance_state.c, table.c
    heads = select(s.root_key, s.seq, s.hash).order_by(s.root_key)
    if root_key is not None:
        heads = heads.where(s.root_key == root_key)
    known = {row.root_key: row for row in session.execute(heads)}
    strays = select(h.root_key).distinct() if root_key is None else select(h.root_key).where(h.root_key == root_key).distinct()
    roots = sorted(known.keys() | set(session.scalars(strays)))
    entries, broken = 0, []
    for root in roots:
        count, wrong = _walk(session, root, known.get(root))
        entries += count
        broken += [] if wrong is None else [wrong]
    return VerificationReport(len(roots), entries, tuple(broken))


def _walk(session: Session, root_key: int, head: Any) -> tuple[int, BrokenRecord | None]:
    """How many entries there are, and the first that is wrong."""
    seq, previous, count = 0, "", 0
    broken: BrokenRecord | None = None
    for row in _entries(session, root_key):
        count += 1
        if broken is not None:
            continue
        reason = _wrong(row, seq, previous)
        if reason is not None:
            broken = BrokenRecord(root_key, row.seq, reason)
        seq, previous = row.seq, row.hash
    if broken is None and (head is None or (seq, previous) != (head.seq, head.hash)):
        broken = BrokenRecord(root_key, seq, "tail")
    return count, broken


def _wrong(row: Row[Any], seq: int, previous: str) -> str | None:
    if row.seq != seq + 1:
        return "missing"
    if row.previous != previous:
        return "link"
    values = {**row._mapping, "at": moment_text(row.at)}  # noqa: SLF001 - SQLAlchemy's documented name
    return None if hash_of(values) == row.hash else "hash"


def _entries(session: Session, root_key: int) -> Iterator[Row[Any]]:
    after = -1
    while True:
        h = table.c
        statement = select(*reading.HISTORY).where(h.root_key == root_key, h.seq > after).order_by(h.seq).limit(AT_ONCE)
        rows = session.execute(statement).all()
        yield from rows
        if len(rows) < AT_ONCE:
            return
        after = rows[-1].seq
