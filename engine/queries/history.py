"""What happened in a case, and whether the record of it is still what was written."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator
from itertools import chain, islice
from typing import Any

from sqlalchemy import Row, Select, Table, select
from sqlalchemy.orm import Session

from engine.model import HistoryEntry, VerificationReport
from engine.store import linking, reading
from engine.store.chain import Head, moment_text
from engine.store.tables import history as single
from engine.store.tables import history_record as record
from engine.store.tables import instance_state

AT_ONCE = 500  # rows read at a time: a chain may be longer than memory


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
    singles, records = select(*reading.HISTORY), select(*reading.RECORD)
    if kinds is not None:
        singles = singles.where(single.c.kind.in_(kinds))
        records = records.where(record.c.kinds.overlap(list(kinds)))
    if element_key is not None:
        singles = singles.where(single.c.element_key == element_key)
    if since is not None:
        singles, records = singles.where(single.c.at >= since), records.where(record.c.at >= since)
    found = chain(
        map(reading.history, _rows(session, singles, single, root_key, after_seq)),
        (entry for row in _rows(session, records, record, root_key, after_seq) for entry in reading.entries(row)),
    )
    wanted = (
        entry
        for entry in found
        if entry.seq > after_seq
        and (kinds is None or entry.kind in kinds)
        and (element_key is None or entry.element_key == element_key)
    )
    return list(islice(wanted, limit))


def verify(session: Session, root_key: int | None = None) -> VerificationReport:
    """Recompute the chain of one case, or of all; the first altered record of each case is named."""
    known = heads(session, root_key)
    roots = roots_of(session, root_key)
    entries, broken = 0, []
    for root in roots:
        count, wrong = linking.walk(root, map(linking.of, rows(session, root)), known.get(root))
        entries += count
        broken += [] if wrong is None else [wrong]
    return VerificationReport(len(roots), entries, tuple(broken))


def heads(session: Session, root_key: int | None = None) -> dict[int, Head]:
    """Where the chain of each case is said to end, by root key."""
    s = instance_state.c
    statement = select(s.root_key, s.seq, s.hash).order_by(s.root_key)
    if root_key is not None:
        statement = statement.where(s.root_key == root_key)
    return {row.root_key: Head(row.seq, row.hash) for row in session.execute(statement)}


def roots_of(session: Session, root_key: int | None = None) -> list[int]:
    """Every case there is or that has a history."""
    known = heads(session, root_key).keys()
    return sorted(known | _told(session, single, root_key) | _told(session, record, root_key))


def rows(session: Session, root_key: int) -> Iterator[dict[str, Any]]:
    """The stored rows of a case as they were signed: those of one entry first, then those of one command."""
    yield from map(as_signed, _rows(session, select(*reading.HISTORY), single, root_key))
    yield from map(as_signed, _rows(session, select(*reading.RECORD), record, root_key))


def _told(session: Session, table: Table, root_key: int | None) -> set[int]:
    """The cases that have a history, whether or not there is a case."""
    found = select(table.c.root_key).distinct()
    return set(session.scalars(found if root_key is None else found.where(table.c.root_key == root_key)))


def as_signed(row: Row[Any]) -> dict[str, Any]:
    """The columns of a row, its moment as the text that was signed."""
    return {**row._mapping, "at": moment_text(row.at)}  # noqa: SLF001 - SQLAlchemy's documented name


def _rows(session: Session, statement: Select[Any], table: Table, root_key: int, after: int = 0) -> Iterator[Row[Any]]:
    """The rows of a case in order, those that end after ``after``."""
    c = table.c
    while True:
        rows = session.execute(statement.where(c.root_key == root_key, c.seq > after).order_by(c.seq).limit(AT_ONCE)).all()
        yield from rows
        if len(rows) < AT_ONCE:
            return
        after = rows[-1].seq
