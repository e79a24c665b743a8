"""Parts of histories, read without reading the whole: the end of one, and single moments of many."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterator
from itertools import islice
from typing import Any

from sqlalchemy import BigInteger, DateTime, Select, Table, bindparam, func, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

from engine.model import HistoryEntry
from engine.store import reading
from engine.store.tables import history as single
from engine.store.tables import history_record as record

AT_ONCE = 50  # rows; one tells a handful of entries


def newest(
    session: Session, root_key: int, *, limit: int, kinds: Collection[str] | None = None, before_seq: int | None = None
) -> list[HistoryEntry]:
    """The last entries of a case, newest first."""
    records, singles = select(*reading.RECORD), select(*reading.HISTORY)
    if kinds is not None:
        records, singles = records.where(record.c.kinds.overlap(list(kinds))), singles.where(single.c.kind.in_(kinds))

    def entries() -> Iterator[HistoryEntry]:
        for row in _backwards(session, records, record, root_key, record.c.first_seq, before_seq):
            yield from reversed(list(reading.entries(row)))
        for row in _backwards(session, singles, single, root_key, single.c.seq, before_seq):
            yield reading.history(row)

    wanted = (
        entry for entry in entries() if (kinds is None or entry.kind in kinds) and (before_seq is None or entry.seq < before_seq)
    )
    return list(islice(wanted, limit))


def at_moments(
    session: Session, moments: Collection[tuple[int, dt.datetime]], kinds: Collection[str]
) -> dict[tuple[int, dt.datetime], list[HistoryEntry]]:
    """What happened in cases at exactly these moments (root key and moment), oldest first: all of one command bears the same."""
    found: dict[tuple[int, dt.datetime], list[HistoryEntry]] = defaultdict(list)
    each = dict.fromkeys(moments)  # several tasks may come of one command
    for row in session.execute(_at(select(*reading.HISTORY), single, each)):
        found[row.root_key, row.at] += [reading.history(row)] if row.kind in kinds else []
    for row in session.execute(_at(select(*reading.RECORD), record, each)):
        found[row.root_key, row.at] += reading.entries(row, kinds)
    return dict(found)


def _at(statement: Select[Any], table: Table, moments: Collection[tuple[int, dt.datetime]]) -> Select[Any]:
    roots = bindparam("roots", [root for root, _ in moments], ARRAY(BigInteger))
    ats = bindparam("ats", [at for _, at in moments], ARRAY(DateTime(timezone=True)))
    wanted = func.unnest(roots, ats).table_valued("root_key", "at").render_derived(name="wanted")
    same = (table.c.root_key == wanted.c.root_key) & (table.c.at == wanted.c.at)
    return statement.join_from(wanted, table, same).order_by(table.c.root_key, table.c.seq)


def _backwards(
    session: Session, statement: Select[Any], table: Table, root_key: int, first: Any, before: int | None
) -> Iterator[Any]:
    while True:
        batch = statement.where(table.c.root_key == root_key)
        if before is not None:
            batch = batch.where(first < before)
        rows = session.execute(batch.order_by(table.c.seq.desc()).limit(AT_ONCE)).all()
        yield from rows
        if len(rows) < AT_ONCE:
            return
        before = rows[-1].first_seq if "first_seq" in rows[-1]._fields else rows[-1].seq
