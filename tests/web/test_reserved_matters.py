"""Matters only a few may know of while they run: every list, page, figure and answer of the API leaves them out, then shows them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import httpx
import pytest
from lxml import html

from engine.model import SYSTEM, Resource
from procurement.accounts.roles import ROLES
from procurement.demo.people import ACCOUNTS
from procurement.office.reports import Wanted
from tests.web.conftest import Visitor
from web.composition import Services

VISIT = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" id="d" targetNamespace="t">
  <process id="test_quiet_visit" name="悄悄看一次" isExecutable="true">
    <extensionElements><zeebe:properties>
      <zeebe:property name="startable_by" value="discipline"/><zeebe:property name="about" value="organisation"/>
      <zeebe:property name="prefix" value="QQ"/><zeebe:property name="system" value="现场"/>
      <zeebe:property name="seen_by" value="discipline, 司法所"/>
    </zeebe:properties></extensionElements>
    <startEvent id="s"/><sequenceFlow id="f1" sourceRef="s" targetRef="look"/>
    <userTask id="look" name="悄悄看"><extensionElements><zeebe:userTask/><zeebe:formDefinition formId="test_quiet_form"/><zeebe:assignmentDefinition candidateGroups="discipline"/><zeebe:taskSchedule dueDate="=date and time(working days after(today(), 3), time(&quot;18:00:00+08:00&quot;))"/></extensionElements></userTask>
    <sequenceFlow id="f2" sourceRef="look" targetRef="tell"/>
    <serviceTask id="tell" name="公开"><extensionElements><zeebe:taskDefinition type="matter.open"/>
      <zeebe:ioMapping><zeebe:input source="=[]" target="seen_by"/></zeebe:ioMapping></extensionElements></serviceTask>
    <sequenceFlow id="f3" sourceRef="tell" targetRef="agree"/>
    <userTask id="agree" name="认可"><extensionElements><zeebe:userTask/><zeebe:formDefinition formId="test_quiet_form"/><zeebe:assignmentDefinition candidateGroups="street_leader"/></extensionElements></userTask>
    <sequenceFlow id="f4" sourceRef="agree" targetRef="e"/><endEvent id="e"/>
  </process>
</definitions>"""
FORM = """{"type": "default", "id": "test_quiet_form", "schemaVersion": 18, "components": [
  {"type": "textarea", "id": "seen", "key": "seen", "label": "看到的情况"}]}"""
PAGES = ("", "/diagram", "/why", "/history", "/values")


@pytest.fixture(scope="module", autouse=True)
def drawn(services: Services) -> None:
    files = [Resource("test_quiet_visit.bpmn", VISIT.encode()), Resource("test_quiet_form.form", FORM.encode())]
    services.engine.deploy(files, actor=SYSTEM)


@pytest.fixture
def number(services: Services) -> Iterator[str]:
    """One that runs, and is ended afterwards."""
    actor = services.office.accounts.actor("jjjc")
    found = services.office.matters.start("test_quiet_visit", "org-02", actor=actor)
    yield found.id
    if services.engine.instance(root(services, found.id)).ended_at is None:
        services.engine.cancel_instance(root(services, found.id), actor=SYSTEM, reason="测试结束")


@pytest.fixture
def api(server: str, services: Services) -> Iterator[Callable[[str], httpx.Client]]:
    opened: list[httpx.Client] = []

    def enter(login: str) -> httpx.Client:
        actor = services.office.accounts.actor(login)
        token = services.office.accounts.create_token(login, "tests", ("read", "work"), actor=actor)[1]
        opened.append(
            httpx.Client(base_url=f"{server}/v2", headers={"Authorization": f"Bearer {token}"}, timeout=60, verify=False)
        )
        return opened[-1]

    yield enter
    for client in opened:
        client.close()


def root(services: Services, number: str) -> int:
    key = services.office.matters.get(number, actor=SYSTEM).process_key
    assert key is not None
    return key


def visited(services: Services, number: str) -> None:
    task = services.engine.tasks(root_key=root(services, number)).items[0]
    services.engine.complete_task(task.key, {}, actor=services.office.accounts.actor("jjjc"))


def test_no_page_shows_one_to_the_community_or_the_organisation_until_the_visit_is_made(
    services: Services, as_user: Callable[..., Visitor], number: str
):
    task = services.engine.tasks(root_key=root(services, number)).items[0]
    for login in ("wqsq", "czs", "cgjb", "org02"):
        client = as_user(login)
        for page in PAGES:
            assert client.get(f"/matters/{number}{page}").status_code in (403, 404), (login, page)
        assert client.get(f"/tasks/{task.key}").status_code == 404, login
        assert number not in client.get("/matters").text, login
        assert f"/matters/{number}" not in client.get(f"/matters?words={number}&state=open").text, login
    assert number not in as_user("czs").get("/organisations/org-02").text
    visited(services, number)
    for login in ("wqsq", "czs", "cgjb", "org02"):
        client = as_user(login)
        assert client.get(f"/matters/{number}").status_code == 200, login
        assert number in client.get("/matters").text, login


def test_whoever_is_named_by_role_or_unit_and_whoever_has_a_task_of_it_sees_it(services: Services, number: str):
    matters, accounts = services.office.matters, services.office.accounts
    assert matters.may_see(accounts.actor("jjjc"), number)
    assert matters.may_see(accounts.actor("sfs"), number)  # of the unit it names
    clerk = accounts.actor("wqsq")
    assert not matters.may_see(clerk, number)
    task = services.engine.tasks(root_key=root(services, number)).items[0]
    services.engine.assign_task(task.key, "wqsq", actor=SYSTEM)
    assert matters.may_see(clerk, number)
    assert number in [one.id for one in matters.search(actor=clerk, words=number).items]


@pytest.mark.parametrize("role", [*ROLES])
def test_no_role_but_those_named_and_those_who_mend_cases_finds_one(services: Services, number: str, role: str):
    login = {role: account.login for role, account in zip(ROLES, ACCOUNTS, strict=True)}[role]
    actor = services.office.accounts.actor(login)
    knows = bool(actor.groups & {"discipline", "operator", "admin"}) or services.office.accounts.user(login).unit == "司法所"
    assert services.office.matters.may_see(actor, number) == knows
    listed = [one.id for one in services.office.matters.search(actor=actor, words=number).items]
    named = [one.id for one in services.office.matters.about(actor=actor, organisation_id="org-02")]
    assert (number in listed) == (number in named) == knows, role
    assert (root(services, number) in services.office.matters.reserved(actor=actor)) != knows


def test_one_that_ended_before_its_time_is_no_secret_any_more(services: Services, number: str):
    clerk = services.office.accounts.actor("wqsq")
    services.engine.cancel_instance(root(services, number), actor=SYSTEM, reason="不去了")
    assert services.office.matters.may_see(clerk, number)


def test_no_figure_counts_one_for_whoever_may_not_know_of_it(services: Services, number: str):
    reports, leader = services.office.reports, services.office.accounts.actor("jdzr")
    board = reports.board("leader", actor=leader)

    def numbers(figure: str) -> list[str]:
        return [row.target for row in reports.cases(board, figure, Wanted(), actor=leader, limit=500).items]

    for figure in ("deadlines-by-month", "matters-by-process"):
        assert number not in numbers(figure), figure
    visited(services, number)
    for figure in ("deadlines-by-month", "matters-by-process"):
        assert number in numbers(figure), figure


def test_whoever_has_a_task_of_one_finds_it_counted_and_in_the_list_behind_the_number(
    services: Services, as_user: Callable[..., Visitor], number: str
):
    reports, leader = services.office.reports, services.office.accounts.actor("jdzr")
    board, figures = reports.board("leader", actor=leader), ("deadlines-by-month", "matters-by-process")
    before = {one: reports.draw(board, Wanted(), actor=leader, only=one)[0].counted.all.count for one in figures}
    (task,) = services.engine.tasks(root_key=root(services, number)).items
    services.engine.assign_task(task.key, "jdzr", actor=SYSTEM)
    for figure in figures:
        counted = reports.draw(board, Wanted(), actor=leader, only=figure)[0].counted
        listed = reports.cases(board, figure, Wanted(), actor=leader, limit=500)
        assert counted.all.count == listed.total == before[figure] + 1, figure
        assert number in [row.target for row in listed.items], figure
    matter = services.office.matters.get(number, actor=leader)
    page = html.fromstring(as_user("jdzr").get("/dashboards/leader/deadlines-by-month/cases?year=all").text)
    (row,) = page.xpath(f"//main//tr[td = '{number}']")
    assert row.xpath("string(td[2]//b)") == matter.title
    assert task.name in row.xpath("string(td[2])")
    assert services.office.accounts.user("jdzr").name in row.xpath("string(td[2])")


def test_the_api_leaves_one_out_of_every_answer(services: Services, api: Callable[[str], httpx.Client], number: str):
    key, clerk, discipline = root(services, number), api("wqsq"), api("jjjc")
    task = services.engine.tasks(root_key=key).items[0]
    for path, filters in (
        ("process-instances", {"businessId": number}),
        ("process-instances", {"processInstanceKey": str(key)}),
        ("element-instances", {"processInstanceKey": str(key)}),
        ("variables", {"processInstanceKey": str(key)}),
        ("user-tasks", {"businessId": number}),
        ("decision-instances", {"processInstanceKey": str(key)}),
    ):
        assert clerk.post(f"/{path}/search", json={"filter": filters}).json()["items"] == [], path
    assert len(discipline.post("/process-instances/search", json={"filter": {"businessId": number}}).json()["items"]) == 1
    for path in ("", "/sequence-flows", "/call-hierarchy", "/statistics/element-instances"):
        assert clerk.get(f"/process-instances/{key}{path}").status_code == 404, path
        assert discipline.get(f"/process-instances/{key}{path}").status_code == 200, path
    assert clerk.get(f"/element-instances/{task.key}").status_code == 404
    assert clerk.get(f"/user-tasks/{task.key}").status_code in (403, 404)
    variable = services.engine.variables(key).items[0]
    assert clerk.get(f"/variables/{variable.key}").status_code == 404
    counted = f"/process-definitions/{task.definition_key}/statistics/element-instances"
    active = [one for one in clerk.post(counted, json={}).json()["items"] if one["active"]]
    assert [one["elementId"] for one in active] == []
    visited(services, number)
    assert len(clerk.post("/process-instances/search", json={"filter": {"businessId": number}}).json()["items"]) == 1


def test_an_operation_refuses_a_list_that_names_nobody_it_could_mean(services: Services):
    wrong = VISIT.replace('source="=[]"', 'source="=[1]"').replace("test_quiet_visit", "test_loud_visit").replace("QQ", "QL")
    services.engine.deploy([Resource("test_loud_visit.bpmn", wrong.encode())], actor=SYSTEM)
    actor = services.office.accounts.actor("jjjc")
    found = services.office.matters.start("test_loud_visit", "org-02", actor=actor)
    visited(services, found.id)
    (incident,) = services.engine.incidents(root_key=found.process_key).items
    assert re.search("a list of roles, parties or units", incident.message)
    services.engine.cancel_instance(found.process_key, actor=SYSTEM, reason="测试结束")
