"""The public site without login: what it shows, what it never shows, and how it may be kept."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from html import unescape
from urllib.parse import urljoin

import pytest

from tests.web.conftest import Visitor
from tests.web.published import (
    DIGEST,
    DONE,
    EXPERTS,
    PUBLICITY,
    RECEIPT,
    ROOT,
    RUNNING,
    SECOND,
    SECRET,
    UNTOLD,
    WINNER,
    Told,
    write,
)
from tests.web.test_accessibility import complaints
from web.composition import Services

ATOM = "{http://www.w3.org/2005/Atom}"
LINK = re.compile(r'(?:href|action)="([^"#]+)')
INSIDE = ("/public", "/api/ocds")
ABOUT_PROCESSES = "/public/processes/"  # drawn by designers, told from no register


@pytest.fixture(scope="module")
def told(services: Services) -> Told:
    return write(services)


@pytest.fixture
def site(visitor: Visitor, told: Told) -> Visitor:
    assert told.notices
    return visitor


def crawled(visitor: Visitor) -> dict[str, str]:
    """Every page a visitor reaches from the front page, and all open data."""
    found: dict[str, str] = {}
    waiting = [
        "/public",
        "/api/ocds",
        "/api/ocds/releases",
        "/api/ocds/records",
        "/api/ocds/package.json",
        f"/public/files/{RECEIPT}",
    ]
    while waiting:
        address = waiting.pop()
        if address in found:
            continue
        answer = visitor.get(address, follow_redirects=True)
        found[address] = answer.text
        if "html" in answer.headers.get("content-type", ""):
            links = (urljoin(address, unescape(link)) for link in LINK.findall(answer.text))
            waiting += [link for link in links if link.startswith(INSIDE) and not link.startswith(ABOUT_PROCESSES)]
    return found


def test_nothing_that_must_stay_inside_is_on_any_public_page(site: Visitor) -> None:
    pages = crawled(site)
    assert {f"/public/purchases/{key}" for key in (DONE, RUNNING, PUBLICITY)} <= pages.keys()
    assert any(address.startswith("/api/ocds/records/") for address in pages)
    for address, text in pages.items():
        for secret in (SECRET, UNTOLD, "13800138000", "13900139000", "5ec4e7", "DA-2026-9002", "hxpg"):
            assert secret not in text, (address, secret)
    about_running = "".join(text for address, text in pages.items() if RUNNING in address)
    for name in (WINNER, SECOND, *EXPERTS, "org-0", "BM-2026"):
        assert name not in about_running
    assert site.get(f"/public/purchases/{UNTOLD}").status_code == 404
    assert site.get("/public/files/DA-2026-9002").status_code == 404


def test_what_a_notice_holds_is_shown_as_text(site: Visitor, told: Told) -> None:
    page = site.get(f"/public/notices/{told.notices['comparison_notice']}").text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "<script>alert" not in page
    assert "〔已隐去〕" in page
    assert "028-80000100" in page


def test_the_front_page_tells_what_is_open_and_what_can_be_objected_to(site: Visitor) -> None:
    page = site.get("/public").text
    assert "长者食堂助餐" in page
    assert re.search("还剩 2 天 23 小时|还剩 3 天 0 小时", page)
    assert "报名截止" in page
    assert "公示暂停计时" in page
    assert WINNER in page


def test_a_purchase_is_told_in_six_steps_with_everything_that_became_public(site: Visitor, told: Told) -> None:
    page = site.get(f"/public/purchases/{DONE}").text
    for text in (
        "需求摸排",
        "服务跟踪",
        "社区社工服务 &lt;b&gt;&amp;",
        WINNER,
        SECOND,
        *EXPERTS,
        "社区提供。",
        "开启一份。",
        RECEIPT,
        DIGEST,
    ):
        assert text in page, text
    for text in ("付款 142,880.00 元", "HT-2026-9001", "卷宗归档", "复核无误。", "不成立", "不公布提出异议的人"):
        assert text in page, text
    assert f"/public/notices/{told.notices['extension']}" in page
    assert "<del>" in page  # what the extension changed


def test_an_asker_and_an_objector_are_not_named(site: Visitor) -> None:
    page = site.get(f"/public/purchases/{DONE}").text
    assert "〔已隐去〕问：场地谁提供？" in page
    assert "〔已隐去〕：复核无误。" in page


def test_the_publicity_period_can_be_counted_along(site: Visitor, told: Told) -> None:
    page = site.get(f"/public/notices/{told.notices['result_publicity']}").text
    assert page.count('class="work') == 5 or "共 5 个" in page or "公示期满" in page
    assert "发布当日不计" in page
    standing = site.get(f"/public/purchases/{PUBLICITY}").text
    assert "stopped" in standing
    assert "正在处理 1 件" in standing


@pytest.mark.parametrize(
    ("receipt", "digest", "answer"),
    [
        (RECEIPT, DIGEST.upper(), "一样。"),
        (RECEIPT.lower(), f"sha256: {DIGEST}", "一样。"),
        (RECEIPT, "0" * 64, "不一样。"),
        (RECEIPT, "", "请和回执比对"),
        ("SJ-2026-0000", DIGEST, "清单里没有收件号"),
        (RECEIPT, "abc", "请填收件号"),
        ("%", "", "清单里没有收件号"),
    ],
)
def test_a_receipt_is_checked_against_the_published_list(site: Visitor, receipt: str, digest: str, answer: str) -> None:
    page = site.get("/public/verify/receipt", params={"receipt": receipt, "sha256": digest})
    assert page.status_code == 200
    assert answer in page.text


def test_the_seal_of_a_case_file_is_compared(site: Visitor) -> None:
    address = "/public/files/DA-2026-9001"
    assert ROOT in site.get(address).text
    assert "就是归档的那一份" in site.get(address, params={"sha256": f" {ROOT.upper()} "}).text
    assert "不是归档的那一份" in site.get(address, params={"sha256": "0" * 64}).text


def test_lists_are_searched_by_title_kind_community_and_organisation(site: Visitor) -> None:
    assert DONE in site.get("/public/notices", params={"organisation": "和风"}).text
    assert RUNNING not in site.get("/public/notices", params={"organisation": "和风"}).text
    assert RUNNING in site.get("/public/notices", params={"community": "晚晴社区", "open": "yes"}).text
    assert "没有符合条件的公告" in site.get("/public/notices", params={"words": "100%_没有"}).text
    page = site.get("/public/notices", params={"kind": "acceptance"}).text
    assert f"{DONE} acceptance" in page
    assert f"{DONE} award" not in page


def test_the_feed_is_atom_with_ids_that_stay(site: Visitor) -> None:
    answer = site.get("/public/feed.atom")
    assert answer.headers["content-type"] == "application/atom+xml; charset=utf-8"
    root = ET.fromstring(answer.content)
    entries = root.findall(f"{ATOM}entry")
    for element in (root, *entries):
        assert all(element.findtext(f"{ATOM}{name}") for name in ("id", "title", "updated")), ET.tostring(element)
    ids = [entry.findtext(f"{ATOM}id") for entry in entries]
    assert len(set(ids)) == len(ids) >= 8
    assert root.find(f"{ATOM}link[@rel='self']").get("href").endswith("/public/feed.atom")  # type: ignore[union-attr]
    assert root.findtext(f"{ATOM}updated") == max(entry.findtext(f"{ATOM}updated") or "" for entry in entries)
    acceptance = ET.fromstring(site.get("/public/feed.atom?kind=acceptance").content)
    (entry,) = acceptance.findall(f"{ATOM}entry")
    assert entry.findtext(f"{ATOM}id") in ids
    assert site.get("/public/feed.atom?community=没有").status_code == 200
    assert 'type="application/atom+xml"' in site.get("/public").text


def test_unchanged_pages_are_not_sent_again_and_those_of_people_logged_in_are_not_kept(site: Visitor, as_user: object) -> None:
    for address in ("/public/catalogue", "/public/feed.atom", "/public/open-data"):
        first = site.get(address)
        assert first.headers["cache-control"] == "public, max-age=30"
        assert "set-cookie" not in first.headers
        again = site.get(address, headers={"If-None-Match": first.headers["etag"]})
        assert (again.status_code, again.content) == (304, b"")
    inside = as_user("cgjb").get("/public/catalogue")  # type: ignore[operator]
    assert inside.headers["cache-control"] == "no-store"
    assert "回工作台" in inside.text


def test_another_language_is_chosen_by_a_link_that_leads_nowhere_else(site: Visitor) -> None:
    answer = site.get("/public/language/en", params={"next": "//evil.example"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/public")
    assert '<html lang="en">' in site.get("/public").text
    assert site.get("/public/language/xx").status_code == 404


@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
def test_the_site_is_accessible_and_fits(told: Told, browse, axe: str, phone: bool) -> None:
    page = browse(None, phone=phone)
    for address in (
        "/public",
        "/public/notices",
        "/public/results",
        "/public/catalogue",
        "/public/draws",
        "/public/verify",
        "/public/open-data",
        f"/public/purchases/{DONE}",
        f"/public/purchases/{RUNNING}",
        "/public/files/DA-2026-9001",
    ):
        page.goto(address)
        assert complaints(page, axe) == [], address
        assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"], address
