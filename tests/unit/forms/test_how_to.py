"""Every formula of the designers' page gives the result the page promises."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path

import pytest

from engine.feel import Feel
from procurement.calendar import EXTENSIONS

PAGE = Path(__file__).parents[3] / "docs" / "how-to" / "tables-and-dates.md"
FEEL = Feel(EXTENSIONS)
NOW = dt.datetime(2026, 3, 2, 9, tzinfo=dt.timezone(dt.timedelta(hours=8)))


def rows(header: str) -> list[list[str]]:
    """The rows of every table with this header."""
    found, reading = [], False
    for line in PAGE.read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if line.startswith(f"| {header} |"):
            reading = True
        elif not line.startswith("|"):
            reading = False
        elif reading and not line.startswith("|---"):
            found.append(cells)
    return found


@pytest.mark.parametrize(("formula", "result"), rows("公式"))
def test_a_formula_gives_the_promised_result(formula, result):
    assert FEEL.expression(formula.strip("`")).evaluate({}, now=NOW) == FEEL.expression(result.strip("`")).evaluate({})


@pytest.mark.parametrize("row", rows("单元格"), ids=lambda row: row[0])
def test_a_cell_falls_on_the_promised_side_of_the_limit(row):
    amounts = [Decimal("49999.99"), Decimal(50000), Decimal("50000.01")]
    cell = FEEL.unary_tests(row[0].strip("`"))
    assert ["是" if cell.matches(amount, {}) else "否" for amount in amounts] == row[2:]


def test_the_formulas_for_forms_are_feel():
    sources = [part for row in rows("要求") for part in row[1].split("`")[1::2] if " " in part or "(" in part]
    for text in sources:
        FEEL.expression(text.removeprefix("="))
    assert len(sources) >= 5
