"""Tables to go on with in a spreadsheet: xlsx and csv. What is written is text or a number, never a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from decimal import Decimal, InvalidOperation

import xlsxwriter

Cell = str | int | Decimal
DANGEROUS = tuple("=+-@\t\r\n＝＋－＠")  # how a formula may begin, the wide signs of Chinese keyboards too


def csv_of(headings: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """With a byte order mark, without which spreadsheets take Chinese for something else."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([harmless(cell) for cell in headings])
    writer.writerows([[harmless(cell) for cell in row] for row in rows])
    return "\ufeff".encode() + out.getvalue().encode()


def harmless(cell: Cell) -> Cell:
    """A text that would be taken for a formula, with a mark that makes it text."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(DANGEROUS) else cell


def xlsx_of(sheets: Iterable[tuple[str, Sequence[str], Iterable[Sequence[Cell]]]]) -> bytes:
    """One sheet for each (name, headings, rows)."""
    out = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(out, options) as book:
        heading = book.add_format({"bold": True, "bg_color": "#E4F0EC", "text_wrap": True, "valign": "top"})
        wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        for name, headings, rows in sheets:
            sheet = book.add_worksheet(name[:31])
            sheet.write_row(0, 0, headings, heading)
            sheet.freeze_panes(1, 0)
            sheet.set_column(0, max(0, len(headings) - 1), 18)
            for number, row in enumerate(rows, 1):
                for column, cell in enumerate(row):
                    if isinstance(cell, str):
                        sheet.write_string(number, column, cell, wrapped)
                    else:
                        sheet.write_number(number, column, cell, wrapped)
    return out.getvalue()


def number(text: str) -> Cell:
    """An amount as a number where it is one."""
    try:
        return Decimal(text)
    except InvalidOperation:
        return text
