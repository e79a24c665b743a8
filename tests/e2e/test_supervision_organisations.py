"""Supervision of organisations, by the people who do it: an assessment by a scheme, the negative list, the four lists, ratings."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.street import Street, settled

OFFICER, CENTRE, DISCIPLINE, LEADER, AGENCY = "cgjb", "bmfw", "jjjc", "jdzr", "hxpg"
ASSESSED, ASSESSED_LOGIN = "org-02", "org02"
LISTED, LISTED_LOGIN = "org-04", "org04"


def under_way(street: Street) -> None:
    """A purchase that takes applications: the gate an entry on a list closes."""
    street.situation.facts["estimate"] = 80_000  # through a comparison
    street.start()
    street.go_on("受理报名")


@pytest.fixture(scope="module")
def street(new_database: Callable[..., str], tmp_path_factory: pytest.TempPathFactory, chromium: Browser) -> Iterator[Street]:
    with settled(new_database(), str(tmp_path_factory.mktemp("files")), chromium, under_way) as found:
        yield found


def test_an_organisation_is_assessed_by_six_raters_and_the_opinion_stands_in_its_integrity_file(street: Street) -> None:
    street.situation.facts["scheme"] = "shenzhen"
    street.begin(CENTRE, "委托评估", ASSESSED)
    street.hand_in(street.people.page(CENTRE))
    page = street.open(CENTRE, "选定评估方案")
    expect(page.locator("main")).to_contain_text("六方四方面（深圳）")
    street.look(page, "scheme-choose")
    street.keep(page, "assess-choose")
    page.select_option("[name=scheme_choice]", "shenzhen")  # fixed where a contract has its scheme, so the usual answers leave it
    page.wait_for_function("() => !document.querySelector('.htmx-request')")
    street.hand_in(page)
    street.do_in_browser(AGENCY, "提名评估人")
    sheet = street.task("填写评分表", street.person("财政所"))
    finance = street.person("财政所").user_id if sheet.candidate_groups == ("finance",) else street.worker_of(sheet).user_id
    page = street.open(finance, "填写评分表")
    street.look(page, "scheme-score")
    street.keep(page, "assess-score")
    street.hand_in(page)
    street.go_on("出具评估报告")
    page = street.open(AGENCY, "出具评估报告")
    street.look(page, "scheme-report")
    street.keep(page, "assess-report")
    street.hand_in(page)
    page = street.open(LEADER, "评估委员会审定") if street.open_tasks("评估委员会审定") else page
    street.look(page, "scheme-board")
    street.go_on()

    def continued(page: Page) -> None:
        expect(page.locator(".ledger-list")).to_contain_text("继续")

    def told(page: Page) -> None:
        expect(page.locator("section.card", has_text="评估结果")).to_contain_text("继续")

    street.see(CENTRE, "/ledgers/assessment_results", "scheme-results", continued, kept="assess-ledger")
    street.see(OFFICER, f"/organisations/{ASSESSED}/integrity", "integrity-assessed", told)


def test_an_organisation_is_put_on_the_negative_list_after_its_defence_cannot_apply_and_appeals(street: Street) -> None:
    page = street.people.page(DISCIPLINE)
    page.goto(f"/registers/organisations/{LISTED}")
    page = street.begin_here(page, "列入负面清单")
    street.look(page, "listing-notify")
    street.hand_in(page, {"listing_facts": "三户的上门记录是编造的"})
    page = street.open(LISTED_LOGIN, "陈述和申辩", phone=True)
    expect(page.locator("main")).to_contain_text("三户的上门记录是编造的")
    street.look(page, "listing-defence", phone=True)
    street.hand_in(page)
    page = street.open(LEADER, "决定是否列入")
    street.look(page, "listing-decide")
    street.hand_in(page, {"decide_listing_reason": "签字与本人不符"})

    def barred(page: Page) -> None:
        expect(page.locator("section.card", has_text="信用记录")).to_contain_text("签字与本人不符")

    street.see(OFFICER, f"/organisations/{LISTED}/integrity", "integrity-listed", barred, kept="integrity")
    page = street.people.page(LISTED_LOGIN)
    page.goto("/portal")
    expect(page.locator("main")).to_contain_text("负面清单")
    street.look(page, "portal-barred")
    page.goto("/portal/record")
    street.look(page, "portal-record")
    page.get_by_role("link", name="申诉或申请移出").click()
    chosen = page.locator("[name=entry_choice] option", has_text="签字与本人不符").get_attribute("value")
    page.select_option("[name=entry_choice]", chosen)
    page.get_by_label("认定有误，申诉").check()
    page.fill("[name=facts]", "护理员填错了日期，已有家属证明")
    street.look(page, "portal-contest")
    street.keep(page, "credit-contest")
    page.locator(".submit button.primary").click()
    expect(page.locator("#messages")).to_contain_text("已经送达")
    street.follow_matter("信用申诉")
    page = street.open(OFFICER, "审查申诉")
    expect(page.locator("main")).to_contain_text("已有家属证明")
    street.look(page, "appeal-examine")
    street.hand_in(page, {"appeal_opinion": "lift"})
    page = street.open(DISCIPLINE, "决定申诉")
    street.look(page, "appeal-decide")
    street.hand_in(page, {"decide_credit_appeal_decision": "lift", "decide_credit_appeal_reason": "家属证明属实"})

    def lifted(page: Page) -> None:
        expect(page.locator("section.card", has_text="信用记录")).to_contain_text("家属证明属实")

    street.see(OFFICER, f"/organisations/{LISTED}/integrity", "integrity-lifted", lifted)


def test_a_function_is_put_on_the_list_and_stands_there_from_its_day_beside_what_was_before(street: Street) -> None:
    page = street.people.page(OFFICER)
    page.goto("/matters/new")
    street.look(page, "matters-new")
    street.keep(page, "matters-new")
    page.fill("[name=words]", "清单 政策文件")
    page.get_by_role("button", name="查找").click()
    page.get_by_role("link", name="清单修订", exact=True).click()
    street.confirm(page)
    street.look(page, "list-propose")
    street.hand_in(page)
    checker = street.worker_of(street.task("核对修订")).user_id
    page = street.open(checker, "核对修订")
    expect(page.locator("main")).to_contain_text("社区慈善组织培育")
    street.look(page, "list-check")
    street.hand_in(page)
    page = street.open(LEADER, "批准修订")
    street.look(page, "list-decide")
    street.hand_in(page)

    def listed(page: Page) -> None:
        expect(page.locator(".ledger-list")).to_contain_text("社区慈善组织培育")

    street.see(OFFICER, "/ledgers/transfer_functions", "list-functions", listed)
    page = street.people.page(OFFICER)
    page.goto("/ledgers/transfer_functions")
    page.get_by_role("link", name="比较两天").click()
    page.fill("[name=first]", "2026-03-01")
    page.locator("main form button").first.click()
    expect(page.locator("main")).to_contain_text("社区慈善组织培育")
    street.look(page, "list-compare")


def test_an_agency_checks_the_yearly_report_and_rates_the_organisation(street: Street) -> None:
    page = street.begin(CENTRE, "社会组织年检", ASSESSED)
    street.hand_in(page)
    page = street.open(ASSESSED_LOGIN, "提交年度报告", phone=True)
    street.look(page, "yearly-report", phone=True)
    street.hand_in(page)
    page = street.open(AGENCY, "初审年度报告")
    street.look(page, "yearly-check")
    street.hand_in(page)
    page = street.open(CENTRE, "作出年检结论")
    street.look(page, "yearly-conclude")
    street.hand_in(page)

    def concluded(page: Page) -> None:
        expect(page.locator(".ledger-list")).to_contain_text("2025 年")
        expect(page.locator(".ledger-list")).to_contain_text("合格")

    street.see(CENTRE, "/ledgers/yearly_checks", "yearly-checks", concluded)


def test_the_sample_of_a_survey_is_drawn_by_groups_and_its_result_stands_in_the_ledger(street: Street) -> None:
    street.situation.facts["survey"] = True
    page = street.begin(OFFICER, "计分评定", "agy-01")
    street.look(page, "scored-plan")
    street.hand_in(page)
    street.do_in_browser(AGENCY, "逐项计分")
    page = street.open(AGENCY, "登记问卷结果")
    expect(page.locator("main")).to_contain_text("1722")
    street.look(page, "scored-survey")
    street.hand_in(page)
    street.do_in_browser(CENTRE, "作出评定")
    street.see(
        CENTRE,
        "/ledgers/scored_results",
        "scored-results",
        lambda page: expect(page.locator(".ledger-list")).to_contain_text("1,722"),
    )
