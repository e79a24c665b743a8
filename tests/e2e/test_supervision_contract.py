"""Supervision of a contract under way, by the people who do it: a round of monitoring, an audit, shared payment, a forced end."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from procurement.registers.row import OFFICE_ZONE
from tests.e2e.filling import fill
from tests.e2e.street import Street, settled
from tests.support.serving import until
from tests.web.test_onsite import picture

OFFICER, FINANCE, LEADER, AUDITOR = "cgjb", "czs", "jdzr", "sjzy"
ROUND = dt.datetime(2026, 4, 2, 10, 0, tzinfo=OFFICE_ZONE)  # the first round of monitoring is due


def under_way(street: Street) -> None:
    """A year's service at home, contracted in March."""
    street.start()
    street.go_on("履行合同")
    street.move_to(ROUND)


@pytest.fixture(scope="module")
def street(new_database: Callable[..., str], tmp_path_factory: pytest.TempPathFactory, chromium: Browser) -> Iterator[Street]:
    with settled(new_database(), str(tmp_path_factory.mktemp("files")), chromium, under_way) as found:
        yield found


@pytest.fixture
def contract(street: Street) -> str:
    street.look_at_purchase()
    return str(street.purchase.contract_id)


@pytest.fixture
def contractor(street: Street) -> str:
    """The login of the organisation that has the contract."""
    return street.person_of_contract()


def test_a_round_of_monitoring_is_done_on_the_spot_without_a_network_and_stands_in_the_working_ledger(
    street: Street, contract: str
) -> None:
    task = street.task("现场监测")
    phone = street.people.new_page(OFFICER, phone=True)
    phone.goto("/inbox")
    phone.get_by_role("link", name="现场填写").click()
    expect(phone.locator(f"[data-task='{task.key}'] [data-ready]")).to_have_text("已取到手机，断网也能打开")
    street.look(phone, "monitoring-onsite-list", phone=True)
    street.keep(phone, "onsite-list")
    phone.wait_for_function("() => navigator.serviceWorker.controller !== null")
    phone.context.set_offline(True)
    phone.goto(f"/onsite/{task.key}")
    expect(phone.locator("#onsite")).to_have_attribute("data-begun", "")
    on_the_phone(phone, street.usual(task))
    phone.set_input_files("[data-path=site_photos]", [picture(1200, 900)])
    expect(phone.locator(".onsite-photos li")).to_have_count(1)
    street.look(phone, "monitoring-onsite", phone=True)
    phone.locator(".onsite-photos").scroll_into_view_if_needed()
    street.keep(phone, "onsite-offline")
    phone.get_by_role("button", name="提交", exact=True).click()
    expect(phone.locator("[data-state]")).to_contain_text("已提交，等网络好了自动送出")
    assert street.engine.task(task.key).state == "created"
    phone.context.set_offline(False)
    expect(phone.locator("[data-state]")).to_contain_text("已送到")
    until(lambda: street.engine.task(task.key).state == "completed", "the form to arrive")
    phone.close()

    street.do_in_browser(OFFICER, "调阅材料")
    page = street.open(OFFICER, "汇总工作台账")
    street.look(page, "monitoring-compile")
    street.hand_in(page)
    page = street.open(OFFICER, "阅台账")
    expect(page.locator("main")).to_contain_text("按实施方案推进")
    street.look(page, "monitoring-read")
    street.hand_in(page)

    def recorded(page: Page) -> None:
        expect(page.locator(".ledger-list")).to_contain_text("按时")

    street.see(OFFICER, "/ledgers/monitoring_ledger", "monitoring-ledger", recorded, kept="monitor-ledger")


def on_the_phone(page: Page, values: dict[str, object]) -> None:
    fill(page, {key: value for key, value in values.items() if key != "site_photos"})


def test_an_audit_is_begun_from_the_contract_and_its_opinion_stands_in_the_ledger(
    street: Street, contract: str, contractor: str
) -> None:
    page = street.people.page(FINANCE)
    page.goto(f"/contracts/{contract}")
    street.look(page, "contract")
    page = street.begin_here(page, "注册会计师审计")
    street.look(page, "audit-name-auditor")
    street.hand_in(page)
    street.do_in_browser(contractor, "交出账目")
    page = street.open(FINANCE, "登记审计报告")
    street.look(page, "audit-record")
    street.hand_in(page)
    street.do_in_browser(contractor, "陈述意见")
    page = street.open(LEADER, "决定怎样处理")
    expect(page.locator("main")).to_contain_text("保留意见")
    street.look(page, "audit-decide")
    street.keep(page, "audit-decide")
    street.hand_in(page)
    street.see(
        FINANCE, "/ledgers/audits", "audit-ledger", lambda page: expect(page.locator(".ledger-list")).to_contain_text("保留意见")
    )
    street.see(
        FINANCE,
        f"/contracts/{contract}",
        "contract-audited",
        lambda page: expect(page.locator("main")).to_contain_text("注册会计师审计"),
    )


def test_four_sides_share_the_cost_of_a_month_and_the_budget_shows_what_is_left(street: Street, contract: str) -> None:
    street.begin(OFFICER, "分担付费结算", contract)
    street.hand_in(street.people.page(OFFICER))
    page = street.open(OFFICER, "核对分担")
    street.look(page, "shared-confirm")
    street.hand_in(page)
    page = street.open(FINANCE, "支付政府补的一份")
    street.look(page, "shared-pay")
    street.hand_in(page)
    street.see(FINANCE, "/ledgers/shared_payments", "shared-ledger")
    street.see(FINANCE, "/budgets", "budgets", lambda page: expect(page.locator("main")).to_contain_text("44,160.00"))
    page = street.people.page(FINANCE)
    page.goto("/budgets")
    page.locator("main table a").first.click()
    street.look(page, "budget-line")


def test_a_problem_found_unannounced_that_is_not_put_right_ends_the_contract_and_nobody_served_is_left_alone(
    street: Street, contract: str, contractor: str
) -> None:
    purchase = street.purchase.id
    page = street.people.page(AUDITOR)
    page.goto(f"/purchases/{purchase}")
    street.look(page, "purchase-monitored")
    page = street.begin_here(page, "现场查看")
    street.look(page, "visit")
    street.hand_in(page, {"visit_kind": "unannounced", "visit_problem": "serious"})
    page = street.open(OFFICER, "处理现场问题")
    street.look(page, "visit-judge")
    street.hand_in(
        page,
        {
            "judge_visit_problem_decision": "rectify",
            "visit_problem_title": "护理员没有证书",
            "visit_problem_facts": "到场的两人都拿不出",
            "visit_problem_severity": "serious",
        },
    )
    street.look_at_purchase()
    page = street.open(OFFICER, "发出整改通知")
    expect(page.locator("main")).to_contain_text("护理员没有证书")
    street.look(page, "rectification-notice")
    street.keep(page, "rectification-notice")
    street.hand_in(page)
    page = street.open(contractor, "整改并报告", phone=True)
    street.look(page, "rectify", phone=True)
    street.hand_in(page, {"rectify_answer": "refuse", "rectification_report": "认为没有问题"})
    page = street.open(LEADER, "决定是否终止")
    street.look(page, "decide-termination")
    street.keep(page, "decide-termination")
    street.hand_in(page)
    page = street.open(LEADER, "终止结算与移交")
    street.look(page, "settle-termination")
    street.hand_in(page, {"settlement_amount": 3000})
    page = street.open(contractor, "交出服务对象名册")
    street.look(page, "list-recipients")
    street.hand_in(page)
    page = street.open(OFFICER, "安排接手")
    street.look(page, "arrange-successor")
    street.hand_in(page)
    for name in ("告知服务对象", "交清资料和物品", "确认移交"):
        street.do(name)
    street.do_in_browser(FINANCE, "支付结算款")
    street.see(
        OFFICER,
        f"/contracts/{contract}",
        "contract-terminated",
        lambda page: expect(page.locator("main")).to_contain_text("提前终止的理由"),
    )
    street.see(
        OFFICER,
        "/ledgers/rectifications",
        "rectifications",
        lambda page: expect(page.locator(".ledger-list")).to_contain_text("护理员没有证书"),
    )
    street.see(
        OFFICER,
        "/ledgers/service_handovers",
        "handovers",
        lambda page: expect(page.locator(".ledger-list")).to_contain_text("210"),
    )
