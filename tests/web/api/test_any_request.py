"""Whatever a client sends to a described operation, the server does not break: a few generated requests for each of them."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any

import httpx
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings

from tests.support.patience import PATIENCE_S
from web.auth import access

EXAMPLES = int(os.environ.get("API_EXAMPLES", "6"))  # for each operation; more when somebody hunts
NOT_ASKED = ("/v2/clock",)  # it would move the clock of all other tests


QUICK = settings(
    max_examples=EXAMPLES,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)


def test_no_request_breaks_the_server(server: str, api: Callable[..., httpx.Client]) -> None:
    client = api("admin")
    headers, broken = {"Authorization": client.headers["authorization"]}, {}
    for found in schemathesis.openapi.from_url(f"{server}/openapi.json", timeout=60).get_all_operations():
        operation = found.ok()
        if operation.path.startswith(NOT_ASKED):
            continue

        @QUICK
        @given(case=operation.as_strategy())
        def ask(case: Any) -> None:
            if isinstance(case.body, dict) and "requestTimeout" in case.body:
                case.body["requestTimeout"] = -1  # nobody waits here
            answer = case.call(headers=headers, timeout=60)
            if answer.status_code >= 500 and answer.status_code != 501:
                broken[case.operation.label] = (case.as_curl_command(), answer.text)

        ask()
    assert not broken, "\n".join(f"{label}: {command}\n  {text}" for label, (command, text) in broken.items())


def test_every_operation_is_described(server: str) -> None:
    paths = httpx.get(f"{server}/openapi.json", timeout=PATIENCE_S).json()["paths"]
    described_ = {f"{method.upper()} {path}" for path, methods in paths.items() for method in methods}
    assert {row for row in access.API if " /v2/" in row} <= described_
