"""What happened in a case, and whether the record of it is still what was written."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator
from itertools import chain, islice
from typing import Any

from sqlalchemy import Row, Select, Table, select
from sqlalchemy.orm import Session

from engine.model import BrokenRecord, HistoryEntry, VerificationReport
from engine.store import reading
from engine.store.chain import Head, hash_of, hash_of_single, moment_text, words
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
    s = instance_state.c
    heads = select(s.root_key, s.seq, s.hash).order_by(s.root_key)
    if root_key is not None:
        heads = heads.where(s.root_key == root_key)
    known = {row.root_key: Head(row.seq, row.hash) for row in session.execute(heads)}
    roots = known.keys() | _told(session, single, root_key) | _told(session, record, root_key)
    entries, broken = 0, []
    for root in sorted(roots):
        count, wrong = _walk(session, root, known.get(root))
        entries += count
        broken += [] if wrong is None else [wrong]
    return VerificationReport(len(roots), entries, tuple(broken))


def _told(session: Session, table: Table, root_key: int | None) -> set[int]:
    """The cases that have a history, whether or not there is a case."""
    found = select(table.c.root_key).distinct()
    return set(session.scalars(found if root_key is None else found.where(table.c.root_key == root_key)))


def _walk(session: Session, root_key: int, head: Head | None) -> tuple[int, BrokenRecord | None]:
    """How many entries there are, and the first that is not what was written."""
    last, count = Head(0, ""), 0
    broken: BrokenRecord | None = None
    for row, first, wrong in chain(_singles(session, root_key), _records(session, root_key)):
        count += row.seq - first + 1
        if broken is not None:
            continue
        reason = _unlinked(last, first, row) or wrong
        if reason is not None:
            broken = BrokenRecord(root_key, last.seq + 1, reason)
        last = Head(row.seq, row.hash)
    if broken is None and last != head:
        broken = BrokenRecord(root_key, last.seq, "tail")
    return count, broken


def _unlinked(last: Head, first: int, row: Row[Any]) -> str | None:
    if first != last.seq + 1 or row.seq < first:
        return "missing"
    return None if row.previous == last.hash else "link"


def _singles(session: Session, root_key: int) -> Iterator[tuple[Row[Any], int, str | None]]:
    """Rows of one entry with its number, and what is wrong with each."""
    for row in _rows(session, select(*reading.HISTORY), single, root_key):
        yield row, row.seq, None if hash_of_single(_as_signed(row)) == row.hash else "hash"


def _records(session: Session, root_key: int) -> Iterator[tuple[Row[Any], int, str | None]]:
    """Rows of one command with the number of their first entry, and what is wrong with each."""
    for row in _rows(session, select(*reading.RECORD), record, root_key):
        yield row, row.first_seq, "hash" if hash_of(_as_signed(row)) != row.hash else _misfiled(row)


def _misfiled(row: Row[Any]) -> str | None:
    """The words a record is found by must be those of its entries, which are signed."""
    entries = list(reading.entries(row))
    is_so = row.kinds == words(entry.kind for entry in entries) and row.elements == words(entry.element_id for entry in entries)
    return None if is_so else "words"


def _as_signed(row: Row[Any]) -> dict[str, Any]:
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
