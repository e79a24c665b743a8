"""The dashboards in the browser: pictures drawn from their tables, numbers that lead to their cases, and tables to take away."""

from __future__ import annotations

import csv
import datetime as dt
import io
import os
import re
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from lxml import html
from playwright.sync_api import Page, expect

from engine.model import SYSTEM
from procurement.demo.registers import load_registers
from procurement.registers.row import OFFICE_ZONE
from tests.support.figures import fill
from tests.support.serving import served
from tests.web.conftest import Visitor
from tests.web.test_accessibility import complaints
from web.composition import Services, compose
from web.settings import Settings

SHOTS = os.environ.get("BIXUAN_SHOTS")
NOW = dt.datetime(2026, 11, 2, 9, 0, tzinfo=OFFICE_ZONE)
LOGINS = {"leader": "jdzr", "finance": "czs", "agency": "hxpg", "audit": "jjjc"}


@pytest.fixture(scope="module")
def services(new_database: Callable[..., str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    """An office with 240 purchases of this year."""
    composed = compose(Settings.for_demo(new_database(), str(tmp_path_factory.mktemp("files"))))
    composed.migrate()
    composed.clock.set(NOW)  # type: ignore[attr-defined]
    with composed.office.desk.editing(SYSTEM) as session:
        load_registers(session, NOW)
    fill(composed.office.desk.database, purchases=240, first=dt.datetime(2026, 1, 1, tzinfo=OFFICE_ZONE))
    yield composed
    composed.close()


@pytest.fixture(scope="module")
def server(services: Services) -> Iterator[str]:
    with served(services) as address:
        yield address


def shot(page: Page, name: str) -> None:
    if SHOTS:
        page.screenshot(path=str(Path(SHOTS) / f"{name}.png"), full_page=True)


@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
@pytest.mark.parametrize("board", LOGINS)
def test_every_dashboard_is_drawn_and_fit_for_everybody(board: str, phone: bool, browse: Callable[..., Page], axe: str) -> None:
    page = browse(LOGINS[board], phone=phone)
    page.goto(f"/dashboards/{board}")
    filled = page.locator("figure:has(tbody tr)")
    expect(filled.locator(".chart svg")).to_have_count(filled.count())
    assert complaints(page, axe) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    shot(page, f"dashboard-{board}-{phone}")


def test_a_bar_leads_to_the_cases_it_counts(browse: Callable[..., Page]) -> None:
    page = browse("jdzr")
    page.goto("/dashboards/leader")
    links = page.locator("#purchases-by-level tbody a")
    numbers = {link.evaluate("one => one.href"): link.inner_text() for link in links.all()}
    bars = page.locator("#purchases-by-level .chart svg path[fill='#1d6b57']")
    bars.nth(1).scroll_into_view_if_needed()  # the first is the legend's
    box = bars.nth(1).bounding_box()
    assert box
    page.mouse.click(box["x"] + 20, box["y"] + box["height"] / 2)
    page.wait_for_url(re.compile("/purchases-by-level/cases"))
    expect(page.locator("main")).to_contain_text(f"共 {numbers[page.url]} 条")


def test_without_script_the_tables_alone_say_everything(browse: Callable[..., Page]) -> None:
    page = browse("jdzr", javascript=False)
    page.goto("/dashboards/leader")
    expect(page.locator(".chart")).to_have_count(0)
    link = page.locator("#deadlines-by-month tbody a").first
    number = link.inner_text()
    link.click()
    expect(page.locator("main")).to_contain_text(f"共 {number} 条")
    assert page.locator("tbody tr").count() == min(50, int(number))


@pytest.mark.parametrize("board", LOGINS)
def test_every_number_on_the_page_agrees_with_the_list_behind_it(board: str, as_user: Callable[[str], Visitor]) -> None:
    client = as_user(LOGINS[board])
    page = html.fromstring(client.get(f"/dashboards/{board}").text)
    links = page.xpath("//main//figure//td/a")
    assert len(links) > 20
    for link in links[:: max(1, len(links) // 25)]:
        listed = client.get(link.get("href")).text
        total = int(re.search(r"共 (\d+) 条，", listed)[1])  # type: ignore[index]
        shown = link.text_content().replace(",", "")
        if "." not in shown:
            assert total == int(shown), link.get("href")
        else:
            file = client.get(link.get("href").replace("/cases", "/cases.csv")).content.decode("utf-8-sig")
            assert sum(1 for _ in csv.reader(io.StringIO(file))) == total + 1


def test_what_is_taken_away_says_the_same_and_holds_no_formula(as_user: Callable[[str], Visitor]) -> None:
    client = as_user("jdzr")
    rows = list(
        csv.reader(io.StringIO(client.get("/dashboards/leader/purchases-by-route/table.csv").content.decode("utf-8-sig")))
    )
    assert rows[0] == ["采购方式", "件数"]
    assert rows[-1] == ["合计", "240"]
    cases = list(
        csv.reader(io.StringIO(client.get("/dashboards/leader/purchases-by-route/cases.csv").content.decode("utf-8-sig")))
    )
    assert len(cases) == 241
    assert all(row[1].startswith("'=") for row in cases[1:])  # every title begins with a sign of equality
    with zipfile.ZipFile(io.BytesIO(client.get("/dashboards/leader/table.xlsx").content)) as book:
        sheets = [name for name in book.namelist() if name.startswith("xl/worksheets/sheet")]
        assert len(sheets) >= 15
        assert all(b"<f>" not in book.read(name) for name in sheets)


def test_a_list_of_tasks_says_the_purchase_the_task_and_who_has_it(as_user: Callable[[str], Visitor]) -> None:
    client = as_user("jdzr")
    address = "/dashboards/leader/deadlines-by-role/cases"
    (row,) = html.fromstring(client.get(f"{address}?value=finance&split=overdue").text).xpath("//main//tbody/tr[1]")
    number, title = row.xpath("string(td[1])"), row.xpath("string(td[2]//b)")
    assert title == f"=社区服务{int(number.rpartition('-')[2]) - 2000}"
    assert re.fullmatch(r"第\d步　办理人：财政所", row.xpath("string(td[2]/span)")), row.text_content()
    file = client.get(f"{address}.csv?value=finance&split=overdue").content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(file)))
    assert {one["办理人"] for one in rows} == {"财政所"}
    assert all(re.fullmatch(r"第\d步", one["任务"]) for one in rows)
    done = client.get(f"{address}?value=finance&split=met").text
    assert "办理人：x" in done  # an account that is gone keeps its login


def test_narrowing_to_a_unit_narrows_numbers_and_lists_alike(as_user: Callable[[str], Visitor]) -> None:
    client = as_user("jdzr")
    page = html.fromstring(client.get("/dashboards/leader?unit=部门3").text)
    total = page.xpath("//figure[@id='purchases-by-category']//tfoot//a")[0]
    assert 0 < int(total.text_content()) < 240
    assert f"共 {total.text_content()} 条" in client.get(total.get("href")).text
    assert "不分单位和社区" in page.xpath("//figure[@id='credit-by-kind']")[0].text_content()
    empty = client.get("/dashboards/leader?year=2019").text
    assert "这段时间没有" in empty


@pytest.mark.parametrize("address", ["leader?year=abc", "leader?year=99999", "leader/purchases-by-month/cases?value=2026-99"])
def test_a_wrong_address_is_answered_with_a_sentence(address: str, as_user: Callable[[str], Visitor]) -> None:
    answer = as_user("jdzr").get(f"/dashboards/{address}")
    assert answer.status_code in (200, 422)
    assert "Traceback" not in answer.text


@pytest.mark.parametrize(
    ("login", "address", "status"),
    [
        ("hxpg", "leader", 404),
        ("hxpg", "agency", 200),
        ("hxpg", "agency/flags-by-kind/cases", 404),
        ("czs", "audit", 404),
        ("jjjc", "leader", 404),
        ("sqfzb", "leader", 403),
        ("lcsj", "leader", 403),
        ("jdzr", "nothing", 404),
        ("jdzr", "leader/nothing/cases", 404),
        ("jdzr", "leader/purchases-by-route/table.exe", 404),
    ],
)
def test_who_may_not_look_is_told_there_is_nothing(
    login: str, address: str, status: int, as_user: Callable[[str], Visitor]
) -> None:
    assert as_user(login).get(f"/dashboards/{address}").status_code == status


def test_an_agency_counts_only_the_purchases_it_runs(as_user: Callable[[str], Visitor], services: Services) -> None:
    client = as_user("hxpg")
    page = html.fromstring(client.get("/dashboards/agency").text)
    agencies = [row.text_content() for row in page.xpath("//figure[@id='own-by-agency']//tbody//th")]
    assert agencies == [services.office.parties.agency("agy-01").name]


def test_on_paper_nothing_is_hidden_behind_a_scroll_bar(browse: Callable[..., Page]) -> None:
    page = browse("jdzr")
    page.goto("/dashboards/leader")
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 720, "height": 1000})
    cut = "[...document.querySelectorAll('.numbers')].filter(one => one.scrollHeight > one.clientHeight + 1).length"
    assert page.evaluate(cut) == 0
    expect(page.locator(".rail")).to_be_hidden()
    wide = "[...document.querySelectorAll('.chart svg')].every(one => one.getBoundingClientRect().right <= innerWidth)"
    page.wait_for_function(f"() => {wide}")  # the charts are drawn anew after the width has changed
    shot(page, "dashboard-print")
