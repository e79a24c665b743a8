"""Matters: beginning one by hand or by the calendar, its pages, who sees it, taking it back."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from engine.model import SYSTEM, Resource
from procurement.registers.matters import Matter
from tests.web.conftest import Visitor
from tests.web.test_accessibility import complaints
from web.composition import Services

CHECK = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" id="d" targetNamespace="t">
  <process id="test_spot_check" name="临时抽查" isExecutable="true">
    <documentation>到现场看一次，记下结论。</documentation>
    <extensionElements><zeebe:properties>
      <zeebe:property name="startable_by" value="procurement_officer, organisation"/><zeebe:property name="about" value="organisation"/>
      <zeebe:property name="prefix" value="CC"/><zeebe:property name="system" value="现场"/>
    </zeebe:properties></extensionElements>
    <startEvent id="s"/><sequenceFlow id="f1" sourceRef="s" targetRef="look"/>
    <userTask id="look" name="看现场"><extensionElements><zeebe:userTask/><zeebe:formDefinition formId="test_spot_check_form"/><zeebe:assignmentDefinition assignee="=starter"/></extensionElements></userTask>
    <sequenceFlow id="f2" sourceRef="look" targetRef="agree"/>
    <userTask id="agree" name="认可抽查"><extensionElements><zeebe:userTask/><zeebe:formDefinition formId="test_spot_check_form"/><zeebe:assignmentDefinition candidateGroups="street_leader"/></extensionElements></userTask>
    <sequenceFlow id="f3" sourceRef="agree" targetRef="close"/>
    <serviceTask id="close" name="登记办结"><extensionElements><zeebe:taskDefinition type="matter.close"/>
      <zeebe:ioMapping><zeebe:input source="good" target="result"/><zeebe:input source="没有问题" target="result_text"/></zeebe:ioMapping></extensionElements></serviceTask>
    <sequenceFlow id="f4" sourceRef="close" targetRef="e"/><endEvent id="e"/>
  </process>
</definitions>"""
CALENDAR = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" id="d" targetNamespace="t">
  <process id="test_daily_look" name="每日一看" isExecutable="true">
    <startEvent id="s"><timerEventDefinition id="t"><timeDate xsi:type="tFormalExpression">{moment}</timeDate></timerEventDefinition></startEvent>
    <sequenceFlow id="f1" sourceRef="s" targetRef="open"/>
    <serviceTask id="open" name="登记事项"><extensionElements><zeebe:taskDefinition type="matter.open"/>
      <zeebe:ioMapping><zeebe:input source="三月的每日一看" target="title"/><zeebe:input source="RK" target="prefix"/></zeebe:ioMapping></extensionElements></serviceTask>
    <sequenceFlow id="f2" sourceRef="open" targetRef="look"/>
    <userTask id="look" name="看一看"><extensionElements><zeebe:userTask/><zeebe:formDefinition formId="test_spot_check_form"/><zeebe:assignmentDefinition candidateGroups="procurement_officer"/></extensionElements></userTask>
    <sequenceFlow id="f3" sourceRef="look" targetRef="e"/><endEvent id="e"/>
  </process>
</definitions>"""
FORM = """{"type": "default", "id": "test_spot_check_form", "schemaVersion": 18, "components": [
  {"type": "textarea", "id": "seen", "key": "seen", "label": "看到的情况"}]}"""
BEGIN = "/matters/new/test_spot_check"


@pytest.fixture(scope="module", autouse=True)
def drawn(services: Services) -> None:
    files = [Resource("test_spot_check.bpmn", CHECK.encode()), Resource("test_spot_check_form.form", FORM.encode())]
    services.engine.deploy(files, actor=SYSTEM)


def begin(client: Visitor, subject: str = "org-02", command_id: str = "") -> str:
    """The number of the matter."""
    page = client.get(f"{BEGIN}?subject={subject}").text
    command_id = command_id or re.search(r'name="command_id" value="([^"]+)"', page)[1]
    answer = client.post_form(BEGIN, {"subject": subject, "command_id": command_id}, page=f"{BEGIN}?subject={subject}")
    assert answer.status_code == 303, answer.text
    found = re.search(r"CC-\d{4}-\d{4}", client.get(answer.headers["location"]).text)
    assert found
    return found[0]


def row(services: Services, number: str) -> Matter:
    return services.office.matters.get(number, actor=SYSTEM)


def hand_in(services: Services, number: str, login: str) -> None:
    key = row(services, number).process_key
    task = services.engine.tasks(root_key=key, state="created").items[0]
    services.engine.complete_task(task.key, {}, actor=services.office.accounts.actor(login))


def test_whoever_may_begin_it_finds_it_under_its_system_and_lands_on_the_first_form(
    browse: Callable[..., Page], services: Services
):
    page = browse("cgjb")
    page.goto("/matters")
    page.get_by_role("link", name="发起事项").click()
    expect(page.get_by_role("heading", name="现场")).to_be_visible()
    page.get_by_role("link", name="临时抽查").click()
    page.get_by_label("社会组织", exact=True).select_option("org-02")
    page.get_by_role("button", name="发起").click()
    expect(page.get_by_role("heading", name="看现场")).to_be_visible()
    number = re.search(r"CC-\d{4}-\d{4}", page.content())[0]
    page.goto(f"/matters/{number}")
    for tab in ("流程图", "为什么到这里", "经过", "数据", "概况"):
        page.locator(".tabs").get_by_text(tab, exact=True).click()
        expect(page.locator(".tabs [aria-current=page]")).to_have_text(tab)
    assert row(services, number).organisation_id == "org-02"


def test_a_matter_ends_with_its_result(services: Services, as_user: Callable[..., Visitor]):
    client = as_user("cgjb")
    number = begin(client)
    hand_in(services, number, "cgjb")
    services.engine.complete_task(
        services.engine.tasks(root_key=row(services, number).process_key, state="created").items[0].key,
        {},
        actor=services.office.accounts.actor("jdzr"),
    )
    found = row(services, number)
    assert (found.result, found.result_text, found.closed_at is None) == ("good", "没有问题", False)
    assert "没有问题" in client.get("/matters?state=closed").text


def test_a_double_press_begins_one_matter(services: Services, as_user: Callable[..., Visitor]):
    client = as_user("cgjb")
    assert begin(client, command_id="same") == begin(client, command_id="same")


def test_without_its_subject_the_page_comes_back_with_a_sentence(as_user: Callable[..., Visitor]):
    client = as_user("cgjb")
    empty = client.post_form(BEGIN, {"subject": "", "command_id": "c1"}, page=BEGIN)
    assert (empty.status_code, "请选择事项的对象" in empty.text) == (422, True)
    wrong = client.post_form(BEGIN, {"subject": "org-99", "command_id": "c2"}, page=BEGIN)
    assert (wrong.status_code, "没有编号为 org-99 的对象" in wrong.text) == (422, True)


def test_who_may_not_begin_it_does_not_find_it(as_user: Callable[..., Visitor]):
    client = as_user("czs")
    assert client.get(BEGIN).status_code == 404
    assert client.post_form(BEGIN, {"subject": "org-02"}, page="/matters").status_code in (400, 404)


def test_an_organisation_begins_matters_about_itself_only(as_user: Callable[..., Visitor]):
    client = as_user("org02")
    begin(client, "org-02")
    foreign = client.post_form(BEGIN, {"subject": "org-01", "command_id": "x"}, page=BEGIN)
    assert (foreign.status_code, "没有编号为 org-01 的对象" in foreign.text) == (422, True)


def test_an_organisation_sees_what_names_it_and_nothing_of_others(as_user: Callable[..., Visitor]):
    number = begin(as_user("cgjb"), "org-02")
    own, other = as_user("org02"), as_user("org01")
    assert own.get(f"/matters/{number}").status_code == 200
    assert number in own.get("/matters").text
    assert number not in other.get("/matters").text
    for page in ("", "/diagram", "/why", "/history"):
        assert other.get(f"/matters/{number}{page}").status_code == 404, page
    assert own.get(f"/matters/{number}/values").status_code == 403


def test_it_is_taken_back_with_a_reason_until_somebody_else_has_acted(services: Services, as_user: Callable[..., Visitor]):
    client = as_user("cgjb")
    number = begin(client)
    address = f"/matters/{number}/withdrawal"
    assert client.post_form(address, {"reason": " "}, page=f"/matters/{number}").status_code == 422
    assert client.post_form(address, {"reason": "填错了对象"}, page=f"/matters/{number}").status_code == 303
    assert (row(services, number).result, row(services, number).result_text) == ("withdrawn", "填错了对象")
    late = begin(client)
    hand_in(services, late, "cgjb")
    services.engine.complete_task(
        services.engine.tasks(root_key=row(services, late).process_key, state="created").items[0].key,
        {},
        actor=services.office.accounts.actor("jdzr"),
    )
    refused = client.post_form(f"/matters/{late}/withdrawal", {"reason": "晚了"}, page=f"/matters/{late}")
    assert (refused.status_code, "已经有别人办理" in refused.text) == (409, True)


def test_nobody_takes_back_what_another_began(as_user: Callable[..., Visitor]):
    number = begin(as_user("cgjb"), "org-02")
    other = as_user("org02")
    assert other.post_form(f"/matters/{number}/withdrawal", {"reason": "不想"}, page=f"/matters/{number}").status_code == 409


def test_the_calendar_begins_one_and_its_task_leads_to_it(services: Services, as_user: Callable[..., Visitor]):
    moment = (services.office.desk.now() + dt.timedelta(minutes=5)).isoformat(timespec="seconds")
    services.engine.deploy([Resource("test_daily_look.bpmn", CALENDAR.format(moment=moment).encode())], actor=SYSTEM)
    services.engine.advance_clock(services.office.desk.now() + dt.timedelta(minutes=10), actor=SYSTEM)
    while services.engine.fire_due_timers():
        pass
    client = as_user("cgjb")
    listed = client.get("/matters").text
    assert "三月的每日一看" in listed
    assert "三月的每日一看" in client.get("/inbox?show=open").text
    number = re.search(r"RK-\d{4}-\d{4}", listed)[0]
    page = client.get(f"/matters/{number}").text
    assert "按日程自动开始" in page
    assert "看一看" in page


@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
def test_the_pages_are_accessible_and_fit(phone: bool, browse: Callable[..., Page], axe: str, as_user: Callable[..., Visitor]):
    number = begin(as_user("cgjb"))
    page = browse("cgjb", phone=phone)
    for address in ("/matters", "/matters/new", BEGIN, f"/matters/{number}"):
        page.goto(address)
        assert complaints(page, axe) == [], address
        assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"], address
