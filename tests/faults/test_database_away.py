"""The database is away: pages and API say so plainly, nothing typed is lost, and everything goes on when it is back."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import httpx
import psycopg
import pytest

from engine.model import SYSTEM, Resource
from procurement import demo
from tests.faults.servers import OwnServer, office_on, own_server
from tests.support.serving import served, until
from tests.unit.spiff.diagrams import diagram, timer
from tests.web.conftest import Visitor
from tests.web.offices import start_purchase
from web.composition import Services

OUTAGE_S = float(os.environ.get("OUTAGE_S", "5"))


@pytest.fixture(scope="module")
def server() -> Iterator[OwnServer]:
    with own_server({"fsync": "off"}) as made:
        yield made


@pytest.fixture(scope="module")
def services(server: OwnServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    with office_on(server.url, tmp_path_factory.mktemp("files")) as made:
        yield made


@pytest.fixture(scope="module")
def address(services: Services) -> Iterator[str]:
    with served(services) as given:
        yield given


@pytest.fixture
def person(address: str) -> Iterator[Visitor]:
    with Visitor(base_url=address, timeout=60) as client:
        assert client.post_form("/login", {"login": "ylfw", "password": demo.PASSWORD}).status_code == 303
        yield client


@pytest.fixture
def gone(server: OwnServer) -> Iterator[OwnServer]:
    """Killed during the test, and there again afterwards."""
    yield server
    if not server.postgres._answers():
        server.start_again()


def back(server: OwnServer, person: Visitor) -> None:
    server.start_again()
    until(lambda: person.get("/inbox").status_code == 200, "the pages to work again")


def hidden_fields(page: str) -> dict[str, str]:
    return {unescape(name): unescape(value) for name, value in re.findall(r'type="hidden" name="([^"]*)" value="([^"]*)"', page)}


def test_pages_say_so_in_chinese_and_when_to_come_back(gone: OwnServer, person: Visitor) -> None:
    gone.kill()
    for address in ("/inbox", "/", "/public", "/login"):
        answer = person.get(address)
        if answer.status_code in {200, 303}:  # needs no database
            continue
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "10"), address
        assert "数据库现在没有应答" in answer.text
        assert "Traceback" not in answer.text
        assert "psycopg" not in answer.text
    assert person.get("/inbox").status_code == 503
    note = person.get("/inbox", headers={"HX-Request": "true"})
    assert (note.status_code, note.text.lstrip()[:16]) == (503, '<div class="note')
    back(gone, person)


def test_what_was_typed_comes_back_in_the_page_and_is_sent_again_with_one_button(
    gone: OwnServer, person: Visitor, services: Services
) -> None:
    started = start_purchase(services, "ylfw", "停电时办的事")
    task = f"/tasks/{started.task.key}"
    page = person.get(task).text
    fields = {
        "csrf_token": person.token(task),
        "command_id": hidden_fields(page)["command_id"],
        "demand_summary": "写了很久的标题 <b>\n第二行",
    }
    gone.kill()
    answer = person.post(f"{task}/save", data=fields)
    assert answer.status_code == 503
    kept = hidden_fields(answer.text)
    assert kept == fields
    assert f'action="{task}/save"' in answer.text
    back(gone, person)
    assert person.post(f"{task}/save", data=kept).status_code == 303
    actor = services.office.accounts.actor("ylfw")
    assert services.engine.task_form(started.task.key, actor=actor).values["demand_summary"].startswith("写了很久的标题")


def test_a_password_is_never_put_into_the_page(gone: OwnServer, address: str, person: Visitor) -> None:
    with Visitor(base_url=address, timeout=60) as client:
        token = client.token()
        gone.kill()
        answer = client.post("/login", data={"csrf_token": token, "login": "ylfw", "password": demo.PASSWORD})
    assert answer.status_code == 503
    assert demo.PASSWORD not in answer.text
    back(gone, person)


def test_the_api_answers_a_problem_that_says_when_to_come_back(
    gone: OwnServer, address: str, person: Visitor, services: Services
) -> None:
    actor = services.office.accounts.actor("ylfw")
    token = services.office.accounts.create_token("ylfw", "faults", ("read",), actor=actor)[1]
    with httpx.Client(base_url=address, headers={"Authorization": f"Bearer {token}"}, timeout=60) as api:
        gone.kill()
        answer = api.post("/v2/user-tasks/search", json={})
        assert (answer.status_code, answer.headers["content-type"]) == (503, "application/problem+json")
        assert (answer.json()["title"], answer.headers["Retry-After"]) == ("DATABASE_AWAY", "5")
        back(gone, person)
        assert api.post("/v2/user-tasks/search", json={}).status_code == 200


def test_the_worker_finds_the_database_again_by_itself(gone: OwnServer, person: Visitor, services: Services) -> None:
    wait = f'<intermediateCatchEvent id="wait">{timer("duration", "PT1S")}</intermediateCatchEvent>'
    services.engine.deploy([Resource("waiting.bpmn", diagram("s -> wait -> e", wait, process_id="waiting"))], actor=SYSTEM)
    case = services.engine.start_process("waiting", {}, actor=SYSTEM)
    gone.kill()
    time.sleep(3)
    back(gone, person)
    until(lambda: services.engine.instance(case.key).state == "completed", "the timer that came due meanwhile")


def test_a_server_that_hangs_holds_requests_up_but_loses_none(server: OwnServer, person: Visitor, address: str) -> None:
    """SIGSTOP: connections stand and say nothing. Whoever asks waits; whoever needs a new connection is told within seconds."""
    assert person.get("/inbox").status_code == 200
    answers: list[int] = []
    frozen = server.freeze()
    try:
        waiting = threading.Thread(target=lambda: answers.append(person.get("/inbox").status_code))
        waiting.start()
        time.sleep(2)
        assert answers == []
    finally:
        server.thaw(frozen)
    waiting.join(60)
    assert answers == [200]


def test_while_the_database_is_away_nothing_that_was_answered_is_lost(
    gone: OwnServer, person: Visitor, services: Services
) -> None:
    """Somebody keeps saving a draft: whatever was answered with "saved" is there in the end. OUTAGE_S=30 for half a minute."""
    started = start_purchase(services, "ylfw", "一直在保存")
    task = f"/tasks/{started.task.key}"
    token, answers = person.token(task), []

    def saved() -> bool:
        fields = {"csrf_token": token, "demand_summary": f"第 {len(answers)} 稿"}
        answers.append(person.post(f"{task}/save", data=fields).status_code)
        return answers[-1] == 303

    def save_for(seconds: float) -> None:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            saved()
            time.sleep(0.05)

    save_for(1)
    gone.kill()
    save_for(OUTAGE_S)
    gone.start_again()
    until(saved, "drafts to be saved again")
    save_for(1)
    assert set(answers) == {303, 503}
    assert answers[-1] == 303
    last = max(number for number, status in enumerate(answers) if status == 303)
    actor = services.office.accounts.actor("ylfw")
    assert services.engine.task_form(started.task.key, actor=actor).values["demand_summary"] == f"第 {last} 稿"


def test_the_file_store_is_away_and_the_rest_of_the_form_is_kept(person: Visitor, services: Services, tmp_path: Path) -> None:
    started = start_purchase(services, "ylfw", "附件存放处不在")
    task = f"/tasks/{started.task.key}"
    folder = Path(services.settings.file_store)
    away = folder.with_name("away")
    folder.rename(away)
    try:
        answer = person.post(
            f"{task}/save",
            data={"csrf_token": person.token(task), "demand_summary": "仍在的标题"},
            files={"demand_files": ("a.pdf", b"%PDF-1.7\n" + b"x" * 100, "application/pdf")},
        )
        assert answer.status_code == 422
        assert "存放附件的地方没有应答" in answer.text
        assert "仍在的标题" in answer.text
    finally:
        away.rename(folder)


def test_a_file_that_is_recorded_but_gone_is_said_to_be_gone(person: Visitor, services: Services) -> None:
    started = start_purchase(services, "ylfw", "附件内容不见了")
    actor = services.office.accounts.actor("ylfw")
    reference = services.office.files.upload([b"%PDF-1.7\nlost"], "丢失.pdf", actor=actor, purchase_id=started.number)
    address = f"/files/{started.number}/{reference.sha256}"
    assert person.get(address).status_code == 200
    (Path(services.settings.file_store) / reference.sha256[:2] / reference.sha256).unlink()
    answer = person.get(address)
    assert answer.status_code == 404
    assert "存放处没有它的内容" in answer.text


def test_a_command_says_in_a_sentence_that_there_is_no_database(tmp_path: Path) -> None:
    nowhere = {**os.environ, "BIXUAN_HOME": str(tmp_path), "DATABASE_URL": "postgresql://x@127.0.0.1:1/none"}
    command = [sys.executable, "-m", "web.cli", "verify"]
    done = subprocess.run(command, env=nowhere, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 1
    assert done.stderr.startswith("数据库现在没有应答。")
    assert "Traceback" not in done.stderr


def test_serving_waits_for_a_database_that_comes_later(monkeypatch: pytest.MonkeyPatch) -> None:
    from web.commands import patience

    tries: list[int] = []

    def begin() -> None:
        tries.append(1)
        if len(tries) < 3:
            raise psycopg.OperationalError("connection refused")

    monkeypatch.setattr(patience, "AGAIN_AFTER_S", 0.01)
    patience.patiently(begin)
    assert len(tries) == 3
    with pytest.raises(psycopg.OperationalError):
        patience.patiently(lambda: (_ for _ in ()).throw(psycopg.OperationalError("refused")), patience_s=0.05)
    with pytest.raises(psycopg.errors.UndefinedTable):
        patience.patiently(lambda: (_ for _ in ()).throw(psycopg.errors.UndefinedTable("a mistake of ours is none of its")))
