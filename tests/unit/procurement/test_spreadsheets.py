"""What a replay is taken along as: no cell is ever a formula; pictures hold no script."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from decimal import Decimal

import pytest

from procurement.spreadsheets import csv_of, harmless, number, xlsx_of
from procurement.studio.replay.summary import Shift
from web.pages.studio.replay_picture import bands, bar

HOSTILE = ('=cmd|"/c calc"!A1', "+1+1", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1＋1", "＋1", "－2", "＠SUM(A1)")


@pytest.mark.parametrize("text", HOSTILE)
def test_a_text_that_looks_like_a_formula_stays_a_text_in_csv(text: str) -> None:
    rows = list(csv.reader(io.StringIO(csv_of(["案件"], [[text]]).decode("utf-8-sig"), newline="")))
    assert rows[1][0] == f"'{text}"


@pytest.mark.parametrize("text", HOSTILE)
def test_no_cell_of_a_workbook_is_a_formula(text: str) -> None:
    with zipfile.ZipFile(io.BytesIO(xlsx_of([("案件", ["案件"], [[text, 3, Decimal("1.50")]])]))) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    assert re.search(r"<v>1\.50?</v>", sheet)


def test_numbers_stay_numbers_and_other_texts_are_left_alone() -> None:
    assert number("50000.01") == Decimal("50000.01")
    assert number("") == ""
    assert [harmless(one) for one in ("合法", 5, Decimal(-3))] == ["合法", 5, Decimal(-3)]


def test_a_csv_begins_with_the_mark_that_makes_chinese_readable() -> None:
    assert csv_of(["案件"], []).startswith(b"\xef\xbb\xbf")


def test_names_in_the_picture_are_escaped() -> None:
    picture = str(bands([Shift("a", "b", 2), Shift("a", "a", 1)], lambda value: f'<script>"{value}"', '"><script>'))
    assert "<script" not in picture
    assert "&lt;script&gt;" in picture
    assert " style=" not in picture


def test_a_picture_of_nothing_is_nothing_and_a_bar_of_nothing_is_empty() -> None:
    assert bands([], str, "") == ""
    assert 'width="0.0"' in str(bar(0, 0, "#000"))
    assert 'width="160.0"' in str(bar(7, 7, "#000"))
