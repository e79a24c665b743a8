"""The working-day calendar of a coming year is entered on a page, and deadlines count with it at once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from web.composition import Services

NEW_YEAR = {"year": "2031", "source": "测试通知", "holidays": "2031-01-01，2031-01-02", "make_up_days": "2031-01-04"}


def test_an_entered_year_counts(services: Services, as_user: Callable[..., Any]) -> None:
    answer = as_user("cgjb").post_form("/registers/calendar", NEW_YEAR, page="/registers/calendar")
    assert answer.status_code == 303
    calendar = services.office.planning.calendar()
    assert calendar.after(dt.date(2031, 1, 1), 1) == dt.date(2031, 1, 3)
    assert calendar.is_working_day(dt.date(2031, 1, 4))  # a Saturday worked in exchange


def test_a_wrong_date_is_named_beside_its_field_and_what_was_typed_stays(as_user: Callable[..., Any]) -> None:
    answer = as_user("cgjb").post_form("/registers/calendar", NEW_YEAR | {"holidays": "2031-02-30"}, page="/registers/calendar")
    assert answer.status_code == 422
    assert "请填日期，例如 2027-01-01" in answer.text
    assert "2031-02-30" in answer.text


def test_finance_may_look_but_not_change(as_user: Callable[..., Any]) -> None:
    client = as_user("czs")
    assert "登记或更正一年" not in client.get("/registers/calendar").text
    assert client.post_form("/registers/calendar", NEW_YEAR, page="/inbox").status_code == 403
