"""What machines ask: is the process alive, can it serve, how is the office; and what the log lines say."""

from __future__ import annotations

import dataclasses
import io
import json
import logging
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import structlog

from engine.model.operating import Overview
from procurement import demo
from tests.support.loops import in_a_loop
from tests.support.serving import until
from tests.web.conftest import Visitor
from tests.web.offices import StartedPurchase
from web import health, logs
from web.app import create_app
from web.composition import Services, compose
from web.leaving import Leaving
from web.settings import Settings


def metric(text: str, name: str) -> float:
    found = re.search(rf"^{re.escape(name)} (\S+)$", text, re.MULTILINE)
    assert found, f"no {name} in\n{text}"
    return float(found[1])


def ask(services: Services, address: str, **headers: str) -> httpx.Response:
    """An application that serves nobody else and has no worker, asked from this machine."""

    async def get() -> httpx.Response:
        transport = httpx.ASGITransport(create_app(services.settings, services), client=("127.0.0.1", 9))
        async with httpx.AsyncClient(transport=transport, base_url="http://test", headers=headers) as client:
            return await client.get(address)

    return in_a_loop(get())


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], list[dict[str, Any]]]]:
    """Log lines written so far, as the server writes them."""
    written, level, kept = io.StringIO(), logging.root.level, logging.root.handlers[:]
    monkeypatch.setattr("sys.stderr", written)
    before = structlog.get_config()
    logs.configure()
    yield lambda: [json.loads(line) for line in written.getvalue().splitlines()]
    structlog.configure(**before)
    logging.root.handlers[:] = kept
    logging.root.setLevel(level)


def test_a_process_is_alive_even_without_a_database(tmp_path: Path):
    away = compose(Settings.for_demo("postgresql://nobody@127.0.0.1:1/none", str(tmp_path)))
    assert ask(away, "/healthz").json() == {"status": "ok"}
    ready = ask(away, "/readyz")
    assert ready.status_code == 503
    assert [(one["name"], one["ok"]) for one in ready.json()["checks"]] == [("database", False)]
    assert "127.0.0.1" not in ready.text
    assert metric(ask(away, "/metrics").text, "bixuan_database_up") == 0


def test_a_server_is_ready_once_its_worker_has_been_seen(visitor: Visitor):
    ready = until(lambda: (answer := visitor.get("/readyz")).status_code == 200 and answer, "the worker to be seen")
    checks = {one["name"]: one["ok"] for one in ready.json()["checks"]}
    assert checks == {"database": True, "migrations": True, "file_store": True, "worker": True}


def test_each_missing_thing_is_named_with_its_reason(services: Services, monkeypatch: pytest.MonkeyPatch):
    def full() -> None:
        raise OSError(28, "No space left on device", "/srv/files")

    monkeypatch.setattr(services.office.files, "try_writing", full)
    monkeypatch.setattr(services.database, "is_migrated", lambda: False)
    outside = dataclasses.replace(services, settings=dataclasses.replace(services.settings, worker_inside=False))
    monkeypatch.setattr(type(services.engine), "overview", lambda _: dataclasses.replace(OVERVIEW, worker_seen=None))
    checks = {one.name: one for one in health.Readiness(outside, Leaving()).checks()}
    assert "bixuan migrate" in checks["migrations"].reason
    assert checks["file_store"].reason == "OSError: see the log"
    assert (checks["worker"].ok, checks["worker"].required) == (False, False)
    assert "start bixuan worker" in checks["worker"].reason


def test_metrics_count_requests_by_template_and_commands_by_outcome(
    services: Services, as_user: Callable[..., Visitor], started: StartedPurchase
):
    client = as_user(started.login)
    opened = client.get(f"/tasks/{started.task.key}")
    assert opened.status_code == 200, opened.text
    client.post_form(f"/tasks/{started.task.key}/claim", page=f"/tasks/{started.task.key}")
    shown = 'bixuan_http_request_seconds_count{method="GET",route="/tasks/<int:key>",status="200"}'
    # a request is counted when it is over, which may be a moment after its answer has arrived
    text = until(lambda: (answer := client.get("/metrics").text) and shown in answer and answer, "the request to be counted")
    assert metric(text, shown) >= 1
    assert metric(text, 'bixuan_command_seconds_count{kind="start_process",outcome="done"}') >= 1
    # in the routes only: seconds have sixteen digits, and any number of a task is among them sooner or later
    routes = re.findall(r'route="([^"]*)"', text)
    assert routes and not [one for one in routes if str(started.task.key) in one]
    assert metric(text, "bixuan_database_up") == 1
    assert metric(text, "bixuan_cases_running") >= 1
    assert metric(text, "bixuan_incidents_open") == len(services.engine.incidents(limit=None).items)
    assert metric(text, 'bixuan_database_connections{state="most"}') > metric(text, 'bixuan_database_connections{state="in_use"}')
    assert (
        metric(text, 'bixuan_live_cases_total{found="memory"}') + metric(text, 'bixuan_live_cases_total{found="database"}') >= 1
    )
    assert metric(text, "bixuan_timer_lag_seconds") >= 0


def test_metrics_are_for_this_machine_or_for_the_token(services: Services, visitor: Visitor):
    assert visitor.get("/metrics").status_code == 200
    assert visitor.get("/metrics", headers={"X-Forwarded-For": "10.0.0.7"}).status_code == 403
    assert visitor.get("/metrics", headers={"Forwarded": "for=10.0.0.7"}).status_code == 403
    guarded = dataclasses.replace(services, settings=dataclasses.replace(services.settings, metrics_token="s3cret"))
    assert ask(guarded, "/metrics").status_code == 403
    assert ask(guarded, "/metrics", Authorization="Bearer wrong").status_code == 403
    assert ask(guarded, "/metrics", Authorization="Bearer s3cret").status_code == 200


def test_a_request_gets_a_number_that_stands_on_its_error_page(visitor: Visitor, as_user: Callable[..., Visitor]):
    number = visitor.get("/login").headers["X-Request-Id"]
    assert re.fullmatch(r"[0-9a-f]{16}", number)
    assert visitor.get("/login", headers={"X-Request-Id": "proxy-0001"}).headers["X-Request-Id"] == "proxy-0001"
    assert visitor.get("/login", headers={"X-Request-Id": "<b>"}).headers["X-Request-Id"] != "<b>"
    missing = as_user("cgjb").get("/tasks/1")
    assert missing.status_code == 404
    assert missing.headers["X-Request-Id"] in missing.text


def test_every_line_of_a_request_names_the_request_the_person_and_the_case(
    lines: Callable[[], list[dict[str, Any]]], as_user: Callable[..., Visitor], started: StartedPurchase
):
    client = as_user(started.login)
    client.post_form(
        f"/tasks/{started.task.key}/release", page=f"/tasks/{started.task.key}", headers={"X-Request-Id": "release-0001"}
    )
    mine = until(
        lambda: (
            (found := [one for one in lines() if one.get("request") == "release-0001"])
            and found[-1]["event"] == "request"
            and found
        ),
        "the line",
    )
    command, request = mine
    assert (command["event"], command["command"], command["outcome"]) == ("command", "unclaim_task", "done")
    assert (command["instance"], command["actor"], command["user"]) == (started.task.root_key, started.login, started.login)
    assert (request["status"], request["user"], request["method"]) == (303, started.login, "POST")
    assert demo.PASSWORD not in json.dumps(lines())


def test_every_line_of_a_job_names_the_job_and_its_case(
    lines: Callable[[], list[dict[str, Any]]], services: Services, started: StartedPurchase
):
    from engine.commands.run_effect import run_effect

    assert not run_effect(services.engine._workshop, 1)
    with structlog.contextvars.bound_contextvars(job=7):
        services.engine.claim_task(started.task.key, actor=services.office.accounts.actor(started.login))
    line = next(one for one in lines() if one.get("job") == 7)
    assert (line["command"], line["instance"]) == ("claim_task", started.task.root_key)
    assert "request" not in line


OVERVIEW = Overview(0, 0, 0, 0, 0, 0, 0, None, 0, 0, None)
