"""What the tutorials tell a newcomer to enter takes the purchase where they say it goes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from engine.model import SYSTEM, Resource
from procurement.demo.paper import sheet
from procurement.demo.registers import load_registers
from procurement.registers.row import OFFICE_ZONE
from tests.unit.docs.pages import DOCS, ROOT
from web.composition import Services, compose
from web.resources import designer_folders, read_resources
from web.settings import Settings

MORNING = dt.datetime(2026, 5, 6, 9, 5, tzinfo=OFFICE_ZONE)
MEMBERS = ["dgw1", "dgw2", "dgw3", "dgw4", "dgw5"]


@pytest.fixture
def services(new_database: Callable[..., str], tmp_path: Path) -> Iterator[Services]:
    composed = compose(Settings.for_demo(new_database(), str(tmp_path / "files")))
    composed.migrate()
    composed.engine.deploy(read_resources(designer_folders()), actor=SYSTEM)
    composed.clock.set(MORNING)
    with composed.office.desk.editing(SYSTEM) as session:
        load_registers(session, MORNING)
    yield composed
    composed.close()


class Newcomer:
    """Works through a tutorial, one account after the other."""

    def __init__(self, services: Services, login: str, **about: str) -> None:
        self.services = services
        self.purchase = services.office.purchases.start(actor=self.actor(login), **about)
        file = services.office.files.upload([sheet("材料")], "材料.pdf", actor=self.actor(login), purchase_id=self.purchase.id)
        self.files = [file.as_variable()]

    def actor(self, login: str) -> Any:
        return self.services.office.accounts.actor(login)

    @property
    def day(self) -> dt.date:
        return self.services.clock.now().date()

    @property
    def today(self) -> str:
        return self.day.isoformat()

    def later(self, days: int) -> str:
        return (self.day + dt.timedelta(days=days)).isoformat()

    def open(self) -> list[str]:
        return [task.element_id for task in self._tasks()]

    def holders(self, task: str) -> list[str]:
        return [one.assignee for one in self._tasks() if one.element_id == task]

    def do(self, login: str, task: str, **values: Any) -> None:
        found = next(one for one in self._tasks() if one.element_id == task and one.assignee in (None, login))
        self.services.engine.complete_task(found.key, values, actor=self.actor(login))
        self.services.engine.run_awaited_effects()

    def wait(self, days: int) -> None:
        self.services.engine.advance_clock(self.services.clock.now() + dt.timedelta(days=days))
        while self.services.engine.fire_due_timers():
            pass

    def _tasks(self) -> Any:
        return self.services.engine.tasks(business_key=self.purchase.id, limit=100).items


def test_the_first_purchase_reaches_its_case_file(services):
    me = Newcomer(
        services, "wqsq", title="晚晴社区老年人健身指导", unit="晚晴社区", initiator_kind="community", community="晚晴社区"
    )
    survey_the_demand(me)
    set_the_goals(me)
    assert services.office.purchases.get(me.purchase.id).route == "committee"
    choose_the_organisation(me)
    sign_and_begin(me)
    deliver(me)
    assess(me)
    follow_up(me)
    assert services.office.purchases.get(me.purchase.id).status == "archived"
    assert services.engine.verify(me.purchase.process_key).sound


def survey_the_demand(me: Newcomer) -> None:
    me.do(
        "wqsq",
        "record_demand",
        demand_summary="社区老年人希望每周有两次有人带领的健身活动。",
        beneficiary_group="六十周岁以上老人",
        beneficiary_count=320,
        demand_source="deliberation",
        catalogue_code="A0102",
        service_category="public_service",
        enters_community=True,
        community="晚晴社区",
        estimate=48000,
        period_months=3,
        national_ban="none",
    )
    held = {"hall": "议事厅", "met_on": me.today, "topic": "请人带领健身", "attended": 42, "in_favour": 37, "opinions": "支持"}
    published = {"published_on": me.today, "published_where": "社区公示栏", "files": me.files}
    me.do("wqsq", "record_deliberation", deliberation=held | published)
    me.do("bmfw", "review_demand", review_demand_points=["need_real"], review_demand_decision="agree")


def set_the_goals(me: Newcomer) -> None:
    goal = {"objective": "按约定开展活动", "indicator": "活动场次", "target": 24, "unit": "场"}
    me.do("wqsq", "set_objectives", objectives=[goal], service_requirements="每周两次，由持证指导员带领。", is_staged=True)
    lines = [
        {"item": "指导员报酬", "basis": "24 场", "amount": 28800, "is_wage": True},
        {"item": "器材与场地", "basis": "据实", "amount": 19200, "is_wage": False},
    ]
    me.do("wqsq", "draft_budget", budget_code="SQ-WQ-2026", fund_nature="fiscal", budget_lines=lines, period_months=3)
    me.do("czs", "review_budget", review_budget_decision="agree")
    entry = {"entry_basis": "居民议事通过", "community_opinion": "同意", "entry_from": me.today, "entry_until": me.later(365)}
    me.do("bmfw", "approve_community_entry", approve_community_entry_decision="agree", **entry)
    me.do("jdzr", "approve_purchase", approve_purchase_decision="agree")


def choose_the_organisation(me: Newcomer) -> None:
    place = {"meeting_number": "教 1 号", "meeting_on": me.today, "meeting_place": "三楼会议室"}
    me.do("dgms", "convene_committee", present_members=MEMBERS, **place)
    for member in MEMBERS:
        me.do(member, "cast_vote", vote="support")
    text = "会议讨论了需求和预算，同意支持项目开展。"
    me.do("dgms", "write_minutes", minutes_number="教 1 号", minutes_on=me.today, minutes_text=text, minutes_files=me.files)
    prices = {"org-02": 46000, "org-07": 47000, "org-09": 47500}
    quotes = [
        {"organisation_id": one, "price": price, "quoted_on": me.today, "quote_files": me.files} for one, price in prices.items()
    ]
    me.do("cgjb", "collect_quotes", quotes=quotes)
    me.do("jdzr", "choose_organisation", chosen_organisation_id="org-02")


def sign_and_begin(me: Newcomer) -> None:
    clauses = {f"clause_{name}": "见约定" for name in ("time", "scope", "content", "requirements", "payment", "liability")}
    milestones = [
        {"title": "完成首月", "due_on": me.later(30), "amount": 18400, "pays_after": "check"},
        {"title": "完成全部 24 场", "due_on": me.later(55), "amount": 27600, "pays_after": "acceptance"},
    ]
    dates = {"contract_starts_on": me.today, "contract_ends_on": me.later(60), "contract_amount": 46000, "contract_staged": True}
    me.do("cgjb", "plan_monitoring", plan_contact="蒋涛", plan_channel="每月到场一次", plan_focus="签到和场次")
    me.do("cgjb", "confirm_monitoring_plan", confirm_monitoring_plan_decision="agree")
    me.do("cgjb", "draft_contract", milestones=milestones, **clauses, **dates)
    me.do("jdzr", "approve_contract", approve_contract_decision="agree")
    me.do("org02", "sign_contract", sign_contract_decision="agree", signed_on=me.today, signed_files=me.files)
    me.do("jdzr", "sign_for_street", street_signed_on=me.today, street_signed_files=me.files)
    me.do("cgjb", "file_contract", filed_on=me.today, filed_with="区财政局")
    staff = [{"name": "张敏", "duty": "指导员"}]
    me.do("org02", "submit_plan", plan_summary="每周两场。", plan_staff=staff, privacy_plan="不收集健康信息。")
    me.do("cgjb", "review_plan", review_plan_opinion="adopt", review_plan_note="可行", assessment_plan="末期一次评估。")
    me.do("cgjb", "approve_plan", approve_plan_decision="agree")
    assert me.open() == []


def deliver(me: Newcomer) -> None:
    me.wait(30)
    report(me, 240)
    lines = [{"purpose": "wage", "amount": 11040}, {"purpose": "activity", "amount": 7360}]
    me.do("cgjb", "request_payment", payment_amount=18400, payment_lines=lines, invoice_on=me.today, invoice_files=me.files)
    me.do("czs", "pay_milestone", paid_on=me.today, payment_voucher="1")
    me.wait(30)
    report(me, 480)
    while "look_at_site" in me.open():
        monitor(me)


def monitor(me: Newcomer) -> None:
    seen = {"site_progress": "on_plan", "site_management": "good", "site_professional": "good", "site_note": "正常"}
    me.do("cgjb", "look_at_site", site_visited_on=me.today, site_place="活动室", site_people=20, site_photos=me.files, **seen)
    looked = {"materials_kinds": ["attendance"], "materials_checked": 5, "materials_missing": 0, "materials_note": "齐全"}
    me.do("cgjb", "check_materials", **looked)
    lines = dict.fromkeys(("ledger_progress", "ledger_management", "ledger_professional", "ledger_staff"), "正常")
    me.do("cgjb", "compile_working_ledger", **lines)
    me.do("cgjb", "review_working_ledger", review_working_ledger_decision="read")


def report(me: Newcomer, served: int) -> None:
    told = {"milestone_progress": "已完成", "milestone_files": me.files}
    me.do("org02", "report_milestone", completed_on=me.today, served_count=served, **told)
    me.do(
        "cgjb", "check_milestone", check_milestone_visit="site", check_milestone_opinion="属实", check_milestone_decision="agree"
    )


def assess(me: Newcomer) -> None:
    done = [{"indicator": "活动场次", "result": "24"}]
    me.do("cgjb", "inspect_site", indicator_results=done, site_findings="与现场一致", site_score=93)
    survey = {"survey_sent": 60, "survey_valid": 55, "satisfaction_score": 94, "staff_satisfaction": 90}
    me.do("cgjb", "measure_satisfaction", satisfaction_note="满意", privacy_notice_given=True, **survey)
    for expert in me.holders("assess_as_expert"):
        me.do(expert, "assess_as_expert", expert_no_interest=True, expert_score=91, expert_opinion="成效明显")
    me.do("czs", "inspect_accounts", audit_opinion="none", accounts_findings="专款专用", accounts_score=95)
    me.do("cgjb", "write_assessment", assessment_report="按合同完成", assessment_opinion="continue")
    items = [{"item": "24 场活动", "result": "完成", "met": True}]
    said = {"recipient_opinions": "满意", "acceptors": "社区、财政所、居民代表", "accept_service_note": "符合"}
    me.do("wqsq", "accept_service", acceptance_items=items, accept_service_decision="accept", **said)
    me.do("jdzr", "decide_acceptance", decide_acceptance_decision="accept")
    by_purpose = [{"purpose": "wage", "amount": 16560}, {"purpose": "activity", "amount": 11040}]
    me.do("czs", "pay_balance", balance_paid=27600, balance_lines=by_purpose, balance_paid_on=me.today, balance_voucher="2")


def follow_up(me: Newcomer) -> None:
    counts = {"tracking_sent": 60, "tracking_valid": 58, "tracking_satisfied": 55, "tracking_complaints": 0}
    me.do("cgjb", "survey_satisfaction", tracking_comment="希望继续", tracking_notice_given=True, **counts)
    me.wait(30)
    visit = {"visited_on": me.today, "way": "phone", "finding": "仍在坚持"}
    me.do("bmfw", "follow_up", visits=[visit], follow_up_summary="反映良好")
    wish = {"title": "下一年度", "estimate": 48000, "beneficiary_count": 320, "reason": "需求持续"}
    me.do("wqsq", "write_proposals", lessons="固定时间更受欢迎", proposals=[wish])
    present = ["approval", "contract", "payments", "monitoring", "assessment", "tracking"]
    me.do("cgjb", "compile_file", file_contents=present, file_missing="由党工委会议选定，没有比选材料")
    me.do("cgjb", "accept_file", accept_file_decision="agree")


def test_a_changed_limit_is_taken_by_purchases_that_have_not_read_it_yet(services):
    earlier = wanting_98000(services)
    services.engine.deploy([Resource("office_rules.dmn", raised_limit())], actor=SYSTEM)
    later = wanting_98000(services)
    assert [route_offered(one) for one in (earlier, later)] == ["open_comparison", "committee"]


def raised_limit() -> bytes:
    """The row of the tutorial closed, another one with ten thousand times ten beside it."""
    text = (ROOT / "processes" / "rules" / "office_rules.dmn").read_text(encoding="utf-8")
    begin = text.index('<rule id="rule_small_limit">')
    end = text.index("</rule>", begin) + len("</rule>")
    row = text[begin:end]
    old = row.replace('&gt;= date("2020-01-01")', '[date("2020-01-01")..date("2026-05-05")]')
    new = row.replace("rule_small_limit", "rule_small_limit_2026").replace('date("2020-01-01")', 'date("2026-05-06")')
    page = (DOCS / "tutorial" / "change-a-threshold.md").read_text(encoding="utf-8")
    assert '[date("2020-01-01")..date("2026-05-05")]' in page
    return (text[:begin] + old + new.replace("<text>50000</text>", "<text>100000</text>") + text[end:]).encode()


def wanting_98000(services: Services) -> Newcomer:
    me = Newcomer(services, "shsw", title="残疾人居家康复（练习）", unit="社会事务办", initiator_kind="department")
    me.do(
        "shsw",
        "record_demand",
        demand_summary="重度残疾人居家康复需要上门服务。",
        beneficiary_group="重度残疾人",
        beneficiary_count=44,
        demand_source="department",
        catalogue_code="B0402",
        service_category="social_affairs",
        estimate=98000,
        period_months=12,
        national_ban="none",
    )
    me.do("bmfw", "review_demand", review_demand_points=["need_real"], review_demand_decision="agree")
    return me


def route_offered(me: Newcomer) -> str:
    goal = {"objective": "按约定", "indicator": "人次", "target": 44, "unit": "人次"}
    me.do("shsw", "set_objectives", objectives=[goal], service_requirements="按月提交服务记录，专业人员在岗。")
    line = {"item": "康复师", "basis": "按月", "amount": 98000}
    me.do("shsw", "draft_budget", budget_code="2081104", fund_nature="fiscal", budget_lines=[line], period_months=12)
    finding = {"splitting_finding": "separate", "splitting_reason": "对象不同"}
    me.do("czs", "review_budget", review_budget_decision="agree", **finding)
    task = next(
        one for one in me.services.engine.tasks(business_key=me.purchase.id).items if one.element_id == "approve_purchase"
    )
    seen = {variable.name: variable.value for variable in me.services.engine.visible_variables(task.key)}
    return str(seen["route"])
