"""Red flags in the pages: who finds them, what the card shows, and that a verdict needs its reason."""

from __future__ import annotations

import io
import os
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from engine.model import Actor
from procurement.registers.flags import RedFlag
from procurement.registers.purchases import Purchase
from tests.web.conftest import Visitor
from tests.web.offices import start_purchase
from tests.web.test_accessibility import complaints
from web.composition import Services

SHOTS = os.environ.get("BIXUAN_SHOTS")
TESTER = Actor("tester", system=True)
PRICES = [{"what": "price", "value": "94000.00", "where": "org-01"}, {"what": "price", "value": "94000.00", "where": "org-02"}]
LIMITS = [{"what": "limit", "value": "50000.00", "where": "small_limit"}, {"what": "total", "value": "96000.00", "where": ""}]
RULE = {"value": 2, "unit": "家", "comparator": ">=", "document": "街道参数", "article": "参照87号令第三十七条", "mark": "参数"}


@pytest.fixture
def flags(services: Services) -> dict[str, int]:
    """Two flags on a purchase of the agency agy-01: kind → number."""
    started = start_purchase(services, title="=HYPERLINK(红旗)")
    with services.office.desk.editing(TESTER) as session:
        session.get_one(Purchase, started.number).agency_id = "agy-01"
        rows = [
            RedFlag(
                purchase_id=started.number,
                kind=kind,
                stage=stage,
                fingerprint=kind,
                organisations=organisations,
                evidence=evidence,
                rule_id=kind,
                rule=RULE,
                found_at=services.clock.now(),
                state="open",
            )
            for kind, stage, organisations, evidence in (
                ("identical_prices", "bids", ["org-01", "org-02"], PRICES),
                ("splitting", "need", [], LIMITS),
            )
        ]
        session.add_all(rows)
        session.flush()
        return {row.kind: row.id for row in rows}


def shot(page: Page, name: str) -> None:
    if SHOTS:
        page.screenshot(path=str(Path(SHOTS) / f"{name}.png"), full_page=True)


@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
def test_discipline_looks_at_a_flag_and_calls_it_a_false_alarm(
    phone: bool, browse: Callable[..., Page], axe: str, flags: dict[str, int], services: Services
) -> None:
    page = browse("jjjc", phone=phone)
    page.goto("/flags")
    assert complaints(page, axe) == []
    shot(page, f"flags-{phone}")
    page.get_by_role("link", name="报价相同").first.click()
    expect(page.locator("main")).to_contain_text("94000.00")
    expect(page.locator("aside")).to_contain_text("谁看过")
    assert complaints(page, axe) == []
    shot(page, f"flag-{phone}")
    page.get_by_label("误报：没有这回事").check()
    page.get_by_label("理由（进入卷宗）").fill("两家都按民政局指导价报价")
    page.get_by_role("button", name="登记结论").click()
    expect(page.locator("#messages")).to_contain_text("已登记您的结论")
    expect(page.locator("h1")).to_contain_text("误报")
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]
    card = services.office.flags.card(flags["identical_prices"], actor=Actor("jjjc", frozenset({"discipline"})))
    assert [look.login for look in card.looks] == ["jjjc"]
    assert [verdict.reason for verdict in card.verdicts] == ["两家都按民政局指导价报价"]


def test_an_agency_sees_how_bids_look_but_not_how_the_street_buys(
    as_user: Callable[[str], Visitor], flags: dict[str, int]
) -> None:
    client = as_user("hxpg")
    listed = client.get("/flags").text
    assert "报价相同" in listed.partition("<tbody>")[2]
    assert "疑似化整为零" not in listed.partition("<tbody>")[2]
    assert client.get(f"/flags/{flags['identical_prices']}").status_code == 200
    assert client.get(f"/flags/{flags['splitting']}").status_code == 404


@pytest.mark.parametrize("login", ["cypg", "org02", "zj02", "ylfw", "lcsj"])
def test_others_see_no_flag(login: str, as_user: Callable[[str], Visitor], flags: dict[str, int]) -> None:
    for number in flags.values():
        assert as_user(login).get(f"/flags/{number}").status_code in {403, 404}


def test_a_verdict_without_a_reason_changes_nothing(as_user: Callable[[str], Visitor], flags: dict[str, int]) -> None:
    client, address = as_user("jjjc"), f"/flags/{flags['splitting']}"
    assert client.post_form(address, {"verdict": "false_alarm", "reason": " "}, page=address).status_code == 422
    assert client.post_form(address, {"verdict": "guilty", "reason": "x"}, page=address).status_code == 422
    assert "还没有人下结论" in client.get(address).text


def test_auditors_look_and_do_not_judge(as_user: Callable[[str], Visitor], flags: dict[str, int]) -> None:
    address = f"/flags/{flags['splitting']}"
    auditor = as_user("sjzy")
    assert "登记结论" not in auditor.get(address).text
    assert auditor.post_form(address, {"verdict": "explained", "reason": "x"}, page=address).status_code == 403


def test_the_table_holds_texts_and_never_a_formula(as_user: Callable[[str], Visitor], flags: dict[str, int]) -> None:
    answer = as_user("jjjc").get("/flags/table.xlsx")
    with zipfile.ZipFile(io.BytesIO(answer.content)) as book:
        sheet, texts = book.read("xl/worksheets/sheet1.xml").decode(), book.read("xl/sharedStrings.xml").decode()
    assert "<f>" not in sheet
    assert "=HYPERLINK(红旗)" in texts
