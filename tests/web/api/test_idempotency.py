"""The same request under the same Idempotency-Key happens once and answers the same."""

from __future__ import annotations

from collections.abc import Callable

import httpx
import pytest

from tests.web.api import yard
from web.composition import Services

Api = Callable[..., httpx.Client]
pytestmark = pytest.mark.usefixtures("keys")


@pytest.fixture(scope="module")
def keys(services: Services) -> dict[str, int]:
    return yard.deploy(services)


def key(name: str) -> dict[str, str]:
    return {"Idempotency-Key": name}


def test_a_start_sent_again_starts_nothing_new(services: Services, api: Api) -> None:
    body = {"processDefinitionId": "yard", "variables": {"price": 5}, "businessId": "YARD-ONCE"}
    answers = [api("admin").post("/process-instances", json=body, headers=key("start-1")) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200] * 3
    assert len({answer.json()["processInstanceKey"] for answer in answers}) == 1
    assert len(services.engine.instances(business_key="YARD-ONCE").items) == 1


def test_each_caller_has_keys_of_their_own(api: Api) -> None:
    body = {"processDefinitionId": "yard", "variables": {"price": 5}}
    one, other = (api(login).post("/process-instances", json=body, headers=key("start-2")).json() for login in ("admin", "cgjb"))
    assert one["processInstanceKey"] != other["processInstanceKey"]


def test_a_key_used_for_something_else_is_refused(services: Services, api: Api) -> None:
    client, case = api("admin"), yard.start(services)
    client.post("/process-instances", json={"processDefinitionId": "yard", "variables": {"price": 5}}, headers=key("both"))
    answer = client.post(f"/process-instances/{case.key}/cancellation", json={}, headers=key("both"))
    assert (answer.status_code, answer.json()["title"]) == (409, "COMMAND_ID_TAKEN")


@pytest.mark.parametrize("what", ["completion", "failure", "error"])
def test_what_a_worker_reports_twice_is_taken_once(services: Services, api: Api, what: str) -> None:
    client, case = api("admin"), yard.start(services)
    job = services.engine.jobs(root_key=case.key).items[0].key
    body = {
        "completion": {},
        "failure": {"retries": 2, "errorMessage": "x", "retryBackOff": 60_000},
        "error": {"errorCode": "NO_MONEY"},
    }[what]
    answers = [client.post(f"/jobs/{job}/{what}", json=body, headers=key(f"{job}-{what}")) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [204, 204], answers[-1].text
    kind = {"completion": "job_completed", "failure": "job_failed", "error": "job_error_thrown"}[what]
    assert len(services.engine.history(case.key, kinds=(kind,))) == 1


def test_a_signal_sent_again_is_the_same_signal(api: Api) -> None:
    answers = [
        api("admin").post("/signals/broadcast", json={"signalName": "nobody"}, headers=key("ring")).json() for _ in range(2)
    ]
    assert answers[0] == answers[1]


def test_a_task_completed_twice_under_one_key_answers_twice_the_same(services: Services, api: Api) -> None:
    case = yard.start(services)
    services.engine.complete_job(services.engine.jobs(root_key=case.key).items[0].key, {}, actor=yard.SYSTEM)
    task = services.engine.tasks(root_key=case.key).items[0].key
    client = api("admin")
    assert [client.post(f"/user-tasks/{task}/completion", json={}, headers=key("t")).status_code for _ in range(2)] == [204, 204]
    assert client.post(f"/user-tasks/{task}/completion", json={}).status_code == 409


@pytest.mark.parametrize("bad", ["", "with space", "x" * 201])
def test_a_key_that_is_none_is_refused(api: Api, bad: str) -> None:
    answer = api("admin").post("/signals/broadcast", json={"signalName": "nobody"}, headers=key(bad))
    assert answer.status_code == 400
