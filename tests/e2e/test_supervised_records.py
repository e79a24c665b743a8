"""What the party committee thinks, what an audit of files finds, what the dashboards count: clicked from the figure to the case."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from decimal import Decimal

import pytest
from playwright.sync_api import Browser, Page, expect

from engine.model import SYSTEM, Resource
from tests.e2e.looking import fits_and_is_accessible
from tests.e2e.street import Street, settled
from web.resources import designer_folders, read_resources

ARCHIVED, COMPARED = "居家养老上门服务", "全域居家养老综合服务"
RULES = "processes/party_opinion/party_supervision.dmn"


@pytest.fixture(scope="module")
def street(chromium: Browser, new_database: Callable[..., str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Street]:
    with settled(new_database(), str(tmp_path_factory.mktemp("files")), chromium, worked) as found:
        yield found


def worked(street: Street) -> None:
    """One purchase is archived; the applications for another are looked at, its score sheet has enough points for the party."""
    street.start()
    street.go_on("接收卷宗")
    street.do("接收卷宗")
    street.situation.case_key = 0
    ask_the_party_from(street, 5)
    street.situation.facts.update(title=COMPARED, estimate=Decimal(380000), budget="2081002-27")  # a year has gone by
    street.start()
    street.go_on("初审七项条件")
    street.do("初审七项条件")


def ask_the_party_from(street: Street, points: int) -> None:
    [shipped] = [one for one in read_resources(designer_folders()) if one.name == RULES]
    moved = shipped.content.replace(b"<text>&gt;= 10</text>", f"<text>&gt;= {points}</text>".encode())
    assert moved != shipped.content
    street.engine.deploy([Resource(RULES, moved)], actor=SYSTEM)


def shows(*words: str) -> Callable[[Page], None]:
    def check(page: Page) -> None:
        for word in words:
            expect(page.locator("main")).to_contain_text(word)

    return check


def test_the_party_committee_gives_an_opinion_the_office_reads_before_it_confirms(street: Street) -> None:
    page = street.open("dgms", "提出党组织意见")
    expect(page.locator("main")).to_contain_text("不能据此不予确认")
    street.look(page, "party-opinion")
    street.keep(page, "party-opinion")
    street.hand_in(page, {"party_view": "concern", "party_note": "还没有建立党组织，建议签约后三个月内组建。"})
    page = street.open("cgjb", "确认报名")
    expect(page.locator("main")).to_contain_text("还没有建立党组织")
    street.look(page, "party-confirm")


def test_archived_files_are_drawn_checked_mended_and_reported(street: Street) -> None:
    page = street.begin("sjzy", "案卷检查")
    street.look(page, "audit-plan")
    street.hand_in(page)
    page = street.open("sjzy", "逐项检查")
    street.look(page, "audit-check")
    street.keep(page, "audit-check")
    street.hand_in(page, {"missing_items": ["publicity"], "findings": "公示截图没有归入卷内"})
    page = street.open("cgjb", "改正案卷")
    expect(page.locator("main")).to_contain_text("公示截图没有归入卷内")
    street.look(page, "audit-mend")
    street.hand_in(page)
    street.do("核对改正")
    page = street.open("sjzy", "写检查报告")
    street.look(page, "audit-report")
    street.hand_in(page)
    number = street.office.matters.of_case(street.root_key)
    assert number is not None
    page = street.open("jdzr", "审签报告")
    street.look(page, "audit-sign")
    street.hand_in(page)
    street.see("sjzy", f"/matters/{number.id}", "audit-closed", shows("抽查 1 份，不合格 0 份"))
    street.see("jjjc", "/ledgers/case_file_checks", "audit-checks", shows("已改正"))
    page = street.people.page("jjjc")
    page.goto("/ledgers/case_file_audits")
    page.locator("tbody a").first.click()
    expect(page.locator("main")).to_contain_text("种子")
    fits_and_is_accessible(page, phone=False)
    street.look_at_purchase()


def test_the_leader_follows_a_number_of_the_dashboard_to_its_case(street: Street) -> None:
    page = street.people.page("jdzr")
    page.goto("/inbox")
    page.get_by_role("link", name="看板").click()
    expect(page.locator("#purchases-by-category .chart svg")).to_be_visible()
    street.look(page, "board-leader")
    page.select_option("[name=year]", "all")
    page.get_by_role("button", name="查看").click()
    page.locator("#purchases-by-category tbody tr").first.locator("a").last.click()
    expect(page.locator("main")).to_contain_text("共 2 条")
    street.look(page, "board-cases")
    page.get_by_role("link", name=ARCHIVED).click()
    page.wait_for_url(re.compile(r"/purchases/CG-"))
    for login, board in (("czs", "finance"), ("hxpg", "agency")):
        street.see(login, f"/dashboards/{board}", f"board-{board}")


def test_an_auditor_follows_the_figure_of_the_file_checks_to_the_entry(street: Street) -> None:
    page = street.people.page("sjzy")
    page.goto("/dashboards/audit")
    street.look(page, "board-audit")


def test_the_yearly_report_is_ordered_approved_and_taken_away(street: Street) -> None:
    page = street.people.page("cgjb")
    page.goto("/dashboards/reports")
    page.get_by_role("link", name="编制年度报告").click()
    street.confirm(page)
    street.look(page, "yearly-choose")
    street.hand_in(page)
    street.go_on("核定年度报告")
    page = street.open("jdzr", "核定年度报告")
    street.look(page, "yearly-approve")
    street.hand_in(page)
    street.see("jdzr", "/dashboards/reports", "yearly-reports", shows("Word"))
