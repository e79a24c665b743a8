"""One figure as the table its chart is drawn from: rows, columns, and for each number the address of the list of its cases."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from urllib.parse import urlencode

from flask import url_for
from flask_babel import gettext as _

from procurement.office.reports import Drawn
from procurement.reports import Cell as Counted
from procurement.reports import words
from procurement.spreadsheets import Cell

CHART, NUMBER = True, False
MOST_ROWS = 120  # on a page: what 111 communities need; a table to take away has all


@dataclass(frozen=True)
class Column:
    """``drawn``: the chart has it too; ``money``: yuan, else a count."""

    heading: str
    drawn: bool
    money: bool = False


@dataclass(frozen=True)
class Value:
    number: Decimal | int
    column: Column
    address: str | None  # of the cases; None where there is none


@dataclass(frozen=True)
class Row:
    label: str
    values: tuple[Value, ...]


@dataclass(frozen=True)
class Table:
    """``total`` stands below the rows when there is more than one, and before it what the page has no room for (``rest``)."""

    heading: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    total: Row
    rest: Row | None = None


def table(drawn: Drawn, board: str, kept: Mapping[str, str], *, most: int | None = None) -> Table:
    """``kept``: the filters of the page, to go on with; ``most``: how many rows, the others together as one."""
    figure, counted = drawn.figure, drawn.counted
    columns = _columns(drawn)
    list_ = url_for("dashboards.cases", board=board, figure=figure.id)

    def row(label: str, cells: list[tuple[Decimal | int, str | None]], chosen: Mapping[str, str]) -> Row:
        numbers = []
        for column, (number, split) in zip(columns, cells, strict=True):
            asked = {**kept, **chosen, **({} if split is None else {"split": split})}
            link = f"{list_}?{urlencode(asked)}" if asked else list_
            numbers.append(Value(number, column, link if number else None))
        return Row(label, tuple(numbers))

    def cells(splits: Iterable[tuple[str, Counted]], whole: Counted) -> list[tuple[Decimal | int, str | None]]:
        parts: list[tuple[Decimal | int, str | None]] = [(cell.count, code) for code, cell in splits if figure.split]
        return [*parts, (whole.count, None), *((amount, None) for amount in whole.sums)]

    def of(value: str) -> Row:
        splits = ((code, counted.cell(value, code)) for code in counted.splits)
        return row(_(drawn.label(value)), cells(splits, counted.of(value)), {"value": value})

    shown = counted.values if most is None or len(counted.values) <= most else counted.values[:most]
    rest = None
    if len(shown) < len(counted.values):
        others = counted.beyond(len(shown))
        splits = ((code, others.across(code)) for code in counted.splits)
        label = _("其余 %(n)s 项", n=len(others.values))
        rest = row(label, cells(splits, others.all), {"beyond": str(len(shown))})
    total = row(_("合计"), cells(((code, counted.across(code)) for code in counted.splits), counted.all), {})
    return Table(axis(figure.by), columns, tuple(map(of, shown)), total, rest)


def _columns(drawn: Drawn) -> tuple[Column, ...]:
    figure = drawn.figure
    split = [Column(_(drawn.split_label(code)), CHART) for code in drawn.counted.splits if figure.split]
    count = Column(_("合计") if figure.split else _("件数"), not figure.split and not figure.sums)
    amounts = [
        Column(_("%(amount)s（元）", amount=_(words.AMOUNTS.get(name, "金额"))), CHART, money=True) for name in figure.sums
    ]
    return (*split, count, *amounts)


def axis(dimension: str) -> str:
    """What a row or column is grouped by; the field of a ledger goes without a name of its own."""
    return _(words.DIMENSIONS[dimension]) if dimension in words.DIMENSIONS else _("分组")


def title(drawn: Drawn) -> str:
    return _(drawn.figure.title)


def sheet(shown: Table) -> tuple[list[str], list[list[Cell]]]:
    """Headings and rows for a spreadsheet."""
    lines: list[list[Cell]] = [[row.label, *(value.number for value in row.values)] for row in (*shown.rows, shown.total)]
    return [shown.heading, *(column.heading for column in shown.columns)], lines
