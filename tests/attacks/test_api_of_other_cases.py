"""The JSON API with the keys of somebody else's purchase: a party's token finds nothing of it, and every role only what its row names."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from procurement.accounts.roles import PARTY_ROLES, ROLES, SCOPES
from tests.attacks.calling import called, client
from tests.attacks.outsiders import outsiders, state
from tests.attacks.played import CONFIRMING, KEYS
from tests.attacks.test_every_role import LOGINS
from tests.attacks.world import Case, World
from web.auth import access
from web.composition import Services

Caller = Callable[[str], httpx.Client]
# would move everybody's clock; are about the machine; has examples of numbers
LEFT_OUT = {"PUT /v2/clock", "POST /v2/clock/reset", "GET /metrics", "GET /readyz", "GET /openapi.json"}
# what a path's {key} stands for, by the words before it; a new operation needs its line here
KEY_OF = {
    "process-definitions": "definition",
    "decision-definitions": "decision_definition",
    "process-instances": "root",
    "element-instances": "element",
    "user-tasks": "task",
    "variables": "variable",
    "decision-instances": "decision",
    "audit-logs": "entry",
    "batch-operations": "one",
    "incidents": "one",
    "jobs": "one",
    "releases": "ocid",
    "records": "ocid",
    "extensions": "extension",
}
SEARCHES = (
    "process-instances",
    "element-instances",
    "user-tasks",
    "variables",
    "decision-instances",
    "audit-logs",
    "incidents",
    "jobs",
)


@pytest.fixture(scope="module")
def transport(office: Services) -> Iterator[httpx.WSGITransport]:
    with called(office) as made:
        yield made


@pytest.fixture(scope="module")
def caller(office: Services, transport: httpx.WSGITransport) -> Caller:
    made: dict[str, httpx.Client] = {}

    def enter(login: str) -> httpx.Client:
        if login not in made:
            actor = office.office.accounts.actor(login)
            _, secret = office.office.accounts.create_token(login, "tests", tuple(SCOPES), actor=actor)
            made[login] = client(transport, secret)
        return made[login]

    return enter


@pytest.fixture(scope="module")
def keys(caller: Caller, world: World) -> dict[str, dict[str, str]]:
    """For each purchase a key of everything, as somebody of the office finds it."""
    return {key: _keys(caller("cgjb"), case, world) for key, case in world.cases.items()}


def _keys(asking: httpx.Client, case: Case, world: World) -> dict[str, str]:
    def first(what: str, name: str, **more: Any) -> str:
        answer = asking.post(f"/v2/{what}/search", json={"filter": {"processInstanceKey": case.values["root"][0], **more}})
        assert answer.status_code == 200, answer.text
        items = answer.json()["items"]
        return str(items[0][name]) if items else "1"

    return {
        "root": case.values["root"][0],
        "task": (case.values.get("task") or ["1"])[0],
        "definition": world.others["definition"][0],
        "decision_definition": str(
            asking.post("/v2/decision-definitions/search", json={}).json()["items"][0]["decisionDefinitionKey"]
        ),
        "element": first("element-instances", "elementInstanceKey"),
        "variable": first("variables", "variableKey"),
        "decision": first("decision-instances", "decisionEvaluationInstanceKey"),
        "entry": "1",
        "one": "1",
        "ocid": "ocds-bixuan-1",
        "extension": "scores/extension.json",
    }


def routes() -> Iterator[tuple[str, str]]:
    for row in access.API:
        if row not in LEFT_OUT:
            method, _, path = row.partition(" ")
            yield method, path


def filled(path: str, keys: dict[str, str]) -> str:
    """Raises KeyError for an operation about a kind of thing this module does not know."""
    if "{" not in path:
        return path
    before = path[: path.index("{")].rstrip("/").rpartition("/")[2]
    kind = KEY_OF[before]
    return path[: path.index("{")] + keys[kind] + path[path.index("}") + 1 :]


def ask(asking: httpx.Client, method: str, address: str) -> httpx.Response:
    body: dict[str, Any] = {"json": {}} if method in ("POST", "PUT", "PATCH") else {}
    return asking.request(method, address, timeout=60, **body)


@pytest.mark.parametrize("key", KEYS)
def test_a_partys_token_finds_nothing_of_another_purchase(
    key: str, office: Services, caller: Caller, world: World, keys: dict[str, dict[str, str]]
) -> None:
    case, wrong = world.cases[key], []
    before = state(office, case)
    for login in outsiders(office, world, case):
        asking, roles = caller(login), office.office.accounts.user(login).roles
        for method, path in routes():
            answer = ask(asking, method, filled(path, keys[key]))
            told = [one for one in (*case.secrets, case.purchase.id, case.purchase.title) if one in answer.text.replace(path, "")]
            if told and not path.startswith("/api/ocds"):
                wrong.append(f"{method} {path} as {login} tells {told[:2]}")
            if "{" in path and "definitions" not in path and "ocds" not in path and answer.status_code < 400:
                wrong.append(f"{method} {path} as {login}: {answer.status_code}")
            if answer.status_code >= 500 and answer.status_code != 501:
                wrong.append(f"{method} {path} as {login}: {answer.status_code}")
        wrong += [f"{what} as {login} finds {n}" for what, n in found(asking, case) if set(roles) <= PARTY_ROLES and n]
    assert not wrong, "\n".join(wrong)
    assert state(office, case) == before


def found(asking: httpx.Client, case: Case) -> Iterator[tuple[str, int]]:
    """How much each search gives of the case when asked for it by number and key."""
    for what in SEARCHES:
        for chosen in ({"processInstanceKey": case.values["root"][0]}, {"businessId": case.purchase.id}):
            answer = asking.post(f"/v2/{what}/search", json={"filter": chosen})
            if answer.status_code == 200:
                yield what, len(answer.json()["items"])


@pytest.mark.parametrize("role", ROLES)
def test_a_role_calls_what_its_row_names(role: str, caller: Caller, keys: dict[str, dict[str, str]]) -> None:
    asking, wrong = caller(LOGINS[role]), []
    for method, path in routes():
        if method != "GET" and not path.endswith("/search") and access.allowed(f"{method} {path}", {role}):
            continue  # what an empty body does is asked by tests/web/api/test_any_request.py
        answer = ask(asking, method, filled(path, keys[CONFIRMING]))
        if access.allowed(f"{method} {path}", {role}):
            wrong += [f"{method} {path}: {answer.status_code}"] if answer.status_code >= 500 and answer.status_code != 501 else []
        elif answer.status_code != 403:
            wrong.append(f"{method} {path}: {answer.status_code} although the row does not name {role}")
    assert not wrong, "\n".join(wrong)


def test_nobody_without_a_token_gets_further_than_the_door(
    transport: httpx.WSGITransport, keys: dict[str, dict[str, str]]
) -> None:
    visitor = client(transport)
    for method, path in routes():
        answer = ask(visitor, method, filled(path, keys[CONFIRMING]))
        expected = access.allowed(f"{method} {path}", None)
        assert (answer.status_code != 401) if expected else (answer.status_code == 401), f"{method} {path}: {answer.status_code}"


@pytest.mark.parametrize(
    "body",
    [
        b'{"filter":' * 20_000 + b"1" + b"}" * 20_000,
        b"[" * 100_000,
        b'{"a":' + b"9" * 200_000 + b"}",
        b'{"filter":{"processInstanceKey":' + b"9" * 5_000 + b"}}",
        b'{"page":{"limit":1e999}}',
        b'{"page":{"after":"' + b"A" * 100_000 + b'"}}',
        b'{"filter":{"name":"\\u0000"}}',
        b'{"filter":{"name":"\\ud800"}}',
        b"\xff\xfe{}",
        b"",
        b"null",
        b'"x"',
        b"NaN",
    ],
)
def test_a_body_that_is_made_to_break_something_is_refused(body: bytes, caller: Caller) -> None:
    asking = caller("admin")
    for path in ("/v2/user-tasks/search", "/v2/process-instances", "/v2/messages/publication", "/v2/expression/evaluation"):
        answer = asking.post(path, content=body, headers={"Content-Type": "application/json"})
        assert 400 <= answer.status_code < 500 or (path.endswith("search") and answer.status_code == 200), (
            f"{path}: {answer.status_code}"
        )
