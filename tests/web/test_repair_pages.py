"""Mending one case, moving many to another version, and sending a task back: through the pages, with and without a browser."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

import pytest

from engine.model import SYSTEM, Actor, ProcessInstance, Resource
from tests.support.serving import until
from tests.unit.spiff.diagrams import diagram, user
from tests.web.conftest import Visitor
from tests.web.offices import StartedPurchase
from web.composition import Services

CLERK = Actor("ylfw", frozenset({"department"}))


def form(form_id: str) -> Resource:
    content = {
        "type": "default",
        "schemaVersion": 19,
        "id": form_id,
        "components": [{"type": "textfield", "id": "f", "key": "note", "label": "说明"}],
    }
    return Resource(f"{form_id}.form", json.dumps(content).encode())


def department(name: str) -> str:
    return user(name, people='candidateGroups="department"')


def deploy(services: Services, process_id: str, flows: str, *tasks: str) -> int:
    content = diagram(flows, "".join(map(department, tasks)), process_id=process_id)
    services.engine.deploy([Resource(f"{process_id}.bpmn", content), *map(form, tasks)], actor=SYSTEM)
    key: int = services.engine.definitions(kind="process", id=process_id, latest=True).items[0].key
    return key


def start(services: Services, process_id: str, number: str, **variables: object) -> ProcessInstance:
    return services.engine.start_process(process_id, variables, actor=CLERK, business_key=number)


def do(services: Services, root_key: int) -> None:
    task = services.engine.tasks(root_key=root_key).items[0]
    services.engine.complete_task(task.key, {"note": "ok"}, actor=CLERK)


def standing(services: Services, root_key: int) -> list[str]:
    return sorted(task.element_id for task in services.engine.tasks(root_key=root_key))


@pytest.fixture(scope="module")
def steps(services: Services) -> str:
    deploy(services, "steps", "s -> u1 -> u2 -> u3 -> e", "u1", "u2", "u3")
    return "steps"


def token(page: str) -> str:
    found = re.search(r'name="token" value="(\d+)"', page)
    assert found
    return found[1]


def test_a_case_is_moved_after_it_was_told_what_will_happen(services: Services, as_user: Callable[..., Visitor], steps: str):
    case = start(services, steps, "ST-1")
    client, address = as_user("ywgl"), f"/operate/cases/{case.key}"
    asked = {"token": token(client.get(address).text), "action": "move", "target": "u3", "reason": "前两步线下已办"}
    told = client.post_form(f"{address}/change", asked, page=address)
    assert told.status_code == 200
    assert "“u1”到此为止" in told.text
    assert "待办随之取消" in told.text
    assert "“u3”开始" in told.text
    assert standing(services, case.key) == ["u1"]
    done = client.post_form(f"{address}/change/apply", asked, page=address)
    assert done.status_code == 303, done.text
    assert standing(services, case.key) == ["u3"]
    entry = next(one for one in services.engine.history(case.key) if one.kind == "instance_modified")
    assert (entry.actor, entry.data["reason"]) == ("ywgl", "前两步线下已办")


def test_a_step_is_skipped_and_another_begun_beside_it(services: Services, as_user: Callable[..., Visitor], steps: str):
    case = start(services, steps, "ST-2")
    client, address = as_user("ywgl"), f"/operate/cases/{case.key}"
    skip = {"token": token(client.get(address).text), "action": "skip", "reason": "不需要"}
    assert "案件接着走到：u2" in client.post_form(f"{address}/change", skip, page=address).text
    assert client.post_form(f"{address}/change/apply", skip, page=address).status_code == 303
    assert standing(services, case.key) == ["u2"]
    beside = {"action": "activate", "target": "u1", "reason": "补办"}
    assert client.post_form(f"{address}/change/apply", beside, page=address).status_code == 303
    assert standing(services, case.key) == ["u1", "u2"]


def test_what_is_missing_or_impossible_is_said_and_nothing_changes(
    services: Services, as_user: Callable[..., Visitor], steps: str
):
    case = start(services, steps, "ST-3")
    client, address = as_user("ywgl"), f"/operate/cases/{case.key}"
    missing = client.post_form(f"{address}/change", {"action": "move"}, page=address)
    assert missing.status_code == 422
    for sentence in ("请选择案件停着的步骤", "请选择从哪一步接着办", "请写明理由"):
        assert sentence in missing.text
    end = {"token": token(client.get(address).text), "action": "terminate", "reason": "不办了"}
    refused = client.post_form(f"{address}/change/apply", end, page=address)
    assert refused.status_code == 409
    assert 'role="alert"' in refused.text
    assert standing(services, case.key) == ["u1"]


def test_variables_are_changed_with_their_old_values_in_sight(services: Services, as_user: Callable[..., Visitor], steps: str):
    case = start(services, steps, "ST-4", estimate=48000, places=["东门"])
    client, address = as_user("ywgl"), f"/operate/cases/{case.key}"
    assert "48000" in client.get(address).text
    sent = {
        "change.estimate": "true",
        "kind.estimate": "number",
        "value.estimate": "50000",
        "new.0": "checked",
        "new_kind.0": "boolean",
        "new_value.0": "是",
        "reason": "预算批复",
    }
    unsaid = client.post_form(f"{address}/variables", sent | {"reason": ""}, page=address)
    assert unsaid.status_code == 422
    assert client.post_form(f"{address}/variables", sent, page=address).status_code == 303
    values = {one.name: one.value for one in services.engine.variables(case.key)}
    assert (values["estimate"], values["checked"], values["places"]) == (50000, True, ["东门"])


def test_a_suspended_case_says_so_to_everybody_and_nobody_works_on_it(
    services: Services, as_user: Callable[..., Visitor], started: StartedPurchase
):
    operator, address = as_user("ywgl"), f"/operate/cases/{started.task.root_key}"
    assert operator.post_form(f"{address}/suspend", {"reason": "等上级批复"}, page=address).status_code == 303
    clerk = as_user(started.login)
    for page in (f"/purchases/{started.number}", f"/purchases/{started.number}/diagram", f"/tasks/{started.task.key}"):
        text = clerk.get(page).text
        assert "案件已暂停" in text, page
        assert "等上级批复" in text, page
    assert "提交</button>" not in clerk.get(f"/tasks/{started.task.key}").text
    assert operator.post_form(f"{address}/resume", {"reason": "批复到了"}, page=address).status_code == 303
    assert "案件已暂停" not in clerk.get(f"/purchases/{started.number}").text
    assert "批复到了" in clerk.get(f"/purchases/{started.number}/history").text


def test_running_cases_move_to_the_new_version_and_back(services: Services, as_user: Callable[..., Visitor]):
    old = deploy(services, "moving", "s -> u1 -> u2 -> e", "u1", "u2")
    cases = [start(services, "moving", f"MV-{n}") for n in range(3)]
    do(services, cases[0].key)
    new = deploy(services, "moving", "s -> u1 -> u9 -> e", "u1", "u9")
    client = as_user("ywgl")
    page = client.get("/operate/migration", params={"source": old, "target": new}).text
    assert 'name="map.u2"' in page
    assert re.search(r'<option value="u9" selected>', page)
    assert (
        client.get(
            "/operate/migration", params={"source": old, "target": new, "map.u2": "", "verdict": "needs_mapping"}
        ).text.count("MV-")
        == 1
    )
    sent = {"source": old, "target": new, "map.u2": "u9"}
    assert client.post_form("/operate/migration/start", sent, page=f"/operate/cases/{cases[0].key}").status_code == 422
    begun = client.post_form(
        "/operate/migration/start", sent | {"reason": "第二步换了办法"}, page=f"/operate/cases/{cases[0].key}"
    )
    assert begun.status_code == 303
    batch = int(begun.headers["location"].rsplit("/", 1)[1])
    until(lambda: services.engine.batch_operation(batch).state == "completed", "the batch to end")
    assert {services.engine.instance(case.key).definition_key for case in cases} == {new}
    assert standing(services, cases[0].key) == ["u9"]
    assert "hx-get" not in client.get(f"/operate/migration/batches/{batch}/progress").text
    do(services, cases[1].key)
    back = client.post_form(
        f"/operate/migration/batches/{batch}/undo", {"reason": "换错了"}, page=f"/operate/migration/batches/{batch}"
    )
    assert back.status_code == 303
    assert [services.engine.instance(case.key).definition_key for case in cases] == [old, new, old]
    told = client.get(f"/operate/migration/batches/{batch}").text
    assert "已撤销 2 件" in told
    assert "1 件没有撤销" in told


def test_a_task_goes_back_and_what_was_ticked_need_not_be_done_again(
    services: Services, as_user: Callable[..., Visitor], steps: str
):
    client = as_user("ylfw")
    for fields, after in (({"keep": ["u1:u2"]}, ["u3"]), ({"straight": "true"}, ["u3"]), ({}, ["u2"])):
        case = start(services, steps, f"RT-{len(fields)}{after[0]}")
        do(services, case.key)
        do(services, case.key)
        task = services.engine.tasks(root_key=case.key).items[0]
        address = f"/tasks/{task.key}/return"
        assert 'name="keep" value="u1:u2"' in client.get(address).text
        answer = client.post_form(address, {"target": "u1", "reason": "说明不清", **fields}, page=address)
        assert answer.status_code == 303, answer.text
        assert standing(services, case.key) == ["u1"]
        do(services, case.key)
        assert standing(services, case.key) == after
