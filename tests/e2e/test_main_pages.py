"""Every main page, wide and on a phone: axe has nothing to complain about, nothing runs out of the screen.

With BIXUAN_SCREENSHOTS=1 (``python -m tests.e2e.screenshots``) pictures are kept as docs/images/NAME.png and NAME-phone.png.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import FilePayload, Page

from tests.e2e import trouble
from tests.e2e.looking import fits_and_is_accessible, keep, number, process, task
from tests.e2e.people import People
from web.composition import Services

DELIVERED, COMPARED, ARCHIVED = "社区党群服务中心社工服务", "养老服务中心十项清单检查", "晚晴社区长者食堂助餐"

ON_A_PHONE = (
    "operate",
    "incident",
    "return",
    "login",
    "inbox",
    "task",
    "case",
    "diagram",
    "why",
    "portal",
    "public",
)  # pictures kept; all pages are tested
# name of the picture → who looks, and at what
PAGES: dict[str, tuple[str, Callable[[Services], str]]] = {
    "login": ("", lambda _: "/login"),
    "inbox": ("cgjb", lambda _: "/inbox"),
    "task": ("jdzr", lambda s: f"/tasks/{task(s, 'approve_purchase')}"),
    "task-form": ("cypg", lambda s: f"/tasks/{task(s, 'draft_documents')}"),
    "case": ("cgjb", lambda s: f"/purchases/{number(s, DELIVERED)}"),
    "diagram": ("cgjb", lambda s: f"/purchases/{number(s, DELIVERED)}/diagram"),
    "why": ("cgjb", lambda s: f"/purchases/{number(s, DELIVERED)}/why"),
    "history": ("cgjb", lambda s: f"/purchases/{number(s, DELIVERED)}/history"),
    "documents": ("cgjb", lambda s: f"/purchases/{number(s, ARCHIVED)}/documents"),
    "purchases": ("cgjb", lambda _: "/purchases"),
    "agency": ("hxpg", lambda _: "/agency"),
    "portal": ("org02", lambda _: "/portal"),
    "public": ("", lambda _: "/public"),
    "results": ("", lambda _: "/public/results"),
    "notice": ("", lambda s: f"/public/notices/{s.office.public.notices(kinds=('comparison_notice',), limit=1).items[0].id}"),
    "organisations": ("cgjb", lambda _: "/registers/organisations"),
    "budgets": ("czs", lambda _: "/registers/budgets"),
    "catalogue": ("cgjb", lambda _: "/registers/catalogue"),
    "experts": ("cgjb", lambda _: "/registers/experts"),
    "rules": ("cgjb", lambda _: "/registers/rules"),
    "designer": ("lcsj", lambda _: "/designer"),
    "deploy": ("lcsj", lambda _: "/studio/import"),
    "operate": ("ywgl", lambda _: "/operate"),
    "process": ("ywgl", lambda s: f"/operate/processes/{process(s, 'goal_setting')}?view=lasting&days=365"),
    "incidents": ("ywgl", lambda _: "/incidents"),
    "incident": ("ywgl", lambda s: f"/incidents/{s.engine.incidents(limit=1, process_id=trouble.PROCESS).items[0].key}"),
    "jobs": ("ywgl", lambda _: "/operate/jobs"),
    "timers": ("ywgl", lambda _: "/operate/timers"),
    "steps": ("ywgl", lambda _: "/operate/steps?days=365"),
    "audit": ("sjzy", lambda _: "/audit?from=2026-01-01"),
    "repair": ("ywgl", lambda s: f"/operate/cases/{trouble.case_of(s, 'SB-000')}"),
    "migration": ("ywgl", lambda s: f"/operate/migration?source={trouble.older_version(s)}"),
    "return": ("jdzr", lambda s: f"/tasks/{task(s, 'approve_purchase')}/return"),
    "users": ("admin", lambda _: "/users"),
    "account": ("cgjb", lambda _: "/account"),
    "dashboard-leader": ("jdzr", lambda _: "/dashboards/leader"),
    "dashboard-audit": ("sjzy", lambda _: "/dashboards/audit"),
    "dashboard-cases": ("jdzr", lambda _: "/dashboards/leader/purchases-by-category/cases"),
    "thread": ("cgjb", lambda s: f"/purchases/{number(s, ARCHIVED)}/thread"),
    "surveys": ("cgjb", lambda _: "/surveys"),
    "clock": ("ywgl", lambda _: "/clock"),
}


@pytest.fixture(scope="module", autouse=True)
def troubled(services: Services) -> None:
    trouble.make_trouble(services)


@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
@pytest.mark.parametrize("name", PAGES)
def test_a_main_page_is_accessible_and_fits_the_screen(name: str, phone: bool, people: People, services: Services) -> None:
    login, address = PAGES[name]
    page = people.new_page(login, phone=phone)
    page.goto(address(services))
    if page.locator("#diagram").count():
        page.wait_for_selector("#diagram[data-ready]")
    if page.locator("[data-chart]").count():
        page.locator(".chart svg").first.wait_for()
    if name == "deploy":
        deploy_nonsense(page)
    keep(page, name, phone=phone, kept=not phone or name in ON_A_PHONE)
    fits_and_is_accessible(page, phone=phone)
    page.close()


def deploy_nonsense(page: Page) -> None:
    """A diagram with an element nobody reaches and a task without a form."""
    broken: FilePayload = {"name": "trial.bpmn", "mimeType": "application/xml", "buffer": BROKEN.encode()}
    page.set_input_files("input[type=file]", broken)
    page.get_by_role("button", name="只检查").click()
    page.locator("main table").wait_for()


BROKEN = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0"
    xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" id="d" targetNamespace="urn:trial">
  <bpmn:process id="trial" name="试验" isExecutable="true">
    <bpmn:startEvent id="start" name="开始"/>
    <bpmn:sequenceFlow id="f1" sourceRef="start" targetRef="decide"/>
    <bpmn:exclusiveGateway id="decide" name="金额？"/>
    <bpmn:sequenceFlow id="f2" sourceRef="decide" targetRef="end">
      <bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">=amount &gt;&gt; 50000</bpmn:conditionExpression>
    </bpmn:sequenceFlow>
    <bpmn:endEvent id="end" name="结束"/>
    <bpmn:userTask id="alone" name="没有人到得了的任务"/>
    <bpmn:complexGateway id="odd" name="复杂网关"/>
  </bpmn:process>
</bpmn:definitions>
"""
