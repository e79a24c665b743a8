"""台账: the pages of registers described as data, for people of the office and for everybody."""

from __future__ import annotations

import csv
import io
import os
import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from procurement.demo.ledgers import fill_ledgers
from procurement.ledgers import NewEntry
from procurement.office.ledgers import VISITOR, Query
from procurement.spreadsheets import xlsx_of
from tests.web.conftest import MORNING, Visitor
from tests.web.offices import StartedPurchase
from tests.web.test_accessibility import complaints
from web.composition import Services

LIST = "/ledgers/purchase_list"
HEADINGS = ["目录编码", "服务名称", "类别", "由哪一级购买", "购买单位", "年度预算金额", "属于集中采购目录", "批次和文号"]


@pytest.fixture(scope="module", autouse=True)
def filled(services: Services) -> None:
    if not services.office.ledgers.search(Query("purchase_list"), actor=VISITOR).total:
        fill_ledgers(services.office)


def file_of(*lines: list[str]) -> bytes:
    return xlsx_of([("目录", HEADINGS, lines)])


def line(code: str, amount: str = "1000", level: str = "街道") -> list[str]:
    return [code, f"服务{code}", "养老服务", level, "民政办", amount, "否", "第三批"]


def brought(client: Visitor, content: bytes) -> str:
    """The address of the import's page."""
    answer = client.post(
        f"{LIST}/import",
        data={"csrf_token": client.token(f"{LIST}/import"), "valid_from": "2026-03-10"},
        files={"file": ("目录.xlsx", content)},
    )
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


def read_to_the_end(client: Visitor, address: str) -> str:
    while "继续核对" in (page := client.get(address).text):
        client.post_form(address, page=address)
    return page


def test_the_index_names_every_ledger_with_its_source_and_how_much_is_in_force(as_user: Callable[[str], Visitor]) -> None:
    page = as_user("cgjb").get("/ledgers").text
    for words in ("向社会转移职能目录", "政府购买服务目录", "行政权责清单", "第十五条(二)1"):
        assert words in page
    assert "[A60]" not in page


def test_a_bar_leads_to_its_entries_and_an_entry_to_its_versions(browse: Callable[..., Page]) -> None:
    page = browse("cgjb")
    page.goto(LIST)
    page.click(".bars a >> nth=0")
    page.wait_for_url("**f_category=**")
    assert page.locator(".ledger-list tbody tr").count() < 40
    page.goto("/ledgers/rule_packs?on=2026-02-01")
    row = page.locator(".ledger-list tr", has_text="试行")
    row.locator("a").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("购买社区服务资金管理办法（试行）")
    expect(page.get_by_text("同一项有了更新的条目")).to_be_visible()
    expect(page.locator("table", has_text="街道").or_(page.locator("table")).last).to_contain_text("2026-03-01")


def test_a_list_can_be_read_as_of_a_day_and_two_days_compared(as_user: Callable[[str], Visitor]) -> None:
    client = as_user("cgjb")
    assert "街道〔2024〕20 号" in client.get("/ledgers/rule_packs?on=2026-02-01").text
    assert "街道〔2024〕20 号" not in client.get("/ledgers/rule_packs?on=2026-03-01").text
    found = client.get("/ledgers/rule_packs/compare?first=2026-02-01&second=2026-03-02").text
    assert "购买社区服务资金管理办法（2026 年修订）" in found
    assert "改动" in found
    assert client.get("/ledgers/rule_packs?on=gestern").status_code == 422
    assert client.get("/ledgers/nothing").status_code == 404
    assert client.get(f"{LIST}/MG-1900-0001").status_code == 404


def test_what_goes_out_is_never_a_formula(services: Services, as_user: Callable[[str], Visitor]) -> None:
    values = {"code": "=1+1", "name": "=cmd|'/c calc'!A0", "category": "类", "level": "street", "department": "@x", "source": "s"}
    services.office.ledgers.seed("purchase_list", [NewEntry(values, MORNING.date())], at=MORNING, actor=VISITOR)
    client = as_user("cgjb")
    rows = list(csv.reader(io.StringIO(client.get(f"{LIST}/table.csv?words=cmd").content.decode("utf-8-sig"))))
    assert rows[1][1:3] == ["'=1+1", "'=cmd|'/c calc'!A0"]
    assert client.get(f"{LIST}/table.xlsx?words=cmd").content[:2] == b"PK"
    assert client.get(f"{LIST}/table.pdf").status_code == 404
    assert "<script" not in client.get(f"{LIST}?words=<script>alert(1)</script>").text.split("<main")[1]


def test_an_import_reports_each_wrong_row_and_changes_nothing(services: Services, as_user: Callable[[str], Visitor]) -> None:
    client = as_user("cgjb")
    address = brought(client, file_of(line("N1"), line("N2", amount="很多"), line("N3", level="省")))
    page = read_to_the_end(client, address)
    assert "3 行中 2 行有错" in page
    assert "很多" in page
    report = client.get(f"{address}/report.csv").content.decode("utf-8-sig")
    assert [row[:3] for row in csv.reader(io.StringIO(report))][1:] == [
        ["3", "年度预算金额", "很多"],
        ["4", "由哪一级购买", "省"],
    ]
    assert client.get(f"{address}/report.xlsx").content[:2] == b"PK"
    assert not services.office.ledgers.search(Query("purchase_list", {"code": "N1"}), actor=VISITOR).total
    client.post_form(f"{address}/drop", page=address)
    assert "已放弃" in client.get(f"{LIST}/import").text


def test_a_file_is_looked_at_with_progress_in_the_browser(browse: Callable[..., Page]) -> None:
    page = browse("cgjb")
    page.goto(f"{LIST}/import")
    page.set_input_files("[name=file]", {"name": "目录.xlsx", "mimeType": "application/zip", "buffer": file_of(*(line(f"P{n:04}") for n in range(2500)))})  # fmt: skip
    page.click("text=核对这个文件")
    expect(page.locator("#import-progress")).to_contain_text("2500 / 2500 行")
    page.click("text=看结果")
    expect(page.get_by_text("2500 行都合表单")).to_be_visible()
    page.goto(f"{LIST}/import")
    page.set_input_files("[name=file]", {"name": "x.xlsx", "mimeType": "application/zip", "buffer": b"PK nothing"})
    page.click("text=核对这个文件")
    expect(page.locator(".error")).to_contain_text("不能作为表格读取")


def test_only_keepers_bring_files_in_and_visitors_see_public_ledgers_only(
    as_user: Callable[[str], Visitor], visitor: Visitor
) -> None:
    client = as_user("org02")
    assert client.get(f"{LIST}/import").status_code == 403
    assert client.get(LIST).status_code == 200
    assert as_user("jdzr").get(f"{LIST}/import").status_code == 403
    assert visitor.get("/ledgers").status_code == 303
    assert "政府购买服务目录" in visitor.get("/public/ledgers").text
    page = visitor.get("/public/ledgers/purchase_list").text
    number = re.search(r"MG-\d{4}-\d{4}", page)[0]
    entry = visitor.get(f"/public/ledgers/purchase_list/{number}")
    assert entry.status_code == 200
    assert "登记" not in entry.text.split("<main")[1].split("<footer")[0].replace("登记机关", "")
    assert visitor.get("/public/ledgers/purchase_list/table.csv").status_code == 200
    assert visitor.get("/public/ledgers/unknown").status_code == 404


@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
def test_the_pages_are_accessible_and_fit(
    phone: bool, browse: Callable[..., Page], axe: str, as_user: Callable[[str], Visitor]
) -> None:
    faulty = brought(as_user("cgjb"), file_of(line("Q1"), line("Q2", amount="?")))
    read_to_the_end(as_user("cgjb"), faulty)
    page = browse("cgjb", phone=phone)
    for name, address in (
        ("index", "/ledgers"),
        ("list", LIST),
        ("packs", "/ledgers/rule_packs?every=1"),
        ("compare", "/ledgers/rule_packs/compare?first=2026-02-01&second=2026-03-02"),
        ("entry", "/ledgers/rule_packs/WJ-2026-0005"),
        ("import", f"{LIST}/import"),
        ("batch", faulty),
        ("public", "/public/ledgers"),
        ("public-list", "/public/ledgers/transfer_functions"),
        ("public-entry", "/public/ledgers/rule_packs/WJ-2026-0005"),
    ):
        answer = page.goto(address)
        assert answer, address
        assert answer.ok, address
        assert complaints(page, axe) == [], address
        assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"], address
        look(page, f"ledger-{name}{'-phone' if phone else ''}")


def look(page: Page, name: str) -> None:
    if folder := os.environ.get("BIXUAN_LOOK"):
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)


def test_a_purchase_names_the_documents_in_force_when_it_began(
    services: Services, browse: Callable[..., Page], axe: str, started: StartedPurchase
) -> None:
    values = {"organisation_id": "org-01", "name": "一社", "credit_code": "x", "batch": "一", "fields": ["elderly"], "basis": "b"}
    entry = NewEntry(values, MORNING.date(), None, started.number)
    [number] = services.office.ledgers.seed("qualified_organisations", [entry], at=MORNING, actor=VISITOR)
    page = browse(started.login)
    page.goto(f"/purchases/{started.number}")
    card = page.locator("section.card", has=page.get_by_role("heading", name="依据的文件"))
    expect(card).to_contain_text("街道购买社会组织服务办法")
    expect(card).not_to_contain_text("项目绩效评估指引")  # for another step
    expect(page.locator("section.card", has_text="台账里的记录")).to_contain_text(number)
    assert complaints(page, axe) == []
    look(page, "ledger-purchase")
    card.get_by_role("link", name="关于加强政府购买社区服务工作的实施意见").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("关于加强政府购买社区服务工作的实施意见")
