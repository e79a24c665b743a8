"""Reading a table somebody else made: xlsx or csv, as rows of texts. Nothing in it is run, and no size it claims is believed."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterator
from typing import IO

from lxml import etree

from engine.errors import InvalidInput

MOST_ROWS = 10_000
MOST_COLUMNS = 200
LONGEST_CELL = 20_000
PACKED_LIMIT = 20_000_000  # bytes of the file
UNPACKED_LIMIT = 200_000_000  # bytes of one part of an xlsx file
NS = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
LETTERS = re.compile(r"[A-Z]{1,3}")

Row = tuple[int, list[str]]  # number as the spreadsheet shows it, and its cells


class TableUnreadable(InvalidInput):
    """The file {file} cannot be read as a table: {cause}. Save it as xlsx or as csv in UTF-8, then choose it again."""


def rows_of(content: bytes, file: str) -> list[Row]:
    """Rows that are not empty. Raises TableUnreadable."""
    if len(content) > PACKED_LIMIT:
        raise TableUnreadable(file=file, cause=f"more than {PACKED_LIMIT // 1_000_000} MB")
    try:
        found = list(_limited(_xlsx(content) if content[:2] == b"PK" else _csv(content)))
    except (
        zipfile.BadZipFile,
        etree.XMLSyntaxError,
        csv.Error,
        UnicodeError,
        KeyError,
        ValueError,
        IndexError,
        OSError,
    ) as cause:
        raise TableUnreadable(file=file, cause=str(cause) or type(cause).__name__) from cause
    if not found:
        raise TableUnreadable(file=file, cause="it is empty")
    return found


def _limited(rows: Iterator[Row]) -> Iterator[Row]:
    count = 0
    for number, cells in rows:
        while cells and not cells[-1]:
            cells.pop()
        if not cells:
            continue
        count += 1
        if count > MOST_ROWS + 1 or len(cells) > MOST_COLUMNS:
            raise ValueError(f"more than {MOST_ROWS} rows or {MOST_COLUMNS} columns")
        if any(len(cell) > LONGEST_CELL for cell in cells):
            raise ValueError(f"a cell of row {number} has more than {LONGEST_CELL} characters")
        yield number, cells


def _csv(content: bytes) -> Iterator[Row]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("gb18030")  # as Chinese spreadsheets save csv
    if "\0" in text:
        raise ValueError("it is no text")
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    for cells in reader:
        yield reader.line_num, [cell.strip() for cell in cells]


def _xlsx(content: bytes) -> Iterator[Row]:
    """The first sheet."""
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        names = sorted(name for name in book.namelist() if re.fullmatch(r"xl/worksheets/sheet\d+\.xml", name))
        if not names:
            raise ValueError("there is no sheet in it")
        first = min(names, key=lambda name: int(re.sub(r"\D", "", name)))
        shared = list(_shared(book)) if "xl/sharedStrings.xml" in book.namelist() else []
        for row in _elements(book, first, "row"):
            cells: list[str] = []
            for place, cell in enumerate(row.iterfind(f"{NS}c")):
                column = _column(cell.get("r"), place)
                if column >= MOST_COLUMNS:
                    break
                cells += [""] * (column - len(cells))
                cells.append(_cell(cell, shared).strip())
            yield int(row.get("r") or 0), cells


def _shared(book: zipfile.ZipFile) -> Iterator[str]:
    for item in _elements(book, "xl/sharedStrings.xml", "si"):
        yield _text(item)


def _elements(book: zipfile.ZipFile, name: str, tag: str) -> Iterator[etree._Element]:
    """Each is thrown away once looked at. Entities are never resolved."""
    with book.open(name) as part:
        limited = io.BufferedReader(_Limited(part))
        for _event, element in etree.iterparse(limited, tag=NS + tag, resolve_entities=False, no_network=True, huge_tree=False):
            yield element
            element.clear()
            parent = element.getparent()
            while parent is not None and element.getprevious() is not None:
                del parent[0]


class _Limited(io.RawIOBase):
    def __init__(self, part: IO[bytes]) -> None:
        self._part, self._left = part, UNPACKED_LIMIT

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        found = self._part.read(len(buffer))
        self._left -= len(found)
        if self._left < 0:
            raise ValueError("unpacked it is too large")
        buffer[: len(found)] = found
        return len(found)


def _column(place: str | None, default: int) -> int:
    found = LETTERS.match(place or "")
    if found is None:
        return default
    number = 0
    for letter in found[0]:
        number = number * 26 + ord(letter) - 64
    return number - 1


def _cell(cell: etree._Element, shared: list[str]) -> str:
    kind = cell.get("t", "n")
    if kind == "inlineStr":
        return _text(cell)
    value = cell.findtext(f"{NS}v") or ""
    if kind == "s":
        return shared[int(value)]
    if kind == "b":
        return "是" if value == "1" else "否"
    if kind == "e":
        raise ValueError(f"cell {cell.get('r')} holds the error {value}")
    return value.removesuffix(".0")


def _text(item: etree._Element) -> str:
    """The words without the phonetic hints that may stand beside them."""
    return "".join(node.text or "" for node in item.iter(f"{NS}t") if not _is_hint(node))


def _is_hint(node: etree._Element) -> bool:
    parent = node.getparent()
    return parent is not None and parent.tag == f"{NS}rPh"
