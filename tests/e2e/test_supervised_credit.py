"""Two lists organisations are put on, and the gates they close: a warning at the application, a bar at the award and the contract."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from procurement.demo.organisations import conditions_of
from tests.e2e.filling import fill
from tests.e2e.looking import number
from tests.e2e.street import Street, settled

OFFICER, CENTRE, DISCIPLINE, LEADER, AGENCY = "cgjb", "bmfw", "jjjc", "jdzr", "hxpg"
SILENT, SILENT_LOGIN, SILENT_NAME = "org-12", "org12", "康复之友服务站"  # sent in no report on 2024
FORGER, FORGER_LOGIN, FORGER_NAME = "org-02", "org02", "邻里社区服务中心"  # offers the lowest prices
FORGED = "八户的上门记录是编造的，冒领 6,400 元"
PROVEN = "签字与本人不符，财政资金已经冒领"
EXPLAINED = "乐龄已经补报，正在登记；康复之友没有回音"


LISTED = "起草期间列入严重违法失信名单，等不到移出"


DRAFTED, QUOTED, OPEN, LATER, RANKED = "居家养老上门服务", "居家适老化改造", "助浴上门服务", "助餐配送服务", "失能老人照护服务"


@pytest.fixture(scope="module")
def street(new_database: Callable[..., str], tmp_path_factory: pytest.TempPathFactory, chromium: Browser) -> Iterator[Street]:
    with settled(new_database(), str(tmp_path_factory.mktemp("files")), chromium, under_way) as found:
        yield found


def under_way(street: Street) -> None:
    """The same organisation has won a small purchase and a comparison, offers least in another, and one takes applications."""
    before = (
        (RANKED, 90_000, "起草合同"),
        (DRAFTED, 48_000, "起草合同"),
        (QUOTED, 45_000, "选定承接主体"),
        (OPEN, 80_000, "受理报名"),
    )
    for title, estimate, until in before:
        street.look_at_purchase()
        street.situation.facts.update(title=title, estimate=estimate)
        street.start()
        street.go_on(until)


def about(street: Street, title: str) -> str:
    """From here on the walk is about this purchase."""
    street.look_at_purchase()
    street.situation.purchase_id = number(street.services, title)
    return street.situation.purchase_id


def shows(*words: str) -> Callable[[Page], None]:
    def check(page: Page) -> None:
        for word in words:
            expect(page.locator("main")).to_contain_text(word)

    return check


def matter(street: Street) -> str:
    found = street.office.matters.of_case(street.root_key)
    assert found is not None
    return str(found.id)


def apply(street: Street, organisation: str, login: str) -> Page:
    """By the address of the form, as from a bookmark."""
    actor = street.person(street.office.parties.organisation(organisation).name)
    proof = {"note": "见附件", "files": [street.situation.file]}
    conditions = conditions_of(street.office, organisation, actor, proof)
    page = street.people.page(login)
    page.goto(f"/portal/{street.situation.purchase_id}/apply")
    fill(page, {"conditions": conditions, "contact": "联系人", "phone": "028-80000000", "promise": True})
    page.locator(".submit").get_by_role("button", name="报名", exact=True).click()
    return page


def test_who_forged_records_is_heard_listed_and_stopped_at_every_gate(street: Street) -> None:
    page = street.people.page(DISCIPLINE)
    page.goto(f"/registers/organisations/{FORGER}")
    page = street.begin_here(page, "列入严重违法失信名单")
    street.look(page, "serious-notify")
    street.hand_in(page, {"listing_facts": FORGED})
    listing = matter(street)
    page = street.open(FORGER_LOGIN, "陈述和申辩", phone=True)
    expect(page.locator("main")).to_contain_text(FORGED)
    street.look(page, "serious-defence", phone=True)
    street.hand_in(page, {"defence_kind": "defend", "defence_text": "护理员填错了日期"})
    page.close()
    page = street.open(LEADER, "决定是否列入")
    expect(page.locator("main")).to_contain_text("护理员填错了日期")
    street.look(page, "serious-decide")
    street.hand_in(page, {"decide_serious_listing_reason": PROVEN})
    street.see(DISCIPLINE, f"/matters/{listing}", "serious-matter", shows(PROVEN))
    street.see(OFFICER, f"/organisations/{FORGER}/integrity", "integrity-serious", shows(PROVEN))
    page = street.people.new_page("")
    page.goto("/public/notices")
    page.get_by_role("link", name=f"严重违法失信名单公告：{FORGER_NAME}").click()
    expect(page.locator("main")).to_contain_text(PROVEN)
    street.look(page, "serious-notice")
    page.close()


def test_who_is_on_the_list_is_refused_at_the_application_and_at_the_award(street: Street) -> None:
    open_ = about(street, OPEN)
    street.see(FORGER_LOGIN, "/portal", "portal-serious", shows("严重违法失信名单", PROVEN))
    street.see(FORGER_LOGIN, f"/portal/{open_}", "portal-serious-purchase", shows("不能报名"))
    page = apply(street, FORGER, FORGER_LOGIN)
    expect(page.locator("main")).to_contain_text(PROVEN)
    street.look(page, "portal-serious-refused")

    quoted = about(street, QUOTED)
    page = street.open(LEADER, "选定承接主体")
    street.look(page, "choose-serious")
    street.hand_in(page)
    street.see("ylfw", f"/purchases/{quoted}", "purchase-serious", shows("名单之内不得承接", PROVEN))


def test_who_is_listed_while_the_contract_is_drafted_gets_none(street: Street) -> None:
    about(street, DRAFTED)
    street.do("起草合同")
    page = street.open(LEADER, "批准合同")
    expect(page.locator("main")).to_contain_text("名单之内不得承接")
    expect(page.locator("main")).to_contain_text(PROVEN)
    street.look(page, "contract-serious")
    page.check("[name=approve_contract_decision][value=agree]")
    page.get_by_role("button", name="提交", exact=True).click()
    expect(page.locator("main")).to_contain_text("对方在名单之内")
    street.look(page, "contract-serious-refused")


def test_the_leader_passes_the_contract_of_a_listed_winner_on_to_the_next_in_rank(street: Street) -> None:
    ranked = about(street, RANKED)
    street.do("起草合同")
    following = next(one for one in street.variable("ranking") if one["rank"] == 2)
    page = street.open(LEADER, "批准合同", phone=True)
    street.look(page, "contract-next", phone=True)
    page.close()
    page = street.open(LEADER, "批准合同")
    shows("名单之内不得承接", PROVEN, f"下一名：{following['name']}")(page)
    expect(page.locator("[name=approve_contract_decision]:visible")).to_have_count(0)
    page.check("[name=barred_winner_decision][value=next]")
    page.get_by_role("button", name="提交", exact=True).click()
    expect(page.locator("main")).to_contain_text("请填写此项")
    street.look(page, "contract-next-without-reason")
    approval = f"/tasks/{street.task('批准合同').key}"
    street.hand_in(page, {"barred_winner_decision": "next", "approve_contract_reason": LISTED})
    street.see(LEADER, approval, "contract-next-kept", shows(f"{FORGER_NAME}不能签约", "按名次递补下一名", LISTED))

    street.see(OFFICER, f"/purchases/{ranked}", "purchase-next", shows(following["name"]))
    page = street.open(OFFICER, "起草合同")
    shows("按名次递补", LISTED, following["name"])(page)
    street.look(page, "draft-next")
    street.hand_in(page)
    page = street.open(LEADER, "批准合同")
    expect(page.locator("main")).not_to_contain_text("不能签约")
    expect(page.locator("[name=barred_winner_decision]:visible")).to_have_count(0)
    street.hand_in(page)
    assert street.task("签订合同").candidate_groups == (f"organisation:{following['organisation_id']}",)


def test_who_sends_no_report_is_reminded_listed_and_may_still_apply_but_the_reviewer_is_warned(street: Street) -> None:
    page = street.begin(CENTRE, "列入活动异常名录")
    street.look(page, "abnormal-year")
    street.hand_in(page, {"report_year": 2024})
    listing = matter(street)
    street.see(SILENT_LOGIN, "/messages", "abnormal-reminded", shows("2024 年度工作报告没有报送"))
    street.go_on("决定列入")
    page = street.open(LEADER, "决定列入")
    expect(page.locator("main")).to_contain_text(SILENT_NAME)
    street.look(page, "abnormal-decide")
    street.hand_in(page, {"spared": ["org-10"], "decide_abnormal_listing_reason": EXPLAINED})
    street.see(CENTRE, f"/matters/{listing}", "abnormal-matter", shows(f"列入 1 家：{SILENT_NAME}"))
    page = street.people.new_page("", phone=True)
    page.goto("/public/notices")
    page.get_by_role("link", name="2024 年度活动异常名录公告").click()
    expect(page.locator("main")).to_contain_text(EXPLAINED)
    street.look(page, "abnormal-notice", phone=True)
    page.close()
    street.see(OFFICER, f"/organisations/{SILENT}/integrity", "integrity-abnormal", shows("没有按期报送 2024 年度工作报告"))
    street.see(SILENT_LOGIN, "/portal", "portal-abnormal", shows("活动异常名录", "可以报名"))
    street.see(SILENT_LOGIN, "/portal/record", "record-abnormal", shows("没有按期报送 2024 年度工作报告"))

    street.look_at_purchase()
    street.situation.facts.update(title=LATER, estimate=80_000)
    street.start()
    street.go_on("受理报名")
    page = apply(street, SILENT, SILENT_LOGIN)
    expect(page.locator("#messages")).to_contain_text("报名已送达")
    street.go_on("初审七项条件")
    page = street.open(AGENCY, "初审七项条件")
    expect(page.locator("main")).to_contain_text("没有按期报送 2024 年度工作报告")
    street.look(page, "check-abnormal")
