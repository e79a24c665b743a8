"""The list of matters: what each waits for, whom and until when; the overdue first; no more statements for more rows."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page

from engine.model import SYSTEM, Resource
from tests.support.statements import asked_by_pages
from tests.web.conftest import Visitor
from tests.web.test_accessibility import complaints
from web.composition import Services

LATE = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" id="d" targetNamespace="t">
  <process id="test_listed" name="列表样例" isExecutable="true">
    <extensionElements><zeebe:properties>
      <zeebe:property name="startable_by" value="procurement_officer"/><zeebe:property name="about" value="organisation"/>
      <zeebe:property name="prefix" value="LB"/><zeebe:property name="system" value="现场"/>
    </zeebe:properties></extensionElements>
    <startEvent id="s"/><sequenceFlow id="f1" sourceRef="s" targetRef="look"/>
    <userTask id="look" name="列表里的一步"><extensionElements><zeebe:userTask/><zeebe:formDefinition formId="test_listed_form"/>{who}<zeebe:taskSchedule dueDate="=now() + duration(&quot;P{days}D&quot;)"/></extensionElements></userTask>
    <sequenceFlow id="f2" sourceRef="look" targetRef="close"/>
    <serviceTask id="close" name="登记办结"><extensionElements><zeebe:taskDefinition type="matter.close"/>
      <zeebe:ioMapping><zeebe:input source="看过了，没有问题" target="result_text"/></zeebe:ioMapping></extensionElements></serviceTask>
    <sequenceFlow id="f3" sourceRef="close" targetRef="e"/><endEvent id="e"/>
  </process>
</definitions>"""
FORM = """{"type": "default", "id": "test_listed_form", "schemaVersion": 18, "components": [
  {"type": "textarea", "id": "seen", "key": "seen", "label": "看到的情况"}]}"""
FINANCE = '<zeebe:assignmentDefinition candidateGroups="finance"/>'
PARTY = '<zeebe:assignmentDefinition candidateGroups="organisation:org-02"/>'
STARTER = '<zeebe:assignmentDefinition assignee="=starter"/>'
EXPERT = '<zeebe:assignmentDefinition candidateUsers="sfs"/>'
ADDRESS = "/matters?process=test_listed"


def begun(services: Services, days: int, who: str = FINANCE) -> str:
    files = [
        Resource(
            "test_listed.bpmn", LATE.replace("{who}", who).replace("P{days}D", f"P{days}D" if days >= 0 else "P0D").encode()
        ),
        Resource("test_listed_form.form", FORM.encode()),
    ]
    services.engine.deploy(files, actor=SYSTEM)
    return services.office.matters.start("test_listed", "org-02", actor=services.office.accounts.actor("cgjb")).id


def listed(page: str) -> list[str]:
    return re.findall(r'href="/matters/(LB-\d{4}-\d{4})"', page)


@pytest.fixture
def numbers(services: Services) -> Iterator[list[str]]:
    """Begun in another order than they are due; ended afterwards."""
    found = [begun(services, days) for days in (9, 2, 30, 5)]
    yield found
    for number in found:
        row = services.office.matters.get(number, actor=SYSTEM)
        if services.engine.instance(row.process_key).ended_at is None:
            services.office.matters.withdraw(number, "测试结束", actor=services.office.accounts.actor("admin"))


def finish(services: Services, number: str) -> None:
    key = services.office.matters.get(number, actor=SYSTEM).process_key
    services.engine.complete_task(services.engine.tasks(root_key=key).items[0].key, {}, actor=SYSTEM)


def test_those_that_run_stand_by_their_deadline_and_the_ended_after_them(
    services: Services, as_user: Callable[..., Visitor], numbers: list[str]
):
    nine, two, thirty, five = numbers
    finish(services, five)
    page = as_user("cgjb").get(ADDRESS).text
    assert listed(page)[:3] == [two, nine, thirty]
    assert listed(page)[3] == five
    assert listed(as_user("cgjb").get(f"{ADDRESS}&state=closed").text)[0] == five
    assert five not in listed(as_user("cgjb").get(f"{ADDRESS}&state=open").text)
    assert "看过了，没有问题" in page


def test_each_names_the_step_the_role_and_the_deadline_but_no_person(services: Services, as_user: Callable[..., Visitor]):
    made = [begun(services, 3, who) for who in (FINANCE, PARTY, STARTER, EXPERT)]
    page = as_user("cgjb").get(f"{ADDRESS}&state=open").text
    rows = {row: text for text in page.split("<tr")[1:] if (found := listed(text)) for row in found[:1]}
    told = [re.sub(r"<[^>]+>|\s+", " ", rows[number]) for number in made]
    for line, who in zip(told, ("财政所", "邻里", "发起人", "指定的人"), strict=True):
        assert "列表里的一步" in line, line
        assert who in line, (who, line)
        assert "剩" in line, line
        assert "何静" not in line, line
    for number in made:
        finish(services, number)


def test_the_pages_of_the_list_leave_none_out_and_show_none_twice(services: Services, numbers: list[str]):
    finish(services, numbers[0])
    actor, matters = services.office.accounts.actor("cgjb"), services.office.matters
    whole = [one.id for one in matters.search(actor=actor, limit=500).items]
    seen: list[str] = []
    after = None
    while True:
        page = matters.search(actor=actor, limit=3, after=after)
        seen += [one.id for one in page.items]
        after = page.after
        if after is None:
            break
    assert seen == whole
    assert len(seen) == len(set(seen)) == page.total


def test_a_wrong_cursor_is_answered_with_a_sentence(as_user: Callable[..., Visitor]):
    for cursor in ("x", "open~~x~y", "ended~~~", "other~~2026-01-01T00:00:00+08:00~JC-1"):
        assert as_user("cgjb").get("/matters", params={"after": cursor}).status_code == 400, cursor


def test_more_rows_take_no_more_statements(services: Services, as_user: Callable[..., Visitor], numbers: list[str]):
    client = as_user("cgjb")
    client.get(ADDRESS)
    with asked_by_pages(services) as one:
        client.get(f"/matters?words={numbers[0]}")
    with asked_by_pages(services) as many:
        client.get(ADDRESS)
    assert 0 < len(many) <= len(one)


@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
def test_the_list_fits_and_is_accessible(phone: bool, browse: Callable[..., Page], axe: str, numbers: list[str]):
    page = browse("cgjb", phone=phone)
    page.goto("/matters")
    assert numbers[0] in page.content()
    assert complaints(page, axe) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]  # type: ignore[index]
