from __future__ import annotations

import datetime as dt

import pytest

from engine.feel import Feel
from engine.feel.errors import FeelEvaluationError
from procurement.calendar import EXTENSIONS, UnknownCalendarYear, WorkingCalendar, YearTable, extensions

FEEL = Feel(EXTENSIONS)


def value(text, feel=FEEL, **context):
    return feel.expression(text).evaluate(context, strict=True)


@pytest.mark.parametrize("extension", EXTENSIONS, ids=lambda extension: extension.name)
def test_the_example_a_designer_reads_is_true(extension):
    assert value(extension.example) is True


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ('working days after(date("2026-02-12"), 5)', dt.date(2026, 2, 26)),
        ('working days after("2026-02-12", n)', dt.date(2026, 2, 13)),  # variables keep dates as text
        ('working days between(date("2026-02-12"), working days after(date("2026-02-12"), 7))', 7),
        ('is working day(date("2026-02-14"))', True),
        ("working days after(null, 1)", None),
        ('string(working days after(date and time("2026-03-06T17:00:00+08:00"), 1))', "2026-03-09T17:00:00+08:00"),
    ],
)
def test_designers_count_in_working_days(text, result):
    assert value(text, n=1) == result


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('working days after(date("2026-03-02"), 1.5)', "whole number of days"),
        ('working days after("soon", 1)', "needs a date"),
    ],
)
def test_what_cannot_be_counted_is_explained(text, words):
    with pytest.raises(FeelEvaluationError, match=words):
        value(text)


def test_a_year_the_office_entered_counts_in_feel_too():
    feel = Feel(extensions(WorkingCalendar.published(YearTable(2041, frozenset({dt.date(2041, 1, 1)}), frozenset(), "x"))))
    assert value('working days after(date("2041-01-01"), 1)', feel) == dt.date(2041, 1, 2)


def test_a_year_nobody_entered_is_never_null_which_would_pass_for_an_answer():
    for text in ('is working day(date("2041-01-02"))', 'if is working day(date("2041-01-02")) then 1 else 2'):
        with pytest.raises(UnknownCalendarYear, match="2041"):
            Feel(EXTENSIONS).expression(text).evaluate({})
