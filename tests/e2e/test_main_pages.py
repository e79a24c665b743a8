"""Every main page, wide and on a phone: axe has nothing to complain about, nothing runs out of the screen.

With BIXUAN_SCREENSHOTS=1 (``python -m tests.e2e.screenshots``) pictures are kept as docs/images/NAME.png and NAME-phone.png.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import FilePayload, Page

from engine.model import UserTask
from tests.e2e import trouble
from tests.e2e.people import People
from web.composition import Services

IMAGES = Path(__file__).parents[2] / "docs" / "images"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]
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
# what reaches beyond the right edge although nothing round it scrolls
TOO_WIDE = """() => document.documentElement.scrollWidth <= innerWidth ? [] : [...document.querySelectorAll('body *')]
    .filter(e => e.getBoundingClientRect().right > innerWidth && !e.closest('.scroll, .tabs, nav')).map(e => e.outerHTML.slice(0, 120))"""
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
    "clock": ("ywgl", lambda _: "/clock"),
}


def number(services: Services, title: str) -> str:
    return str(next(p.id for p in services.office.purchases.search(words=title, limit=5).items if p.title == title))


def process(services: Services, process_id: str) -> int:
    key: int = services.engine.definitions(kind="process", id=process_id, latest=True).items[0].key
    return key


def task(services: Services, element_id: str) -> int:
    found: UserTask = services.engine.tasks(element_id=element_id, state="created", limit=1).items[0]
    return found.key


@pytest.fixture(scope="module", autouse=True)
def troubled(services: Services) -> None:
    trouble.make_trouble(services)


@pytest.fixture(scope="module")
def axe() -> str:
    return (Path(__file__).parents[1] / "web" / "vendor" / "axe.min.js").read_text(encoding="utf-8")


@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
@pytest.mark.parametrize("name", PAGES)
def test_a_main_page_is_accessible_and_fits_the_screen(
    name: str, phone: bool, people: People, services: Services, axe: str
) -> None:
    login, address = PAGES[name]
    page = people.new_page(login, phone=phone)
    page.goto(address(services))
    if page.locator("#diagram").count():
        page.wait_for_selector("#diagram[data-ready]")
    if name == "deploy":
        deploy_nonsense(page)
    keep(page, name, phone)
    if not phone:  # the same elements, only laid out otherwise
        assert complaints(page, axe) == []
    assert page.evaluate(TOO_WIDE) == []
    page.close()


def deploy_nonsense(page: Page) -> None:
    """A diagram with an element nobody reaches and a task without a form."""
    broken: FilePayload = {"name": "试验.bpmn", "mimeType": "application/xml", "buffer": BROKEN.encode()}
    page.set_input_files("input[type=file]", broken)
    page.get_by_role("button", name="只检查").click()
    page.locator("main .note.bad, main [role=alert]").first.wait_for()


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


def complaints(page: Page, axe: str) -> list[str]:
    page.evaluate(axe)
    found: dict[str, Any] = page.evaluate("(tags) => axe.run(document, {runOnly: tags})", RULES)
    return [f"{v['id']}: {n['html'][:160]} {n['failureSummary']}" for v in found["violations"] for n in v["nodes"]]


def keep(page: Page, name: str, phone: bool) -> None:
    if os.environ.get("BIXUAN_SCREENSHOTS") != "1" or (phone and name not in ON_A_PHONE):
        return
    IMAGES.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=IMAGES / f"{name}{'-phone' if phone else ''}.png", animations="disabled", caret="hide")
