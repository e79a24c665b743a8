"""The ten lists of Longgang are walked through with a phone, a defect climbs, a subsidy is paid; a meeting decides and is followed up."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from procurement.demo.paper import sheet
from tests.e2e.looking import fits_and_is_accessible
from tests.e2e.street import Street, settled


@pytest.fixture(scope="module")
def street(chromium: Browser, new_database: Callable[..., str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Street]:
    with settled(new_database(), str(tmp_path_factory.mktemp("files")), chromium, with_a_paper) as found:
        yield found


def with_a_paper(street: Street) -> None:
    """Something to attach."""
    uploaded = street.office.files.upload([sheet("材料")], "材料.pdf", actor=street.person("采购经办"))
    street.situation.file = uploaded.as_variable()


def shows(*words: str) -> Callable[[Page], None]:
    def check(page: Page) -> None:
        for word in words:
            expect(page.locator("main")).to_contain_text(word)

    return check


def matter(street: Street) -> str:
    found = street.office.matters.of_case(street.root_key)
    assert found is not None
    return str(found.id)


def centre(street: Street, community: str) -> str:
    """The number of its service centre."""
    context = street.open_sheet(street.task("安排检查"), street.person("采购经办")).context
    return str(next(one["number"] for one in context["centres"] if one["community"] == community))


def found(street: Street, first: str, note: str) -> list[dict[str, Any]]:
    """What an inspector enters for the lists: something about the first, nothing about the others."""
    lists = street.open_sheet(street.task("检查一个功能区"), street.person("采购经办")).context["sheet_items"]
    return [{"found": first, "note": note}, *({"found": "ok"} for _ in lists[1:])]


def test_a_defect_found_with_a_phone_climbs_from_the_centre_to_the_street(street: Street) -> None:
    page = street.begin("cgjb", "清单检查")
    street.look(page, "inspection-plan")
    street.hand_in(page, {"planned_centres": [centre(street, "晚晴社区")]})
    inspect(street)
    number = matter(street)
    page = street.open("wqsq", "改正问题")
    expect(page.locator("main")).to_contain_text("灭火器过期")
    street.look(page, "inspection-rectify")
    street.hand_in(page)
    page = street.open("cgjb", "复核改正")
    street.look(page, "inspection-recheck")
    street.hand_in(page, {"check_correction_decision": "no", "check_correction_note": "换了一只，还有两只过期"})
    page = street.open("jdzr", "街道处理", phone=True)
    street.look(page, "inspection-street", phone=True)
    street.hand_in(page)
    page.close()
    street.see("cgjb", f"/matters/{number}", "inspection-matter", shows("改正问题"))
    street.go_on()
    street.see("cgjb", "/ledgers/inspection_results", "inspection-results", shows("晚晴社区服务中心"))
    street.see("jjjc", "/ledgers/inspection_defects", "inspection-defects", shows("晚晴社区服务中心", "街道"))


def inspect(street: Street) -> None:
    """On the phone: the form for on-site work is there, and the lists are filled in."""
    page = street.people.new_page("cgjb", phone=True)
    page.goto("/inbox")
    page.get_by_role("link", name="现场填写").click()
    expect(page.locator("main")).to_contain_text("检查一个功能区")
    page.goto(f"/onsite/{street.task('检查一个功能区').key}")
    expect(page.locator("main")).to_contain_text("监督管理清单")
    expect(page.locator("[data-state]")).to_contain_text("还没有填写")
    expect(page.get_by_role("button", name="提交", exact=True)).to_be_visible()
    street.look(page, "inspection-onsite", phone=True)
    page.close()
    page = street.open("cgjb", "检查一个功能区", phone=True)
    street.look(page, "inspection-zone", phone=True)
    street.keep(page, "inspect-zone")
    street.hand_in(page, {"sheet_items": found(street, "minor", "灭火器过期三个月")})
    page.close()


def test_whom_discipline_visits_unannounced_a_sample_decides_and_who_runs_the_centre_does_not_know(street: Street) -> None:
    page = street.begin("jjjc", "清单检查")
    street.hand_in(page, {"inspection_kind": "unannounced", "inspection_reason": "节前暗访"})
    number = matter(street)
    street.see("jjjc", f"/matters/{number}", "unannounced", shows("检查一个功能区"))
    for login in ("org01", "org02", "org04", "wqsq"):  # who run the centres, and the community one of them stands in
        page = street.people.page(login)
        answer = page.goto(f"/matters/{number}")
        assert answer is not None
        assert answer.status == 404, login
    street.go_on()
    street.see("jjjc", "/ledgers/inspection_results", "unannounced-results", shows("暗访"))
    page = street.people.page("jjjc")
    page.goto("/ledgers/inspection_defects")
    street.keep(page, "inspect-defects")
    page.goto("/ledgers/inspection_results")
    page.locator("tbody tr", has_text="暗访").first.locator("a").first.click()
    expect(page.locator("main")).to_contain_text("种子")
    fits_and_is_accessible(page, phone=False)
    expect(page.locator("main")).to_contain_text("符合")


def test_a_large_subsidy_is_asked_for_by_the_organisation_approved_by_the_district_and_paid(street: Street) -> None:
    page = street.begin("org02", "资助申报", "org-02")
    street.look(page, "subsidy-apply")
    street.hand_in(page, {"subsidy_kind": "construction", "subsidy_amount": 80000, "subsidy_purpose": "适老化改造和无障碍通道"})
    number = matter(street)
    page = street.open("cgjb", "初审申报")
    street.look(page, "subsidy-check")
    street.hand_in(page)
    page = street.open("qzdzx", "区里批准资助")
    expect(page.locator("main")).to_contain_text("适老化改造和无障碍通道")
    street.look(page, "subsidy-district")
    street.hand_in(page)
    page = street.open("czs", "拨付资助")
    street.look(page, "subsidy-pay")
    street.hand_in(page)
    street.see("org02", f"/matters/{number}", "subsidy-matter", shows("已拨付 80000 元"))
    street.see("czs", "/ledgers/subsidies", "subsidies", shows("80,000"))


def test_a_joint_meeting_resolves_and_what_is_major_goes_through_all_steps(street: Street) -> None:
    page = street.begin("cgjb", "联席会议")
    street.look(page, "meeting-agenda")
    topic = {"topic": "社区长者食堂布点", "unit": "公共服务办", "material": "拟在三个社区新设助餐点", "major": True}
    street.hand_in(page, {"topics": [topic]})
    number = matter(street)
    page = street.open("cgjb", "记录会议")
    street.look(page, "meeting-record")
    street.hand_in(page)
    page = street.open("jdzr", "签发纪要")
    street.look(page, "meeting-minutes")
    street.keep(page, "meeting-minutes")
    street.hand_in(page)
    page = street.open("czs", "办理决议")
    street.look(page, "meeting-resolution")
    street.hand_in(page)
    page = street.open("cgjb", "提出决策草案")
    street.look(page, "decision-proposal")
    street.hand_in(page)
    street.see("jdzr", f"/matters/{number}", "meeting-matter", shows("决议"))
    street.see("jdzr", "/ledgers/joint_resolutions", "resolutions", shows("核对本季度支付进度和结余"))
    street.go_on("合法性审查")
    page = street.open("fzsc", "合法性审查")
    street.look(page, "decision-legality")
    street.hand_in(page)
    page = street.open("dgms", "集体讨论决定")
    street.look(page, "decision-vote")
    street.hand_in(page)
    street.go_on()
    street.see("jdzr", f"/matters/{number}", "meeting-closed", shows("条决议全部办结"))
    street.see("", "/public/ledgers/major_decisions", "decisions-public", shows("社区长者食堂布点"))
