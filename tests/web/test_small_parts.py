"""Formats, addresses, settings: the parts that need no server."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.web.pages_alone import request_context
from web.discreet import covered
from web.pages import show
from web.pages.addresses import own_address
from web.settings import BadSettings, Settings

NOW = dt.datetime(2026, 3, 2, 9, 0, tzinfo=show.ZONE)
OFFICE = {"DATABASE_URL": "postgresql://x", "BIXUAN_SECRET_KEY": "s" * 32, "BIXUAN_FILE_STORE": "/files"}


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Decimal("49999.99"), "49,999.99"),
        (50_000, "50,000.00"),
        ("48000", "48,000.00"),
        (None, "—"),
        (Decimal("1E+6"), "1,000,000.00"),
    ],
)
def test_money_has_two_digits_and_separators(value: object, text: str) -> None:
    assert show.money(value) == text


@pytest.mark.parametrize(("value", "text"), [(Decimal("12.50"), "12.5"), (Decimal("1E+3"), "1,000"), (7, "7")])
def test_a_number_has_no_exponent_and_no_idle_zeros(value: object, text: str) -> None:
    assert show.number(value) == text


def test_moments_are_told_in_the_offices_zone() -> None:
    assert show.moment("2026-03-02T01:00:00+00:00") == "2026-03-02 09:00"
    assert show.day(dt.datetime(2026, 3, 1, 17, 0, tzinfo=dt.UTC)) == "2026-03-02"


@pytest.mark.parametrize(
    ("hours", "text", "level"),
    [
        (-30, "已逾期 1 天", "late"),
        (-1, "已逾期 1 小时", "late"),
        (6, "剩 6 小时", "soon"),
        (47, "剩 1 天", "soon"),
        (49, "剩 2 天", "calm"),
    ],
)
def test_a_deadline_says_how_long_is_left(hours: int, text: str, level: str) -> None:
    with request_context():
        assert show.deadline(NOW + dt.timedelta(hours=hours), NOW) == show.Deadline(text, level)


@pytest.mark.parametrize(
    "wanted", ["//evil.example", "https://evil.example/", "/\\evil.example", "javascript:alert(1)", "/a\nb", "", None]
)
def test_after_login_nobody_is_sent_to_another_site(wanted: str | None) -> None:
    assert own_address(wanted) == "/"


def test_an_address_of_our_own_is_kept() -> None:
    assert own_address("/purchases?step=selection") == "/purchases?step=selection"


def test_a_missing_setting_is_named() -> None:
    with pytest.raises(BadSettings, match="BIXUAN_SECRET_KEY"):
        Settings.from_environment({k: v for k, v in OFFICE.items() if k != "BIXUAN_SECRET_KEY"})


def test_a_short_secret_is_refused() -> None:
    with pytest.raises(BadSettings, match="32 个字符"):
        Settings.from_environment(OFFICE | {"BIXUAN_SECRET_KEY": "short"})


def test_a_boolean_is_true_or_false_and_nothing_else() -> None:
    with pytest.raises(BadSettings, match="BIXUAN_WORKER_INSIDE 现在是 'yes'：请写 true 或 false"):
        Settings.from_environment(OFFICE | {"BIXUAN_WORKER_INSIDE": "yes"})


def test_a_secret_can_stand_in_a_file(tmp_path: Path) -> None:
    file = tmp_path / "key"
    file.write_text("f" * 40 + "\n", encoding="utf-8")
    environ = {k: v for k, v in OFFICE.items() if k != "BIXUAN_SECRET_KEY"} | {"BIXUAN_SECRET_KEY_FILE": str(file)}
    assert Settings.from_environment(environ).secret_key == "f" * 40


def test_a_secret_file_that_cannot_be_read_stops_the_start(tmp_path: Path) -> None:
    with pytest.raises(BadSettings, match="读不出来"):
        Settings.from_environment(OFFICE | {"DATABASE_URL": "", "DATABASE_URL_FILE": str(tmp_path / "none")})


def test_outside_the_demo_cookies_are_secure() -> None:
    assert Settings.from_environment(OFFICE).secure_cookies
    assert not Settings.from_environment(OFFICE).demo


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("请郝仁评审", "请***评审"),
        ({"to": ["zj07", "zj071"]}, {"to": ["***", "zj071"]}),
        ({"expert_id": "exp-07", "unit": "市政研究院", "fee": 3}, {"expert_id": "***", "unit": "***", "fee": 3}),
        ({"郝仁": 1}, {"***0": 1}),
        ({"quoted": 'O"Neill 到会'}, {"quoted": "*** 到会"}),
        ({"n": [1, None, "zj071", {"expert_id": "exp-70", "unit": "市政研究院"}]}, None),
    ],
)
def test_whoever_may_not_know_a_panel_reads_no_name_of_the_pool_and_everything_else_as_it_is(value: Any, shown: Any) -> None:
    words = frozenset({"郝仁", "zj07", "exp-07", 'O"Neill'})
    assert covered(value, words) == (value if shown is None else shown)
