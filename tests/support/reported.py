"""What stands in a report of the office, read back out of its Word and its HTML, beside what the dashboards say."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence

from docx import Document
from docx.table import Table
from docx.text.paragraph import Paragraph
from lxml import html

from engine.model import Actor
from procurement.office import Office
from procurement.office.reports import BOARDS, Drawn, Wanted
from procurement.reports import Cell

Rows = list[list[str]]
NOTHING: Rows = []


def in_word(content: bytes) -> dict[str, Rows]:
    """Title of a figure → its rows without the head; empty where the report says there is nothing."""
    found: dict[str, Rows] = {}
    title = ""
    for one in Document(io.BytesIO(content)).iter_inner_content():
        if isinstance(one, Paragraph) and one.text.startswith("（"):
            title = one.text.partition("）")[2]
            found[title] = NOTHING
        elif isinstance(one, Table) and title:
            found[title] = [[cell.text for cell in row.cells] for row in one.rows][1:]
            title = ""
    return found


def in_html(text: str) -> dict[str, Rows]:
    """As ``in_word``, of what the PDF is printed from."""
    found: dict[str, Rows] = {}
    for heading in html.fromstring(text).iter("h2"):
        if (heading.text or "").startswith("（"):
            tables = heading.getparent().findall("table")
            rows = tables[0].findall("tbody/tr") if tables and heading.get("class") is None else []
            found[heading.text.partition("）")[2]] = [[cell.text_content() for cell in row] for row in rows]
    return found


def on_dashboards(office: Office, year: int, actor: Actor) -> dict[str, Rows]:
    """The same of every figure of the report that stands on the actor's dashboards."""
    found = {}
    for board in office.reports.boards(actor=actor):
        for drawn in office.reports.draw(BOARDS[board.id], Wanted(year), actor=actor):
            if drawn.figure.chapter:
                found[drawn.figure.title] = _rows(drawn)
    return found


def _rows(drawn: Drawn) -> Rows:
    counted = drawn.counted
    splits: Sequence[str] = counted.splits if drawn.figure.split else ()
    if not counted.values:
        return NOTHING
    rows = [
        [drawn.label(value), *(str(counted.cell(value, one).count) for one in splits), *_whole(counted.of(value))]
        for value in counted.values
    ]
    return [*rows, ["合计", *(str(counted.across(one).count) for one in splits), *_whole(counted.all)]]


def _whole(cell: Cell) -> list[str]:
    return [str(cell.count), *(f"{one:,.2f}" for one in cell.sums)]


def differing(report: Mapping[str, Rows], dashboards: Mapping[str, Rows]) -> list[str]:
    """The figures of which the two do not say the same."""
    return [title for title in {**report, **dashboards} if report.get(title) != dashboards.get(title)]
