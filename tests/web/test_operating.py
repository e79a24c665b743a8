"""The operators' pages: numbers, diagrams, what stopped and why, mending it, who did what."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import re
from collections.abc import Callable

import pytest
from lxml import html

from engine.commands import failed_starts
from engine.model import SYSTEM, Incident, Resource
from engine.store import timers
from tests.unit.spiff.diagrams import diagram, service, timer, user
from tests.web.conftest import Visitor
from tests.web.offices import StartedPurchase
from web.composition import Services
from web.pages.operate import typed

FORM = {
    "type": "default",
    "schemaVersion": 19,
    "id": "u1",
    "components": [{"type": "textfield", "id": "f", "key": "note", "label": "说明"}],
}


@pytest.fixture(scope="module")
def checks(services: Services) -> str:
    """A process that stops at a condition when the cost is missing, then waits for an outside worker."""
    flows = "s -> u1 -> x1\nx1 -> w : =cost > 1000\nx1 -> e1 : default\nw -> e2"
    elements = user("u1", people='candidateGroups="department"') + service("w", "repair.notify")
    files = [
        Resource("equipment.bpmn", diagram(flows, elements, process_id="equipment")),
        Resource("u1.form", json.dumps(FORM).encode()),
    ]
    services.engine.deploy(files, actor=SYSTEM)
    return "equipment"


def stopped(services: Services, number: str, **variables: object) -> Incident:
    case = services.engine.start_process("equipment", {"cost": None, **variables}, actor=SYSTEM, business_key=number)
    task = services.engine.tasks(root_key=case.key).items[0]
    services.engine.complete_task(task.key, {"note": "ok"}, actor=SYSTEM)
    found: Incident = services.engine.incidents(root_key=case.key).items[0]
    return found


def test_the_overview_leads_to_everything(services: Services, as_user: Callable[..., Visitor], checks: str):
    stopped(services, "EQ-0")
    client = as_user("ywgl")
    assert client.get("/").headers["location"] == "/operate"
    page = client.get("/operate").text
    assert "未处理的异常" in page
    for address in set(re.findall(r'href="(/(?:operate|incidents|audit)[^"]*)"', page)):
        assert client.get(address.replace("&amp;", "&")).status_code == 200, address


def test_a_cause_is_told_in_chinese_with_what_to_do(services: Services, as_user: Callable[..., Visitor], checks: str):
    incident = stopped(services, "EQ-1")
    page = as_user("ywgl").get(f"/incidents/{incident.key}").text
    assert "条件 =cost &gt; 1000 的结果是 null，既不是“是”也不是“否”" in page
    assert "补上或改正，再重试" in page
    assert incident.message.partition("(")[0].replace(">", "&gt;") in page  # the original stays readable for the supplier


def test_variables_are_mended_with_a_reason_and_the_case_goes_on(
    services: Services, as_user: Callable[..., Visitor], checks: str
):
    incident = stopped(services, "EQ-2")
    client, address = as_user("ywgl"), f"/incidents/{incident.key}"
    typed_in = {"change.cost": "true", "kind.cost": "number", "value.cost": "viele"}
    wrong = client.post_form(f"{address}/mend", {**typed_in, "reason": "漏填"}, page=address)
    assert wrong.status_code == 422
    assert "viele" in wrong.text
    assert "请输入一个数" in wrong.text
    unsaid = client.post_form(f"{address}/mend", {**typed_in, "value.cost": "2000"}, page=address)
    assert unsaid.status_code == 422
    done = client.post_form(
        f"{address}/mend", {**typed_in, "value.cost": "2,000", "reason": "巡检单上写着 2000 元"}, page=address
    )
    assert done.status_code == 303
    assert services.engine.incident(incident.key).state == "resolved"
    assert {v.name: v.value for v in services.engine.variables(incident.root_key)}["cost"] == 2000
    entry = next(one for one in services.engine.history(incident.root_key) if one.kind == "variables_set")
    assert (entry.actor, entry.data["reason"]) == ("ywgl", "巡检单上写着 2000 元")


def test_incidents_with_the_same_cause_are_retried_together(services: Services, as_user: Callable[..., Visitor], checks: str):
    alike = [stopped(services, f"EQ-3{n}") for n in range(3)]
    for incident in alike[:2]:
        services.engine.set_variables(incident.root_key, {"cost": 5}, actor=SYSTEM)
    client = as_user("ywgl")
    assert client.post_form(f"/incidents/{alike[0].key}/retry-like", page="/incidents").status_code == 303
    assert [services.engine.instance(one.root_key).state for one in alike] == ["completed", "completed", "incident"]
    assert "已重试" in client.get("/incidents").text


def test_the_diagram_says_where_cases_stand_and_the_table_says_the_same(
    services: Services, as_user: Callable[..., Visitor], checks: str
):
    stopped(services, "EQ-4")
    key = services.engine.definitions(kind="process", id=checks, latest=True).items[0].key
    client = as_user("ywgl")
    marks = client.get(f"/operate/processes/{key}/marks").json()
    standing = {one.element_id: (one.count, one.incidents) for one in services.engine.waiting(key)}
    assert marks["tokens"]["x1"] == standing["x1"][0]
    assert marks["incidents"]["x1"] == standing["x1"][1]
    assert "EQ-4" in client.get(marks["links"]["x1"]).text
    page = client.get(f"/operate/processes/{key}?view=waiting&days=7").text
    assert f'/operate/processes/{key}/elements/x1"' in page
    assert client.get(f"/operate/processes/{key}/elements/none").status_code == 404


def test_a_job_is_retried_but_not_given_up_while_its_case_waits_for_it(
    services: Services, as_user: Callable[..., Visitor], checks: str
):
    case = services.engine.start_process("equipment", {"cost": 5000}, actor=SYSTEM, business_key="EQ-5")
    services.engine.complete_task(services.engine.tasks(root_key=case.key).items[0].key, {"note": "ok"}, actor=SYSTEM)
    job = services.engine.jobs(root_key=case.key).items[0]
    services.engine.activate_jobs("repair.notify", "robot", timeout=dt.timedelta(minutes=1), max_jobs=50)
    services.engine.fail_job(job.key, retries=0, message="connection refused", actor=SYSTEM)
    client = as_user("ywgl")
    assert "connection refused" in client.get("/operate/jobs?state=failed").text
    refused = client.post_form(f"/operate/jobs/{job.key}/cancel", {"reason": "不修了"}, page="/operate/jobs")
    assert refused.status_code == 409
    assert "不能单独放弃" in refused.text
    assert client.post_form(f"/operate/jobs/{job.key}/retry", page="/operate/jobs").status_code == 303
    assert services.engine.job(job.key).state == "created"
    assert len(services.engine.incidents(root_key=case.key)) == 0


def test_the_audit_finds_who_did_what_and_gives_it_as_a_table(
    services: Services, as_user: Callable[..., Visitor], started: StartedPurchase
):
    services.engine.unclaim_task(started.task.key, actor=services.office.accounts.actor(started.login))
    client = as_user("ywgl")
    name = services.office.accounts.user(started.login).name
    page = client.get("/audit", params={"actor": name, "group": "tasks", "case": started.number}).text
    assert f"放回“{started.task.name}”" in page
    table = list(
        csv.DictReader(io.StringIO(client.get("/audit/table.csv", params={"case": started.number}).content.decode("utf-8-sig")))
    )
    assert {"案件": started.number, "登录名": started.login, "类别": "user_task_unclaimed"}.items() <= table[0].items()
    assert len(table) == len({row["序号"] for row in table})
    assert "没有这样的记录" in client.get("/audit", params={"actor": "nobody-of-that-name"}).text
    assert client.get("/audit", params={"from": "gestern"}).status_code == 422


def test_a_search_for_words_says_how_far_it_looked_and_goes_on(
    as_user: Callable[..., Visitor], started: StartedPurchase, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("web.pages.operate.audit.LOOK", 1)
    client = as_user("ywgl")
    page = client.get("/audit", params={"words": "谁也没有写过", "case": started.number})
    assert "没有这样的记录" not in page.text
    seen = 0
    while "继续往前找" in page.text:
        page = client.get(html.fromstring(page.text).xpath("//a[@rel='next']/@href")[0])
        seen += 1
        assert seen < 100
    assert seen > 0
    assert "没有这样的记录" in page.text


def test_auditors_read_the_audit_and_nothing_else_of_the_operators(as_user: Callable[..., Visitor]):
    client = as_user("sjzy")
    assert client.get("/audit").status_code == 200
    assert client.get("/operate").status_code == 403


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [("number", "12.50", "12.50"), ("number", "3", "3"), ("boolean", "false", "False"), ("date", "2026-03-02", "2026-03-02"), ("null", "x", "None"), ("json", '["a"]', "['a']"), ("text", " a ", " a ")],
)  # fmt: skip
def test_what_is_typed_becomes_a_value_of_the_chosen_kind(kind: str, text: str, value: str):
    assert str(typed.read(kind, text)) == value
    assert typed.kind_of(typed.read(kind, text)) == kind


@pytest.mark.parametrize(
    ("kind", "text"), [("number", "NaN"), ("number", "1e"), ("boolean", "1"), ("date", "2026-02-30"), ("json", "{")]
)
def test_what_cannot_be_read_is_refused(kind: str, text: str):
    with pytest.raises((ValueError, ArithmeticError)):
        typed.read(kind, text)


def test_a_start_that_failed_belongs_to_no_case_and_is_only_retried(services: Services, as_user: Callable[..., Visitor]):
    flows, start = "begun -> u1 -> e", f'<startEvent id="begun">{timer("cycle", "R/PT1H")}</startEvent>'
    content = diagram(flows, start + user("u1", people='candidateGroups="=nobody + 1"'), process_id="by_the_clock")
    services.engine.deploy([Resource("by_the_clock.bpmn", content), Resource("u1.form", json.dumps(FORM).encode())], actor=SYSTEM)
    due = next(one for one in services.engine.waiting_timers(limit=None) if one.process_id == "by_the_clock")
    with services.database.unit_of_work() as uow:
        found = next(one for one in timers.due(uow, due.due_at, 1_000) if one.element_key == due.element_key)
    failed_starts.set_aside(services.engine._workshop, found, "the file store is away", services.clock.now())
    incident = services.engine.incidents(process_id="by_the_clock").items[0]
    client = as_user("ywgl")
    assert "没有开始的案件" in client.get("/incidents").text
    page = client.get(f"/incidents/{incident.key}").text
    assert "改正变量并重试" not in page
    assert client.post_form(f"/incidents/{incident.key}/mend", {"reason": "再试"}, page="/incidents").status_code == 409
    assert client.post_form(f"/incidents/{incident.key}/retry", page="/incidents").status_code == 303
    assert services.engine.incident(incident.key).state == "resolved"
