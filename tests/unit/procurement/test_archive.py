from __future__ import annotations

import datetime as dt

from procurement.archive import Document, keep_until, listed, sealed

AT = dt.datetime(2026, 3, 2, 9, tzinfo=dt.UTC)


def test_the_contents_list_is_in_order_of_time_and_its_hash_depends_on_every_line():
    later, earlier = Document("公告", "notice", "b" * 64, AT.replace(hour=10)), Document("报名", "application", "a" * 64, AT)
    lines = listed([later, earlier])
    assert [(line["n"], line["title"]) for line in lines] == [(1, "报名"), (2, "公告")]
    assert sealed(lines) == sealed(listed([earlier, later]))
    assert sealed(lines) != sealed(listed([earlier]))


def test_fifteen_years_end_on_the_same_day_and_leap_days_on_the_28th():
    assert keep_until(dt.date(2026, 3, 2), 15) == dt.date(2041, 3, 2)
    assert keep_until(dt.date(2024, 2, 29), 15) == dt.date(2039, 2, 28)
