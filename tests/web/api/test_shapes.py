"""The published client's typed models read our answers; what is refused says why, in problem+json."""

from __future__ import annotations

import socket
from collections.abc import Callable

import httpx
import pytest
from camunda_orchestration_sdk import CamundaClient
from camunda_orchestration_sdk.models import DecisionEvaluationByID, DecisionEvaluationByIdVariables

from tests.support.patience import PATIENCE_S

Api = Callable[..., httpx.Client]
Sdk = Callable[[str], CamundaClient]


def test_topology_and_the_person_are_read(sdk: Sdk) -> None:
    client = sdk("admin")
    assert client.get_topology().brokers[0].partitions[0].health == "healthy"
    me = client.get_authentication()
    assert me.username == "admin"
    assert "admin" in me.roles


def test_definitions_are_found_by_id_and_their_diagram_is_the_deployed_file(sdk: Sdk, api: Api) -> None:
    found = sdk("admin").search_process_definitions()
    assert {item.process_definition_id for item in found.items} >= {"purchase", "demand_survey"}
    client = api("admin")
    search = client.post(
        "/process-definitions/search", json={"filter": {"processDefinitionId": "purchase", "isLatestVersion": True}}
    )
    (item,) = search.json()["items"]
    assert "<bpmn:process" in client.get(f"/process-definitions/{item['processDefinitionKey']}/xml").text


def test_a_decision_is_asked_and_explained(sdk: Sdk) -> None:
    variables = DecisionEvaluationByIdVariables.from_dict({"rule_id": "small_limit", "on": "2026-03-02"})
    answer = sdk("admin").evaluate_decision(
        data=DecisionEvaluationByID(decision_definition_id="office_rules", variables=variables)
    )
    assert '"value":50000' in answer.output
    assert answer.evaluated_decisions[0].matched_rules[0].rule_index == 1


def test_without_a_token_nothing_is_answered(server: str) -> None:
    answer = httpx.get(f"{server}/v2/topology", timeout=PATIENCE_S)
    assert answer.status_code == 401
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.headers["www-authenticate"] == "Bearer"


def test_a_login_with_password_works_too(server: str) -> None:
    answer = httpx.get(f"{server}/v2/authentication/me", auth=("admin", "bixuan-demo-2026"), timeout=PATIENCE_S)
    assert answer.json()["username"] == "admin"
    assert httpx.get(f"{server}/v2/authentication/me", auth=("admin", "wrong"), timeout=PATIENCE_S).status_code == 401


def test_a_token_cannot_do_what_its_scopes_leave_out(api: Api) -> None:
    answer = api("admin", ("read",)).post("/deployments", files={"resources": ("a.bpmn", b"<a/>")})
    assert answer.status_code == 403
    assert "deploy" in answer.json()["detail"]


def test_a_token_cannot_do_what_its_owner_may_not(api: Api) -> None:
    answer = api("org02").post("/process-instances/search", json={})
    assert answer.status_code == 403


def test_an_outsider_sees_only_its_own_tasks(api: Api) -> None:
    assert api("org11").post("/user-tasks/search", json={}).json()["items"] == []


@pytest.mark.parametrize("path", ["/user-tasks/1", "/process-instances/1", "/process-definitions/1"])
def test_an_unknown_key_is_not_found(api: Api, path: str) -> None:
    answer = api("admin").get(path)
    assert answer.status_code == 404
    assert answer.json()["status"] == 404


def test_a_published_operation_we_do_not_offer_says_so(api: Api) -> None:
    answer = api("admin").post("/agent-definitions/search", json={})
    assert answer.status_code == 501
    assert "not offered" in answer.json()["detail"]


def test_a_filter_we_do_not_offer_is_never_ignored(api: Api) -> None:
    answer = api("admin").post("/process-instances/search", json={"filter": {"tags": ["a"]}})
    assert answer.status_code == 501


def test_an_unknown_address_is_a_problem_not_a_page(server: str) -> None:
    answer = httpx.get(f"{server}/v2/nothing", timeout=PATIENCE_S)
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"


def test_an_unreadable_body_names_the_field(api: Api) -> None:
    answer = api("admin").post("/jobs/activation", json={"type": "x", "timeout": "soon", "maxJobsToActivate": 1})
    assert answer.status_code == 400
    assert "timeout" in answer.json()["detail"]


def test_a_deployment_with_faults_changes_nothing_and_names_each(api: Api) -> None:
    bad = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>'
    answer = api("admin").post("/deployments", files={"resources": ("bad.bpmn", bad)})
    assert answer.status_code == 422
    (problem,) = answer.json()["problems"]
    assert problem["file"] == "bad.bpmn"
    assert "DOCTYPE" in problem["message"]


def test_a_request_that_is_too_large_is_refused_before_it_is_read(server: str) -> None:
    host, port = server.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port))) as connection:
        connection.sendall(b"POST /v2/deployments HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000000\r\n\r\n")
        assert b" 413 " in connection.recv(200)


def test_the_operations_are_described(server: str) -> None:
    paths = httpx.get(f"{server}/openapi.json", timeout=PATIENCE_S).json()["paths"]
    assert "/v2/user-tasks/{key}/completion" in paths
    assert httpx.get(f"{server}/docs", timeout=PATIENCE_S).status_code == 200


@pytest.mark.parametrize("text", ["a\\u0000b", "\\ud800", "\\udc00\\ud800"])
def test_a_text_that_cannot_be_stored_is_refused(api: Api, text: str) -> None:
    client = api("admin")
    for body in (
        f'{{"name": "{text}"}}',
        f'{{"name": "a", "variables": {{"x": ["{text}"]}}}}',
        f'{{"name": "a", "variables": {{"{text}": 1}}}}',
    ):
        answer = client.post("/messages/publication", content=body, headers={"Content-Type": "application/json"})
        assert (answer.status_code, "U+0000" in answer.json()["detail"]) == (400, True)
    fine = client.post(
        "/messages/publication", content='{"name": "\\ud83d\\ude00 \\\\u0000"}', headers={"Content-Type": "application/json"}
    )
    assert fine.status_code == 200


def test_a_note_that_cannot_be_stored_is_refused(api: Api) -> None:
    answer = api("admin").post("/deployments", files={"resources": ("a.bpmn", b"<a/>")}, data={"note": "a\0b"})
    assert answer.status_code == 400
