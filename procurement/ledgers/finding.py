"""Asking a ledger: which entries there are for some values on a day, how many, and what they add up to."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Numeric, and_, bindparam, case, cast, false, func, literal_column, or_, select
from sqlalchemy.dialects.postgresql import TEXT
from sqlalchemy.orm import Session

from procurement.registers.ledgers import Facts, LedgerEntry

MOST_GROUPS = 10_000
COLUMNS = {"number": LedgerEntry.number, "owner": LedgerEntry.owner, "matter": LedgerEntry.matter, "purchase_id": LedgerEntry.purchase_id}  # fmt: skip


@dataclass(frozen=True)
class Query:
    """``where``: field → value, a list means one of them; ``on`` None asks every time; ``words`` all occur in the entry."""

    ledger: str
    where: Mapping[str, Any] = field(default_factory=dict)
    on: dt.date | None = None
    words: str = ""
    owners: tuple[str, ...] | None = None  # only entries of these groups

    def conditions(self) -> list[ColumnElement[bool]]:
        found = [LedgerEntry.ledger == self.ledger]
        if self.on is not None:
            found += _holds(self.on)
        found += [_equals(name, value) for name, value in self.where.items()]
        found += [LedgerEntry.search.contains(word, autoescape=True) for word in self.words.lower().split()[:10]]
        return [*found, *_owned(self.owners)]


@dataclass(frozen=True)
class Found:
    """One group of a total: ``sum`` is None without a field to add up."""

    value: str | None
    count: int
    sum: Decimal | None


def find(session: Session, query: Query, *, limit: int, after: int | None = None) -> Sequence[LedgerEntry]:
    """Newest first; ``after``: the id of the last one already shown."""
    statement = select(LedgerEntry).where(*query.conditions()).order_by(LedgerEntry.id.desc()).limit(limit)
    return session.scalars(statement if after is None else statement.where(LedgerEntry.id < after)).all()


def first_page(session: Session, query: Query, *, limit: int, most: int) -> tuple[int, Sequence[LedgerEntry]]:
    """How many, counted to one beyond ``most``, and the newest of them: looked for once, not once for each."""
    matched = select(LedgerEntry.id).where(*query.conditions()).order_by(LedgerEntry.id.desc()).limit(most + 1).cte("matched")
    counted = select(func.count()).select_from(matched).scalar_subquery()
    found = session.execute(select(matched.c.id, counted).order_by(matched.c.id.desc()).limit(limit)).all()
    rows = select(LedgerEntry).where(LedgerEntry.id.in_([row[0] for row in found])).order_by(LedgerEntry.id.desc())
    return (found[0][1], session.scalars(rows).all()) if found else (0, [])


def count(session: Session, query: Query, most: int | None = None) -> int:
    """How many; with ``most`` nobody counts further than one beyond it."""
    found = select(LedgerEntry.id).where(*query.conditions())
    if most is None:
        return session.scalar(found.with_only_columns(func.count())) or 0
    return session.scalar(select(func.count()).select_from(found.limit(most + 1).subquery())) or 0


def in_force(session: Session, ledgers: Mapping[str, tuple[str, ...] | None], on: dt.date) -> dict[str, int]:
    """How many entries hold on a day, by ledger, in one statement. ``ledgers``: id → whose entries alone count, None: all."""
    sights = [
        and_(LedgerEntry.ledger.in_([id_ for id_, seen in ledgers.items() if seen == owners]), *_owned(owners))
        for owners in set(ledgers.values())
    ]
    statement = select(LedgerEntry.ledger, func.count()).where(or_(false(), *sights), *_holds(on)).group_by(LedgerEntry.ledger)
    return dict.fromkeys(ledgers, 0) | {row[0]: row[1] for row in session.execute(statement)}


def total(session: Session, query: Query, by: str | None, sum_: str | None) -> list[Found]:
    """One group for each value of ``by``, largest first; without ``by`` one for all. What is no number adds nothing."""
    how_many = func.count()
    amount = _amount(sum_) if sum_ else None
    added = func.sum(amount) if amount is not None else None
    asked = [how_many] if added is None else [how_many, added]
    statement = select(*asked).select_from(LedgerEntry).where(*query.conditions())
    if by is None:
        return [_found(None, row) for row in session.execute(statement)]
    value = _fact(by)
    ranked = how_many.desc() if added is None else func.coalesce(added, 0).desc()
    statement = select(value, *asked).where(*query.conditions()).group_by(value).order_by(ranked, value).limit(MOST_GROUPS)
    return [_found(row[0], row[1:]) for row in session.execute(statement)]


def _found(value: str | None, row: Sequence[Any]) -> Found:
    if len(row) == 1:
        return Found(value, row[0], None)
    return Found(value, row[0], row[1] if row[1] is not None else Decimal(0))


def _holds(on: dt.date) -> list[ColumnElement[bool]]:
    return [LedgerEntry.valid_from <= on, LedgerEntry.valid_until.is_(None) | (LedgerEntry.valid_until >= on)]


def _owned(owners: tuple[str, ...] | None) -> list[ColumnElement[bool]]:
    return [] if owners is None else [LedgerEntry.owner.in_(owners)]


def _equals(name: str, value: Any) -> ColumnElement[bool]:
    if isinstance(value, (list, tuple)):
        return or_(*(_equals(name, one) for one in value)) if value else false()
    if name in COLUMNS:
        column = COLUMNS[name]
        return column.is_(None) if value is None else column == str(value)
    if value is None:
        return LedgerEntry.facts.op("->")(_plain(name)).is_(None)
    plain = value.isoformat() if isinstance(value, (dt.date, dt.datetime)) else value
    return LedgerEntry.facts.op("@>", is_comparison=True)(_fact_of({name: [plain]}))  # facts are lists, of one or of several


def _fact_of(value: dict[str, Any]) -> Any:
    return bindparam(None, value, type_=Facts(), unique=True)


def _fact(name: str) -> ColumnElement[Any]:
    return LedgerEntry.facts.op("->")(_plain(name)).op("->>", return_type=TEXT())(literal_column("0"))


def _amount(name: str) -> ColumnElement[Any]:
    """The field as a number, null for what is none."""
    kind = func.jsonb_typeof(LedgerEntry.facts.op("->")(_plain(name)).op("->")(literal_column("0")))
    return case((kind == "number", cast(_fact(name), Numeric)), else_=None)


def _plain(name: str) -> Any:
    """Written into the statement, so that the same text is grouped by and selected."""
    if not re.fullmatch(r"\w{1,80}", name):
        raise ValueError(name)
    return literal_column(f"'{name}'")
