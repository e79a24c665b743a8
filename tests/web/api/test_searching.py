"""Searches: comparisons mean what they say, and nothing a client asks for is silently ignored."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest
from fastapi.routing import APIRoute

from engine.model import SYSTEM
from tests.web.api import yard
from web.api.router import PARTS
from web.composition import Services
from web.reference.api import OTHERS

Api = Callable[..., httpx.Client]
SEARCHES = sorted(
    route.path.removeprefix("/v2")
    for part in PARTS
    for route in part.router.routes
    if isinstance(route, APIRoute) and route.path.endswith("/search")
)


@pytest.fixture(scope="module")
def case(services: Services) -> dict[str, int]:
    yard.deploy(services)
    found = yard.start(services, business_key="YARD-50%")
    element = services.engine.elements(found.key, element_id="paint").items[0].key
    rung = yard.start(services, "yard_bell").key
    services.engine.broadcast_signal("yard-ring", {}, actor=SYSTEM)
    task = services.engine.tasks(instance_key=rung).items[0].key
    return {"process-instances": found.key, "element-instances": element, "user-tasks": task}


def address(path: str, case: dict[str, int]) -> str:
    return path.replace("{key}", str(case.get(path.split("/")[1], "")))


@pytest.mark.parametrize("path", SEARCHES)
def test_a_search_refuses_what_it_does_not_offer(api: Api, case: dict[str, int], path: str) -> None:
    client, url = api("admin"), address(path, case)
    for body in (
        {"filter": {"colour": "red"}},
        {"filter": {"$or": [{"state": "ACTIVE"}]}},
        {"sort": [{"field": "colour"}]},
        {"page": {"before": "abc"}},
        {"filter": {"tenantId": "another"}},
    ):
        answer = client.post(url, json=body)
        assert answer.status_code == 501, (body, answer.text)
        assert "not offered" in answer.json()["detail"]
    for body in ({"colour": "red"}, {"page": {"limit": 0}}, {"page": {"size": 3}}, {"sort": [{"field": "x", "order": "UP"}]}):
        assert client.post(url, json=body).status_code == 400, body
    assert client.post(url, json={}, params={"colour": "red"}).status_code == 400
    assert client.post(url, json={}, headers={"Idempotency-Key": "a"}).status_code == 501


@pytest.mark.parametrize("path", SEARCHES)
def test_a_filter_with_an_unreadable_value_is_refused(api: Api, case: dict[str, int], path: str) -> None:
    client, url = api("admin"), address(path, case)
    for name in filters(path):
        for value in (None, [], {}, {"$near": 1}, {"$eq": [1]}, {"$in": 3}):
            answer = client.post(url, json={"filter": {name: value}})
            assert answer.status_code in {400, 501}, (name, value, answer.text)


def filters(path: str) -> list[str]:
    for part in PARTS:
        for route in part.router.routes:
            if isinstance(route, APIRoute) and route.path == f"/v2{path}":
                name = OTHERS.get(route.path, ("FILTERS", ""))[0]
                return list(vars(part)[name])
    raise AssertionError(path)


def found(client: httpx.Client, business_id: Any) -> int:
    answer = client.post("/process-instances/search", json={"filter": {"processDefinitionId": "yard", "businessId": business_id}})
    assert answer.status_code == 200, answer.text
    return len(answer.json()["items"])


def test_comparisons_mean_what_they_say(api: Api, case: dict[str, int]) -> None:
    client, own = api("admin"), "YARD-50%"
    assert found(client, own) == found(client, {"$eq": own}) == found(client, {"$in": [own, "other"]}) == 1
    assert found(client, {"$like": "YARD-5?%"}) == found(client, {"$like": "*50*"}) == 1
    assert found(client, {"$like": "YARD-5__"}) == 0, "the database's own wildcards are ordinary signs here"
    assert found(client, {"$like": r"YARD\-5*", "$neq": own}) == 0
    assert found(client, {"$exists": True}) >= 1
    keys = client.post("/process-instances/search", json={"filter": {"businessId": {"$notIn": [own]}}}).json()["items"]
    assert str(case["process-instances"]) not in [item["processInstanceKey"] for item in keys]


def test_moments_are_compared_with_their_zone(api: Api, case: dict[str, int]) -> None:
    client, mine = api("admin"), {"processInstanceKey": str(case["process-instances"])}
    (item,) = client.post("/process-instances/search", json={"filter": mine}).json()["items"]

    def count(**tests: str) -> int:
        body = {"filter": mine | {"startDate": {f"${name}": value for name, value in tests.items()}}}
        return len(client.post("/process-instances/search", json=body).json()["items"])

    assert count(gte=item["startDate"], lt="2100-01-01T00:00:00+08:00") == 1
    assert count(gt="2100-01-01T00:00:00+08:00") == 0
    naive = client.post("/process-instances/search", json={"filter": {"startDate": "2026-03-02T09:00:00"}})
    assert naive.status_code == 400


def test_two_filters_of_one_thing_both_hold(api: Api, case: dict[str, int]) -> None:
    client, task = api("admin"), str(case["user-tasks"])

    def count(**wanted: str) -> int:
        return len(client.post("/user-tasks/search", json={"filter": wanted}).json()["items"])

    assert count(userTaskKey=task, elementInstanceKey=task) == 1
    assert count(userTaskKey=task, elementInstanceKey="1") == 0


@pytest.mark.usefixtures("case")
def test_a_cursor_that_is_none_is_refused(api: Api) -> None:
    client = api("admin")
    for path in ("/process-instances/search", "/audit-logs/search", "/decision-instances/search", "/jobs/search"):
        for cursor in ("nonsense", "WyJhIiwgImIiXQ==", "WzEsMl0=", "é", ""):
            answer = client.post(path, json={"page": {"after": cursor}})
            assert answer.status_code == 400, (path, cursor, answer.text)
