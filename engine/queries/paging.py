"""Pages of results by key: the next page costs as much as the first, however far down it is."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Row, cast, func, literal, select, tuple_
from sqlalchemy.exc import DataError
from sqlalchemy.orm import Session

from engine.errors import CursorUnknown, FieldError, InvalidInput
from engine.model import Page
from engine.queries.comparing import condition

COUNTED_UP_TO = 10_000  # matches; whoever has more is not helped by the exact number, and would wait for it


@dataclass(frozen=True)
class Listing:
    """What is listed and how it may be sorted. ``orders``: never null, made unique by ``key``."""

    columns: Sequence[ColumnElement[Any]]
    key: ColumnElement[int]
    orders: Mapping[str, ColumnElement[Any]]
    read: Callable[[Row[Any]], Any]


@dataclass(frozen=True)
class Cut:
    """Which page. ``order`` starts with a minus for the reverse; ``after`` is the cursor of the page before.

    ``counted`` False: nobody will be shown how many there are. Counting reads every match, the page only its own rows.
    """

    order: str
    limit: int | None = 50
    after: str | None = None
    offset: int = 0
    counted: bool = True


def page(session: Session, listing: Listing, conditions: Sequence[ColumnElement[bool]], cut: Cut) -> Page:
    """Raises InvalidInput for an unknown order or a cursor that is none."""
    name = cut.order.removeprefix("-")
    if name not in listing.orders:
        raise _refused("order", "Sort by one of: {known}.", known=", ".join(listing.orders))
    by, down = listing.orders[name], cut.order.startswith("-")
    statement = select(*listing.columns, by.label("order_value"), listing.key.label("order_key")).where(*conditions)
    if cut.after is not None:
        statement = statement.where(_beyond(by, listing.key, cut.after, down=down))
    statement = statement.order_by(by.desc() if down else by, listing.key.desc() if down else listing.key)
    if cut.limit is not None:
        statement = statement.limit(cut.limit + 1)
    try:
        rows: Sequence[Any] = session.execute(statement.offset(cut.offset or None)).all()
    except DataError as error:
        if cut.after is None:
            raise
        raise CursorUnknown from error  # it can be read, but it is of another order
    more = cut.limit is not None and len(rows) > cut.limit
    shown = rows[: cut.limit] if more else rows
    total, is_least = len(shown), more
    if cut.counted and (more or cut.after is not None or cut.offset):
        total = _total(session, listing, conditions)
        is_least = total == COUNTED_UP_TO
    after = _cursor(shown[-1]) if more and shown else None
    return Page(tuple(listing.read(row) for row in shown), total, after, is_least)


def _total(session: Session, listing: Listing, conditions: Sequence[ColumnElement[bool]]) -> int:
    some = select(listing.key).where(*conditions).limit(COUNTED_UP_TO).subquery()
    return session.execute(select(func.count()).select_from(some)).scalar_one()


def _beyond(by: ColumnElement[Any], key: ColumnElement[int], after: str, *, down: bool) -> ColumnElement[bool]:
    try:
        value, last = json.loads(base64.urlsafe_b64decode(after.encode()))
        if not isinstance(value, str) or "\0" in value:
            raise ValueError(value)
    except (ValueError, binascii.Error, TypeError):
        raise CursorUnknown from None
    here = tuple_(by, key)
    there = tuple_(cast(literal(value), by.type), cast(literal(str(last)), key.type))
    return here < there if down else here > there


def _cursor(row: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps([str(row.order_value), row.order_key]).encode()).decode()


def _refused(path: str, template: str, **params: Any) -> InvalidInput:
    return InvalidInput(fields=(FieldError(path, template, params),))


def equal(table: Any, **values: Any) -> list[ColumnElement[bool]]:
    """A condition for each value that is given; a value may be ``Comparisons``."""
    return [condition(table.c[name], value) for name, value in values.items() if value is not None]
