from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from tests.unit.feel.asking import passes


@pytest.mark.parametrize(
    ("tests", "subject", "answer"),
    [
        ("-", None, True),
        ("> 50000", 50000, False),
        ("> 50000", Decimal("50000.01"), True),
        (">= 50000", 50000, True),
        ("= 5", 5, True),
        ("!= 5", 5, False),
        ("> 50000", None, None),
        ("> 50000", "many", None),
        ("5", 5, True),
        ("-5", -5, True),
        ('"A", "B"', "B", True),
        ('"A", "B"', "C", False),
        ('not("A", "B")', "C", True),
        ('not("A", "B")', "A", False),
        ("not(> 5)", None, None),
        ("null", None, True),
        ("null", 1, False),
        ("not(null)", 1, True),
        ("[1..5]", 5, True),
        ("(1..5), > 9", 10, True),
        ("]1..5[", 5, False),
        ("true", True, True),
        ("true", False, False),
        ('date("2026-01-01")', dt.date(2026, 1, 1), True),
        ('< date("2026-01-01")', dt.date(2025, 12, 31), True),
        ("[1, 2, 3]", 2, True),
        ("[1, 2, 3]", [1, 2, 3], True),
        ("? > 5 and ? < 9", 7, True),
        ("? > 5 and ? < 9", 9, False),
        ("string length(?) > 3", "比选公告", True),
        ('contains(?, "工")', "社工站", True),
        ("count(?) = 2", [1, 2], True),
        ("some x in ? satisfies x > 1", [1, 2], True),
        ("not(?) ", True, False),
        ("2 * 3", 6, True),
    ],
)
def test_a_cell_tests_its_input(tests, subject, answer):
    assert passes(tests, subject) is answer


def test_a_cell_may_read_other_inputs():
    assert passes("<= small_limit", 30000, small_limit=50000) is True
    assert passes("[low..high]", 5, low=1, high=4) is False
    assert passes("allowed", "B", allowed=["A", "B"]) is True
    assert passes("other > 5", 1, other=6) is True


def test_the_input_is_not_lost_inside_a_filter_or_function():
    assert passes("count(rows[amount > ?]) > 0", 5, rows=[{"amount": 6}]) is True
