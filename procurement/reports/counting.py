"""Counting figures, one statement for all of a source, and listing the cases of any of its numbers with the very same conditions."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from sqlalchemy import Date, Select, and_, cast, false, func, literal, not_, or_, select, true, tuple_
from sqlalchemy import Text as SqlText
from sqlalchemy.orm import Session

from engine.model import Page, last_key
from procurement.registers.purchases import Purchase
from procurement.reports import words
from procurement.reports.definitions import Figure
from procurement.reports.scope import Scope
from procurement.reports.source import Source


@dataclass(frozen=True)
class Cell:
    """The rows with this value, and of ``split`` this one: how many, and what each amount adds up to (yuan)."""

    value: str
    split: str
    count: int
    sums: tuple[Decimal, ...] = ()


@dataclass(frozen=True)
class Counted:
    """One figure, counted. ``values`` in the order of the rows, ``splits`` in that of the columns."""

    figure: Figure
    cells: Mapping[tuple[str, str], Cell]
    values: tuple[str, ...]
    splits: tuple[str, ...]

    def cell(self, value: str, split: str = "") -> Cell:
        return self.cells.get((value, split)) or Cell(value, split, 0, (Decimal(0),) * len(self.figure.sums))

    def of(self, value: str) -> Cell:
        """All splits of one value together."""
        return self._together([self.cell(value, split) for split in self.splits], value)

    def across(self, split: str) -> Cell:
        """All values of one split together."""
        return self._together([one for one in self.cells.values() if one.split == split], "")

    @property
    def all(self) -> Cell:
        return self._together(list(self.cells.values()), "")

    def beyond(self, first: int) -> Counted:
        """Without the first values."""
        others = frozenset(self.values[first:])
        cells = {key: cell for key, cell in self.cells.items() if key[0] in others}
        return replace(self, cells=cells, values=self.values[first:])

    def _together(self, cells: list[Cell], value: str) -> Cell:
        sums = tuple(sum((one.sums[n] for one in cells), Decimal(0)) for n in range(len(self.figure.sums)))
        return Cell(value, "", sum(one.count for one in cells), sums)


@dataclass(frozen=True)
class Case:
    """One row of a figure's list. ``kind`` and ``target`` name the page that shows it."""

    key: str
    kind: str
    target: str
    name: str
    unit: str
    community: str
    at: dt.datetime | dt.date
    value: str
    split: str
    amounts: tuple[Decimal | None, ...]


def count(session: Session, offered: Sequence[tuple[Figure, Source]], scope: Scope) -> list[Counted]:
    """The figures in the order they were given. The rows of a source are read once, in one statement."""
    groups: dict[str, list[tuple[Figure, Source]]] = {}
    for figure, source in offered:
        groups.setdefault(source.id, []).append((figure, source))
    found: dict[str, Counted] = {}
    for group in groups.values():
        found |= _counted(session, [figure for figure, _ in group], group[0][1], scope)
    return [found[figure.id] for figure, _ in offered]


def _counted(session: Session, figures: Sequence[Figure], source: Source, scope: Scope) -> dict[str, Counted]:
    """One pass over the rows: the database adds up every figure's groups beside each other.

    Figures that count only some of the rows share it: what they count of a group is added up beside what the others do.
    """
    dimensions = list(dict.fromkeys(name for figure in figures for name in _axes(figure)))
    amounts = list(dict.fromkeys(name for figure in figures for name in figure.sums))
    parts = {repr(figure.where): _where(figure, source) for figure in figures}
    rows = select(
        *(source.dimensions[name].label(f"by_{name}") for name in dimensions),
        *(source.amounts[name].label(f"sum_{name}") for name in amounts),
        *(and_(true(), *conditions).label(f"part_{number}") for number, conditions in enumerate(parts.values())),
    )
    any_part = or_(*(and_(true(), *conditions) for conditions in parts.values()))
    inner = rows.select_from(source.rows).where(*source.conditions(scope), any_part).subquery()
    adding = []
    for number in range(len(parts)):
        added = (func.coalesce(func.sum(inner.c[f"sum_{name}"]).filter(inner.c[f"part_{number}"]), 0) for name in amounts)
        adding += [func.count().filter(inner.c[f"part_{number}"]), *added]
    # first the rows that are alike in everything, so that what is then put together in many ways is little
    finest = [inner.c[f"by_{name}"] for name in dimensions]
    alike = select(*finest, *(one.label(f"added_{n}") for n, one in enumerate(adding))).group_by(*finest).subquery()
    columns = {name: alike.c[f"by_{name}"] for name in dimensions}
    asked = [func.sum(alike.c[f"added_{n}"]) for n in range(len(adding))]
    sets = sorted({tuple(sorted(_axes(figure))) for figure in figures})  # the same two the other way round are the same groups
    statement = select(func.grouping(*columns.values()), *columns.values(), *asked).group_by(
        func.grouping_sets(*(tuple_(*(columns[name] for name in axes)) for axes in sets))
    )
    groups: dict[int, list[tuple[dict[str, str], Sequence[Any]]]] = {}
    for row in session.execute(statement.params(office_now=scope.now)):
        values = {name: text_of(value) for name, value in zip(dimensions, row[1:], strict=False)}
        groups.setdefault(row[0], []).append((values, row[1 + len(dimensions) :]))
    found = {}
    for figure in figures:
        absent = sum(1 << (len(dimensions) - 1 - n) for n, name in enumerate(dimensions) if name not in _axes(figure))
        at = list(parts).index(repr(figure.where)) * (1 + len(amounts))
        own: dict[tuple[str, str], Cell] = {}
        for values, numbers in groups.get(absent, ()):
            if numbers[at]:
                key = values[figure.by], values[figure.split] if figure.split else ""
                sums = tuple(Decimal(numbers[at + 1 + amounts.index(name)]) for name in figure.sums)
                own[key] = _merged(own.get(key), Cell(*key, int(numbers[at]), sums))
        found[figure.id] = _ordered(figure, own)
    return found


def _merged(known: Cell | None, more: Cell) -> Cell:
    """No value and an empty one are shown as the same."""
    if known is None:
        return more
    sums = tuple(one + other for one, other in zip(known.sums, more.sums, strict=True))
    return Cell(more.value, more.split, known.count + more.count, sums)


def _axes(figure: Figure) -> tuple[str, ...]:
    return (figure.by, figure.split) if figure.split else (figure.by,)


def text_of(value: Any) -> str:
    """A value of a dimension as an address says it; a day stands for its month."""
    return f"{value:%Y-%m}" if isinstance(value, dt.date) else str(value or "")


def _ordered(figure: Figure, cells: Mapping[tuple[str, str], Cell]) -> Counted:
    """Months one after the other, codes in the order of what they mean, everything else by size."""
    splits = sorted({split for _, split in cells}, key=lambda code: (words.place(figure.split, code), code))
    counted = Counted(figure, cells, (), tuple(splits))

    def rank(value: str) -> tuple[Any, ...]:
        if figure.by == "month":
            return (value,)
        found = counted.of(value)
        size = -found.sums[0] if found.sums else -found.count
        return (words.place(figure.by, value) if figure.by in words.ORDERED else 0, size, value)

    return replace(counted, values=tuple(sorted({value for value, _ in cells}, key=rank)))


def cases(
    session: Session,
    figure: Figure,
    source: Source,
    scope: Scope,
    *,
    value: str | None = None,
    split: str | None = None,
    beyond: int | None = None,
    limit: int = 50,
    after: str | None = None,
) -> Page:
    """The rows one number of the figure counts, newest first; without ``value`` those of the whole figure.

    ``beyond``: only the values after so many first ones.
    """
    conditions = [*source.conditions(scope), *_where(figure, source)]
    by = source.dimensions[figure.by]
    across = source.dimensions[figure.split] if figure.split else None
    if value is not None:
        conditions.append(_is(by, value))
    if beyond is not None:
        first = count(session, [(figure, source)], scope)[0].values[:beyond]
        conditions.append(not_(or_(false(), *(_is(by, one) for one in first))))
    if split is not None and across is not None:
        conditions.append(_is(across, split))
    total = select(func.count()).select_from(source.rows).where(*conditions).params(office_now=scope.now)
    statement = _rows(figure, source).where(*conditions)
    last = after if isinstance(source.key.type, SqlText) else last_key(after)
    if last is not None:
        statement = statement.where(source.key < last)
    found = session.execute(statement.order_by(source.key.desc()).limit(limit + 1).params(office_now=scope.now)).all()
    items = tuple(_case(source, row) for row in found[:limit])
    return Page(items, session.execute(total).scalar_one(), items[-1].key if len(found) > limit else None)


def _rows(figure: Figure, source: Source) -> Select[Any]:
    blank: Any = literal("")
    columns = [
        cast(source.key, SqlText),
        source.target,
        source.name,
        blank if source.unit is None else func.coalesce(source.unit, ""),
        blank if source.community is None else func.coalesce(source.community, ""),
        source.at,
        source.dimensions[figure.by],
        source.dimensions[figure.split] if figure.split else blank,
        *(source.amounts[name] for name in figure.sums),
    ]
    return select(*(column.label(f"column_{number}") for number, column in enumerate(columns))).select_from(source.rows)


def _case(source: Source, row: Any) -> Case:
    texts = [str(one or "") for one in (row[0], row[1], row[2], row[3], row[4])]
    key, target, name, unit, community = texts
    return Case(key, source.kind, target, name, unit, community, row[5], text_of(row[6]), text_of(row[7]), tuple(row[8:]))


def _where(figure: Figure, source: Source) -> list[Any]:
    """Which of the rows the figure counts."""
    return [func.coalesce(source.dimensions[name], "").in_(values) for name, values in figure.where.items()]


def _is(column: Any, value: str) -> Any:
    if not isinstance(column.type, Date):
        return func.coalesce(column, "") == value
    found = re.fullmatch(r"([12]\d{3})-(0[1-9]|1[0-2])", value)
    return column == dt.date(int(found[1]), int(found[2]), 1) if found else false()


def units(session: Session, seen: Any) -> Sequence[str]:
    """Of the purchases that ``seen`` allows."""
    return session.scalars(select(Purchase.unit).where(seen).distinct().order_by(Purchase.unit)).all()


def communities(session: Session, seen: Any) -> Sequence[str]:
    """Of the purchases that ``seen`` allows."""
    named = select(Purchase.community).where(seen, Purchase.community != "")
    return session.scalars(named.distinct().order_by(Purchase.community)).all()
