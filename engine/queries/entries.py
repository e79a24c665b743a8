"""Entries of the history over all cases, a page at a time.

One row of the history tells all that one command did, so a search finds rows by what their indexes know (case, moment, actor,
kinds, element ids) and takes the entries out of them here. Nobody counts to the end: what matches is known row by row only.
"""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import json
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from heapq import merge
from itertools import islice
from typing import Any, TypeAlias

from sqlalchemy import ColumnElement, DateTime, Table, literal, select, tuple_
from sqlalchemy.orm import Session

from engine.errors import FieldError, InvalidInput
from engine.model import Comparisons, HistoryEntry, Page
from engine.queries.comparing import condition
from engine.store import reading
from engine.store.tables import history as single
from engine.store.tables import history_record as record

AT_ONCE = 200  # rows; most pages need no second look
ORDERS = ("at", "-at")
Place: TypeAlias = tuple[dt.datetime, int, int]  # moment, case, number of the entry: unique, and the order of all lists here


@dataclass(frozen=True)
class Wanted:
    """What a search is for. ``says``: a piece of text in the canonical JSON of its data; ``test`` decides in the end."""

    kinds: Collection[str]
    root_key: int | None = None
    element_id: str | None = None
    actor: str | Comparisons | None = None
    at: dt.datetime | Comparisons | None = None
    says: str = ""
    test: Callable[[HistoryEntry], bool] = lambda _: True

    def matches(self, entry: HistoryEntry) -> bool:
        return entry.kind in self.kinds and self.element_id in (None, entry.element_id) and self.test(entry)


def entries(session: Session, wanted: Wanted, *, order: str = "at", limit: int = 50, after: str | None = None) -> Page:
    """Oldest first, or with ``-at`` newest first. Raises InvalidInput for another order or a cursor that is none."""
    if order not in ORDERS:
        raise InvalidInput(fields=(FieldError("order", "Sort by one of: {known}.", {"known": ", ".join(ORDERS)}),))
    down = order.startswith("-")
    start = None if after is None else _place_of(after)
    found = list(islice(_matching(session, wanted, start, down=down), limit + 1))
    shown = found[:limit]
    more = len(found) > limit
    return Page(tuple(shown), len(found), _cursor(shown[-1]) if more else None, is_least=more or after is not None)


def entry(session: Session, root_key: int, seq: int) -> HistoryEntry | None:
    """One entry of a case by its number."""
    s, r = single.c, record.c
    row = session.execute(select(*reading.HISTORY).where(s.root_key == root_key, s.seq == seq)).one_or_none()
    if row is not None:
        return reading.history(row)
    holder = select(*reading.RECORD).where(r.root_key == root_key, r.first_seq <= seq, r.seq >= seq)
    row = session.execute(holder).one_or_none()
    return None if row is None else next(one for one in reading.entries(row) if one.seq == seq)


def _matching(session: Session, wanted: Wanted, start: Place | None, *, down: bool) -> Iterator[HistoryEntry]:
    both = merge(
        _singles(session, wanted, start, down=down), _recorded(session, wanted, start, down=down), key=_place, reverse=down
    )
    for one in both:
        beyond = start is None or (_place(one) < start if down else _place(one) > start)
        if beyond and wanted.matches(one):
            yield one


def _singles(session: Session, wanted: Wanted, start: Place | None, *, down: bool) -> Iterator[HistoryEntry]:
    """What happened before there were records: one row each."""
    s = single.c
    telling = [s.kind.in_(wanted.kinds), *_common(single, wanted)]
    telling += [s.data.contains(wanted.says, autoescape=True)] if wanted.says else []
    for row in _rows(session, single, reading.HISTORY, s.seq, telling, start, down=down):
        yield reading.history(row)


def _recorded(session: Session, wanted: Wanted, start: Place | None, *, down: bool) -> Iterator[HistoryEntry]:
    r = record.c
    telling = [r.kinds.overlap(list(wanted.kinds)), *_common(record, wanted)]
    telling += [r.entries.contains(wanted.says, autoescape=True)] if wanted.says else []
    telling += [r.elements.contains([wanted.element_id])] if wanted.element_id is not None else []
    # a row is begun in the middle when a page ended there: its far end lies beyond the cursor
    for row in _rows(session, record, reading.RECORD, r.first_seq if down else r.seq, telling, start, down=down):
        told = list(reading.entries(row))
        yield from reversed(told) if down else told


def _common(table: Table, wanted: Wanted) -> list[ColumnElement[bool]]:
    columns = {"root_key": wanted.root_key, "actor": wanted.actor, "at": wanted.at}
    return [condition(table.c[name], value) for name, value in columns.items() if value is not None]


def _rows(
    session: Session, table: Table, columns: Any, seq: ColumnElement[int], telling: list[Any], start: Place | None, *, down: bool
) -> Iterator[Any]:
    order = (table.c.at, table.c.root_key, seq)
    here = tuple_(*order)
    while True:
        statement = select(*columns, seq.label("place_seq")).where(*telling)
        if start is not None:
            there = tuple_(literal(start[0], DateTime(timezone=True)), literal(start[1]), literal(start[2]))
            statement = statement.where(here < there if down else here > there)
        rows = session.execute(statement.order_by(*(by.desc() if down else by for by in order)).limit(AT_ONCE)).all()
        yield from rows
        if len(rows) < AT_ONCE:
            return
        start = (rows[-1].at, rows[-1].root_key, rows[-1].place_seq)


def _place(one: HistoryEntry) -> Place:
    return (one.at, one.root_key, one.seq)


def _cursor(one: HistoryEntry) -> str:
    return base64.urlsafe_b64encode(json.dumps([one.at.isoformat(), one.root_key, one.seq]).encode()).decode()


def _place_of(cursor: str) -> Place:
    try:
        at, root_key, seq = json.loads(base64.urlsafe_b64decode(cursor.encode()))
        return dt.datetime.fromisoformat(at), int(root_key), int(seq)
    except (ValueError, TypeError, binascii.Error):
        raise InvalidInput(fields=(FieldError("after", "This is not the cursor of a page."),)) from None
