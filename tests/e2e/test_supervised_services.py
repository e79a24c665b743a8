"""Money and people of an organisation, by those who look after them: a payment by purposes, a subsidy by results, a check, a rating."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from procurement.registers.row import OFFICE_ZONE
from tests.e2e.street import Street, settled

OFFICER, CENTRE, FINANCE, LEADER, DISCIPLINE, AGENCY = "cgjb", "bmfw", "czs", "jdzr", "jjjc", "hxpg"
CONTRACTOR, LOGIN, NAME = "org-02", "org02", "邻里社区服务中心"
REPORTING = dt.datetime(2026, 3, 17, 9, 30, tzinfo=OFFICE_ZONE)  # the first milestone may be reported


@pytest.fixture(scope="module")
def street(new_database: Callable[..., str], tmp_path_factory: pytest.TempPathFactory, chromium: Browser) -> Iterator[Street]:
    with settled(new_database(), str(tmp_path_factory.mktemp("files")), chromium, under_contract) as found:
        yield found


def under_contract(street: Street) -> None:
    """A year's service at home, contracted in March."""
    street.start()
    street.go_on("履行合同")
    street.move_to(REPORTING)


def shows(*words: str) -> Callable[[Page], None]:
    def check(page: Page) -> None:
        for word in words:
            expect(page.locator("main")).to_contain_text(word)

    return check


def matter(street: Street) -> str:
    found = street.office.matters.of_case(street.root_key)
    assert found is not None
    return str(found.id)


def test_a_milestone_is_paid_by_purposes_and_every_purpose_has_its_line(street: Street) -> None:
    page = street.open(LOGIN, "填报里程碑", phone=True)
    street.look(page, "milestone-report", phone=True)
    street.hand_in(page)
    page.close()
    page = street.open(OFFICER, "核对里程碑")
    street.look(page, "milestone-check")
    street.hand_in(page)
    page = street.open(OFFICER, "申请付款")
    street.look(page, "milestone-request")
    street.hand_in(page)
    page = street.open(FINANCE, "支付款项")
    expect(page.locator("main")).to_contain_text("专业社工工资")
    street.look(page, "milestone-pay")
    street.hand_in(page)
    contract = str(street.purchase.contract_id)
    street.see(FINANCE, "/ledgers/payment_lines", "payment-lines", shows("专业社工工资", "管理与税费"))
    street.see(LOGIN, "/ledgers/payment_lines", "payment-lines-own", shows("专业社工工资"))
    street.see(OFFICER, f"/contracts/{contract}", "contract-paid", shows("17,664.00"))
    street.see(FINANCE, "/dashboards/finance", "board-finance", shows("按用途"))


def test_a_subsidy_follows_its_results_and_is_paid_after_publicity(street: Street) -> None:
    page = street.begin(OFFICER, "以奖代补", CONTRACTOR)
    street.look(page, "result-report")
    street.hand_in(page)
    number = matter(street)
    page = street.open(OFFICER, "核验成效")
    street.look(page, "result-grade")
    street.hand_in(page)
    page = street.open(LEADER, "决定补助", phone=True)
    expect(page.locator("main")).to_contain_text("16800")
    street.look(page, "result-decide", phone=True)
    street.hand_in(page)
    page.close()
    page = street.people.new_page("")
    page.goto("/public/notices")
    page.locator("main").get_by_role("link", name="以奖代补").first.click()
    expect(page.locator("main")).to_contain_text(NAME)
    expect(page.locator("main")).to_contain_text("2026-03-24")
    street.look(page, "result-notice")
    page.close()
    street.go_on("支付补助")
    page = street.open(FINANCE, "支付补助")
    street.look(page, "result-pay")
    street.hand_in(page)
    street.see(FINANCE, "/ledgers/result_subsidies", "result-subsidies", shows(NAME, "16,800"))
    street.see(LOGIN, f"/matters/{number}", "result-matter")


def test_what_is_missing_at_a_centre_is_found_put_right_and_recorded(street: Street) -> None:
    page = street.begin(OFFICER, "人财物核查", CONTRACTOR)
    street.look(page, "facility-plan")
    street.hand_in(page)
    number = matter(street)
    page = street.open(LOGIN, "报人财物")
    street.look(page, "facility-report")
    street.hand_in(page, {"facility_money.separate_account": False})
    page = street.open(OFFICER, "到场核查", phone=True)
    expect(page.locator("main")).to_contain_text("没有设专账")
    street.look(page, "facility-check", phone=True)
    street.hand_in(page, {"check_facility_decision": "supplement", "facility_note": "没有专账，十日内设好"})
    page.close()
    page = street.open(LOGIN, "补齐配备")
    expect(page.locator("main")).to_contain_text("十日内设好")
    street.look(page, "facility-supplement")
    street.hand_in(page, {"facility_money.separate_account": True, "facility_money.wages_on_time": True})
    page = street.open(OFFICER, "到场核查")
    expect(page.locator("main")).to_contain_text("上次核查：没有专账，十日内设好")
    street.look(page, "facility-again")
    street.hand_in(page)
    street.see(LOGIN, f"/matters/{number}", "facility-matter", shows("核查合格"))
    street.see(DISCIPLINE, "/ledgers/facility_checks", "facility-checks", shows("晚晴社区服务中心"))


def test_an_organisation_is_rated_by_a_chosen_agency_and_the_committee_lowers_the_level(street: Street) -> None:
    street.begin_matter("遴选等级评估机构", "便民服务中心")
    street.go_on()
    page = street.begin(CENTRE, "社会组织等级评估", CONTRACTOR)
    street.look(page, "rating-accept")
    street.hand_in(page)
    number = matter(street)
    street.go_on("颁发等级证书")
    page = street.open(AGENCY, "颁发等级证书")
    expect(page.locator("main")).to_contain_text("3A")
    street.look(page, "rating-certificate")
    street.hand_in(page)
    page = street.open(DISCIPLINE, "抽查和受理投诉")
    street.look(page, "rating-look")
    street.hand_in(page, {"look_result": "doubt", "look_facts": "场地材料不实"})
    page = street.open(DISCIPLINE, "复核等级")
    expect(page.locator("main")).to_contain_text("场地材料不实")
    street.look(page, "rating-review")
    street.hand_in(page, {"review_rating_decision": "change", "review_level": "2A"})
    street.see(CENTRE, f"/matters/{number}", "rating-matter", shows("2A"))
    street.see("", "/public/ledgers/organisation_ratings", "rating-public", shows(NAME, "2A"))
    street.see(OFFICER, f"/organisations/{CONTRACTOR}/integrity", "integrity-rated", shows("社会组织等级", "2A"))
