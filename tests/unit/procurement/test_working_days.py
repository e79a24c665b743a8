from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procurement.calendar.stoppable import days_left, last_day, resume, start, stop
from procurement.calendar.working_days import UnknownCalendarYear, WorkingCalendar
from procurement.calendar.years import YearTable

CALENDAR = WorkingCalendar.published()
DAYS = st.dates(dt.date(2010, 1, 1), dt.date(2025, 12, 31))
COUNTS = st.integers(1, 60)


def d(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


@pytest.mark.parametrize(
    ("day", "works"),
    [
        ("2026-02-14", True),  # a make-up Saturday before the Spring Festival
        ("2026-02-15", False),
        ("2026-02-17", False),  # Tuesday, 正月初一
        ("2026-02-24", True),
        ("2026-10-10", True),  # a make-up Saturday after the National Day
        ("2026-10-11", False),
        ("2026-03-02", True),
    ],
)
def test_make_up_saturdays_are_worked_and_holidays_are_not(day, works):
    assert CALENDAR.is_working_day(d(day)) is works


def test_five_working_days_over_the_spring_festival_end_after_it():
    assert CALENDAR.after(d("2026-02-12"), 5) == d("2026-02-26")


def test_day_one_is_excluded():
    assert CALENDAR.after(d("2026-03-02"), 1) == d("2026-03-03")


def test_no_days_on_a_day_off_roll_over_to_the_next_working_day():
    assert CALENDAR.after(d("2026-03-07"), 0) == d("2026-03-09")
    assert CALENDAR.after(d("2026-03-06"), 0) == d("2026-03-06")


def test_negative_days_count_backwards():
    assert CALENDAR.after(d("2026-03-09"), -2) == d("2026-03-05")


def test_a_year_nobody_published_is_refused_and_named():
    with pytest.raises(UnknownCalendarYear, match=r"2031.*2004-2026"):
        CALENDAR.after(d("2030-12-30"), 5) if 2030 in CALENDAR.years else CALENDAR.is_working_day(d("2031-01-04"))


def test_an_entered_year_continues_the_calendar_and_shows_in_its_version():
    table = YearTable(2027, frozenset({d("2027-01-01")}), frozenset(), "notice of the State Council")
    calendar = WorkingCalendar.published(table)
    assert calendar.after(d("2026-12-31"), 1) == d("2027-01-04")
    assert calendar.version.endswith("+ notice of the State Council (2027)")


@pytest.mark.parametrize(
    ("holidays", "make_up", "fault"),
    [
        ({"2026-01-01"}, set(), "does not lie in 2027"),
        (set(), {"2027-01-04"}, "only a Saturday or Sunday"),
        ({"2027-01-02"}, {"2027-01-02"}, "cannot be a holiday and a make-up day"),
    ],
)
def test_an_impossible_year_table_is_refused(holidays, make_up, fault):
    with pytest.raises(ValueError, match=fault):
        YearTable(2027, frozenset(map(d, holidays)), frozenset(map(d, make_up)), "x")


@given(DAYS, COUNTS)
def test_counting_forward_and_measuring_agree(day, count):
    end = CALENDAR.after(day, count)
    assert CALENDAR.is_working_day(end)
    assert CALENDAR.between(day, end) == count


@given(DAYS, COUNTS, COUNTS)
def test_counting_in_two_legs_gives_the_same_day(day, first, second):
    assert CALENDAR.after(CALENDAR.after(day, first), second) == CALENDAR.after(day, first + second)


@given(DAYS, COUNTS)
def test_counting_back_from_a_working_day_returns_to_it(day, count):
    working = CALENDAR.rolled_over(day)
    assert CALENDAR.after(CALENDAR.after(working, count), -count) == working


@given(DAYS, DAYS)
def test_the_distance_changes_sign_with_its_direction(a, b):
    assert CALENDAR.between(a, b) == -CALENDAR.between(b, a)


@given(DAYS, COUNTS)
def test_a_period_that_never_stops_ends_like_a_plain_count(day, days):
    assert last_day(start(day, days), CALENDAR) == CALENDAR.after(day, days)


@given(DAYS, COUNTS, st.integers(1, 40), st.integers(0, 60))
def test_a_stop_never_shortens_a_period_and_loses_no_day(day, days, until_stop, pause):
    stopped_on = day + dt.timedelta(days=until_stop)
    resumed_on = stopped_on + dt.timedelta(days=pause)
    running = start(day, days)
    stopped = stop(running, stopped_on, CALENDAR)
    resumed = resume(stopped, resumed_on)
    used = CALENDAR.between(day, stopped_on - dt.timedelta(days=1))
    assert stopped.remaining == max(0, days - used)
    assert last_day(stopped, CALENDAR) is None
    if used < days:
        assert last_day(resumed, CALENDAR) >= last_day(running, CALENDAR)
        assert days_left(resumed, last_day(resumed, CALENDAR), CALENDAR) == 0


def test_stopping_or_resuming_twice_changes_nothing():
    stopped = stop(start(d("2026-03-02"), 5), d("2026-03-04"), CALENDAR)
    assert stop(stopped, d("2026-03-09"), CALENDAR) == stopped
    resumed = resume(stopped, d("2026-03-10"))
    assert resume(resumed, d("2026-03-20")) == resumed
    assert last_day(resumed, CALENDAR) == d("2026-03-16")  # one day used, four left from the 10th


def test_days_left_count_down_to_nothing_and_stand_still_while_stopped():
    period = start(d("2026-03-02"), 3)
    assert [days_left(period, d(day), CALENDAR) for day in ("2026-03-02", "2026-03-03", "2026-03-05", "2026-03-09")] == [
        3,
        2,
        0,
        0,
    ]
    stopped = stop(period, d("2026-03-03"), CALENDAR)
    assert days_left(stopped, d("2026-03-30"), CALENDAR) == 3


def test_days_are_numbered_by_the_working_days_up_to_them_until_the_known_years_end():
    calendar = WorkingCalendar([YearTable(2026, frozenset({dt.date(2026, 12, 30)}), frozenset(), "test")])
    numbered = calendar.numbered(dt.date(2026, 12, 25), dt.date(2027, 1, 5))
    assert list(numbered.values()) == [1, 1, 1, 2, 3, 3, 4]  # Friday, the weekend, Monday, Tuesday, a day off, Thursday
    assert max(numbered) == dt.date(2026, 12, 31)
    assert calendar.numbered(dt.date(2025, 12, 30), dt.date(2026, 1, 2)) == {dt.date(2026, 1, 1): 1, dt.date(2026, 1, 2): 2}
