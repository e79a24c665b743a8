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

from engine import json_codec
from engine.errors import CursorUnknown, FieldError, InvalidInput
from engine.model import Comparisons, HistoryEntry, Searched
from engine.queries.comparing import condition
from engine.store import reading
from engine.store.tables import history as single
from engine.store.tables import history_record as record

AT_ONCE = 200  # rows; most pages need no second look
ORDERS = ("at", "-at")
Place: TypeAlias = tuple[dt.datetime, int, int]  # moment, case, number of the entry: unique, and the order of all lists here
Span: TypeAlias = tuple[Place | None, Place | None]  # beyond the first, up to the last
Order: TypeAlias = tuple[ColumnElement[Any], ColumnElement[Any], ColumnElement[Any]]


@dataclass(frozen=True)
class Wanted:
    """What a search is for. ``says``: a piece of text of the entry as it is stored; ``test`` decides in the end.

    ``look``: no index knows texts, so a search for one looks at so many rows and says how far it came; None: at all of them.
    """

    kinds: Collection[str]
    root_key: int | Comparisons | None = None
    element_id: str | None = None
    actor: str | Comparisons | None = None
    at: dt.datetime | Comparisons | None = None
    says: str = ""
    look: int | None = None
    test: Callable[[HistoryEntry], bool] = lambda _: True

    def matches(self, entry: HistoryEntry) -> bool:
        place = entry.kind in self.kinds and self.element_id in (None, entry.element_id)
        return place and (not self.says or self.says in _stored(entry)) and self.test(entry)


def entries(session: Session, wanted: Wanted, *, order: str = "at", limit: int = 50, after: str | None = None) -> Searched:
    """Oldest first, or with ``-at`` newest first. Raises InvalidInput for another order or a cursor that is none."""
    if order not in ORDERS:
        raise InvalidInput(fields=(FieldError("order", "Sort by one of: {known}.", {"known": ", ".join(ORDERS)}),))
    down = order.startswith("-")
    start = None if after is None else _place_of(after)
    end = None if wanted.look is None or not wanted.says else _end(session, wanted, start, down=down)
    found = list(islice(_matching(session, wanted, start, end, down=down), limit + 1))
    shown = found[:limit]
    more = len(found) > limit
    goes_on = _place(shown[-1]) if more else end
    cursor, least = goes_on and _cursor(goes_on), goes_on is not None or after is not None
    return Searched(tuple(shown), len(found), cursor, is_least=least, looked_to=None if more or end is None else end[0])


def entry(session: Session, root_key: int, seq: int) -> HistoryEntry | None:
    """One entry of a case by its number."""
    s, r = single.c, record.c
    row = session.execute(select(*reading.HISTORY).where(s.root_key == root_key, s.seq == seq)).one_or_none()
    if row is not None:
        return reading.history(row)
    holder = select(*reading.RECORD).where(r.root_key == root_key, r.first_seq <= seq, r.seq >= seq)
    row = session.execute(holder).one_or_none()
    return None if row is None else next(one for one in reading.entries(row) if one.seq == seq)


def _stored(entry: HistoryEntry) -> str:
    return json_codec.dumps_stored((entry.kind, entry.instance_key, entry.element_id, entry.element_key, entry.data))


def _end(session: Session, wanted: Wanted, start: Place | None, *, down: bool) -> Place | None:
    """Where a search has looked at enough; None when less is left than that."""
    ends = []
    for table, seq, telling in ((single, single.c.seq, _of_singles(wanted)), (record, *_of_records(wanted, down=down))):
        order = (table.c.at, table.c.root_key, seq)
        rows = select(*order).where(*telling, *_after(order, start, down=down))
        rows = rows.order_by(*(by.desc() if down else by for by in order)).offset((wanted.look or 1) - 1).limit(1)
        ends += [tuple(row) for row in session.execute(rows)]
    return (max(ends) if down else min(ends)) if ends else None


def _matching(session: Session, wanted: Wanted, start: Place | None, end: Place | None, *, down: bool) -> Iterator[HistoryEntry]:
    span = (start, end)
    both = merge(
        _singles(session, wanted, span, down=down), _recorded(session, wanted, span, down=down), key=_place, reverse=down
    )
    for one in both:
        beyond = start is None or (_place(one) < start if down else _place(one) > start)
        if beyond and wanted.matches(one):
            yield one


def _singles(session: Session, wanted: Wanted, span: Span, *, down: bool) -> Iterator[HistoryEntry]:
    """What happened before there were records: one row each."""
    s = single.c
    telling = [*_of_singles(wanted), *_until((s.at, s.root_key, s.seq), span[1], down=down)]
    telling += [s.data.contains(wanted.says, autoescape=True)] if wanted.says else []
    for row in _rows(session, single, reading.HISTORY, s.seq, telling, span[0], down=down):
        yield reading.history(row)


def _recorded(session: Session, wanted: Wanted, span: Span, *, down: bool) -> Iterator[HistoryEntry]:
    r = record.c
    seq, telling = _of_records(wanted, down=down)
    telling += _until((r.at, r.root_key, seq), span[1], down=down)
    telling += [r.entries.contains(wanted.says, autoescape=True)] if wanted.says else []
    for row in _rows(session, record, reading.RECORD, seq, telling, span[0], down=down):
        told = list(reading.entries(row))
        yield from reversed(told) if down else told


def _of_singles(wanted: Wanted) -> list[ColumnElement[bool]]:
    """The conditions an index knows, or a glance at the row."""
    return [single.c.kind.in_(wanted.kinds), *_common(single, wanted)]


def _of_records(wanted: Wanted, *, down: bool) -> tuple[ColumnElement[int], list[ColumnElement[bool]]]:
    """The same of records, and the number a record has in the order.

    A record is begun in the middle when a page ended there: its far end lies beyond the cursor.
    """
    r = record.c
    telling = [r.kinds.overlap(list(wanted.kinds)), *_common(record, wanted)]
    telling += [r.elements.contains([wanted.element_id])] if wanted.element_id is not None else []
    return (r.first_seq if down else r.seq), telling


def _common(table: Table, wanted: Wanted) -> list[ColumnElement[bool]]:
    columns = {"root_key": wanted.root_key, "actor": wanted.actor, "at": wanted.at}
    return [condition(table.c[name], value) for name, value in columns.items() if value is not None]


def _rows(
    session: Session, table: Table, columns: Any, seq: ColumnElement[int], telling: list[Any], start: Place | None, *, down: bool
) -> Iterator[Any]:
    order = (table.c.at, table.c.root_key, seq)
    while True:
        statement = select(*columns, seq.label("place_seq")).where(*telling, *_after(order, start, down=down))
        rows = session.execute(statement.order_by(*(by.desc() if down else by for by in order)).limit(AT_ONCE)).all()
        yield from rows
        if len(rows) < AT_ONCE:
            return
        start = (rows[-1].at, rows[-1].root_key, rows[-1].place_seq)


def _after(order: Order, start: Place | None, *, down: bool) -> list[ColumnElement[bool]]:
    if start is None:
        return []
    here, there = tuple_(*order), _literal(start)
    return [here < there if down else here > there]


def _until(order: Order, end: Place | None, *, down: bool) -> list[ColumnElement[bool]]:
    if end is None:
        return []
    here, there = tuple_(*order), _literal(end)
    return [here >= there if down else here <= there]


def _literal(place: Place) -> Any:
    return tuple_(literal(place[0], DateTime(timezone=True)), literal(place[1]), literal(place[2]))


def _place(one: HistoryEntry) -> Place:
    return (one.at, one.root_key, one.seq)


def _cursor(place: Place) -> str:
    return base64.urlsafe_b64encode(json.dumps([place[0].isoformat(), *place[1:]]).encode()).decode()


def _place_of(cursor: str) -> Place:
    try:
        at, root_key, seq = json.loads(base64.urlsafe_b64decode(cursor.encode()))
        return dt.datetime.fromisoformat(at), int(root_key), int(seq)
    except (ValueError, TypeError, binascii.Error):
        raise CursorUnknown from None
