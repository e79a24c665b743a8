"""Two kinds of outside workers, exactly as docs/how-to/outside-workers.md prints them, as processes of their own against a
real ``bixuan serve``: one with the standard library alone, one with the published client.
"""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from engine.model import SYSTEM, Actor, ProcessInstance, Resource
from tests.support.patience import PATIENCE_S
from tests.support.serving import until
from tests.unit.spiff.diagrams import diagram, ext, mapping, service
from web.composition import Services, compose
from web.settings import Settings

GUIDE = Path(__file__).parents[3] / "docs/how-to/outside-workers.md"
KINDS = ("plain", "client")
OPERATOR = Actor("operator", frozenset({"operator"}))


@dataclass
class Post:
    """A served office with a process that sends letters. ``letters`` is where workers write them."""

    services: Services
    address: str
    token: str
    letters: Path
    scripts: dict[str, Path]

    def send(self, **variables: Any) -> ProcessInstance:
        return self.services.engine.start_process("letters", {"address": "春熙路 1 号", **variables}, actor=SYSTEM)

    def job(self, case: ProcessInstance) -> Any:
        return self.services.engine.jobs(root_key=case.key).items[0]

    def open_steps(self, case: ProcessInstance) -> list[str]:
        return [task.element_id for task in self.services.engine.tasks(root_key=case.key)]

    def written(self, case: ProcessInstance) -> list[str]:
        """Who wrote the case's letter, once for each time."""
        letter = self.letters / f"{self.job(case).key}.txt"
        return [line.split()[-1] for line in letter.read_text(encoding="utf-8").splitlines()] if letter.exists() else []


@pytest.fixture(scope="module")
def post(new_database: Callable[..., str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Post]:
    home = tmp_path_factory.mktemp("post")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    env = {
        **os.environ,
        "DATABASE_URL": new_database(),
        "BIXUAN_SECRET_KEY": "0123456789abcdef" * 4,
        "BIXUAN_FILE_STORE": str(home / "files"),
    }
    services = compose(Settings.from_environment(env))
    services.migrate()
    services.engine.deploy([Resource("letters.bpmn", letters_diagram())], actor=SYSTEM, note="tests")
    accounts = services.office.accounts
    accounts.create("operator", "运维", "a long secret of the post", roles=["operator"])
    token = accounts.create_token("operator", "letters", ["jobs:send-letter"], actor=accounts.actor("operator"))[1]
    scripts = {}
    for kind, text in zip(KINDS, re.findall(r"```python\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL), strict=True):
        scripts[kind] = home / f"{kind}_worker.py"
        scripts[kind].write_text(text, encoding="utf-8")
    command = [sys.executable, "-m", "web.cli", "serve", "--port", str(port)]
    server = subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"
    try:
        until(lambda: answers(address), "the server to answer")
        yield Post(services, address, token, home / "letters", scripts)
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(timeout=60)
        services.close()


def letters_diagram() -> bytes:
    send = service("send", "send-letter", mapping("in: address <- =address", "in: seconds <- =seconds", "out: letter <- =letter"))
    caught = '<boundaryEvent id="missing" attachedToRef="send"><errorEventDefinition errorRef="none"/></boundaryEvent>'
    task = (
        f'<userTask id="{{}}">{ext("""<zeebe:userTask/><zeebe:assignmentDefinition candidateGroups="operator"/>""")}</userTask>'
    )
    roots = '<error id="none" errorCode="NO_ADDRESS"/>'
    parts = send + caught + task.format("file_copy") + task.format("ask_address")
    return diagram("s -> send -> file_copy -> e\nmissing -> ask_address -> e2", parts, process_id="letters", roots=roots)


def answers(address: str) -> bool:
    try:
        return httpx.get(f"{address}/v2/status", timeout=2).status_code == 204
    except httpx.TransportError:
        return False


@pytest.fixture
def work(post: Post) -> Iterator[Callable[..., subprocess.Popen[bytes]]]:
    """``work("plain", "anna", seconds=30)`` starts a worker process; all are ended after the test."""
    started: list[subprocess.Popen[bytes]] = []
    post.letters.mkdir(exist_ok=True)

    def begin(kind: str, name: str, *, seconds: float = 30) -> subprocess.Popen[bytes]:
        env = {**os.environ, "BIXUAN": post.address, "TOKEN": post.token, "LETTERS": str(post.letters)}
        env |= {"WORKER": name, "SECONDS": str(seconds)}
        started.append(subprocess.Popen([sys.executable, str(post.scripts[kind])], env=env))
        return started[-1]

    yield begin
    for process in started:
        process.kill()
        process.wait()


def test_two_kinds_of_workers_share_the_letters_and_write_each_once(post: Post, work: Callable[..., Any]) -> None:
    work("plain", "anna")
    work("client", "bert")
    writers: Counter[str] = Counter()
    for _ in range(20):  # one of them is up earlier
        cases = [post.send(seconds=0.2) for _ in range(6)]
        until(lambda cases=cases: all(post.open_steps(case) == ["file_copy"] for case in cases), "all letters")
        written = Counter(name for case in cases for name in post.written(case))
        assert written.total() == len(cases)
        writers += written
        if set(writers) == {"anna", "bert"}:
            return
    raise AssertionError(writers)


@pytest.mark.parametrize("kind", KINDS)
def test_a_worker_without_an_address_throws_an_error_into_the_diagram(post: Post, work: Callable[..., Any], kind: str) -> None:
    work(kind, kind)
    case = post.send(address="", seconds=0)
    until(lambda: post.open_steps(case) == ["ask_address"], "the error to be caught")
    assert (post.job(case).state, post.job(case).error_code) == ("error_thrown", "NO_ADDRESS")


@pytest.mark.parametrize("kind", KINDS)
def test_a_job_that_fails_is_tried_again_after_a_pause_and_then_is_an_incident(
    post: Post, work: Callable[..., Any], kind: str
) -> None:
    post.letters.rename(post.letters.with_suffix(".away"))  # the disk is gone
    try:
        process = work_without_folder(post, work, kind)
        began = time.monotonic()
        case = post.send(seconds=0)
        (incident,) = until(lambda: post.services.engine.incidents(root_key=case.key).items, "the incident")
        assert time.monotonic() - began >= 2, "two pauses of a second lie between three tries"
        assert (incident.kind, incident.element_id) == ("job_no_retries", "send")
        assert [entry.data["retries"] for entry in post.services.engine.history(case.key, kinds=("job_failed",))] == [2, 1, 0]
    finally:
        post.letters.with_suffix(".away").rename(post.letters)
    post.services.engine.resolve_incident(incident.key, actor=OPERATOR)
    until(lambda: post.open_steps(case) == ["file_copy"], "the letter after all")
    assert process.poll() is None


def work_without_folder(post: Post, work: Callable[..., Any], kind: str) -> Any:
    process = work(kind, kind)
    if post.letters.exists():  # the fixture makes it for every worker
        post.letters.rmdir()
    return process


@pytest.mark.parametrize(("dies", "takes_over"), [("plain", "client"), ("client", "plain")])
def test_the_job_of_a_worker_that_dies_is_handed_to_another_when_its_time_is_up(
    post: Post, work: Callable[..., Any], dies: str, takes_over: str
) -> None:
    victim = work(dies, "victim", seconds=2)
    case = post.send(seconds=1.5)
    until(lambda: post.job(case).worker == "victim", "the job to be taken")
    lost = post.job(case)
    victim.kill()
    work(takes_over, "heir", seconds=20)
    until(lambda: post.open_steps(case) == ["file_copy"], "the heir")
    assert post.written(case) == ["heir"]
    assert post.job(case).handed_out == 2
    token = {"Authorization": f"Bearer {post.token}"}
    late = httpx.post(
        f"{post.address}/v2/jobs/{lost.key}/completion",
        json={"jobLeaseToken": f"{lost.key}-{lost.handed_out}"},
        headers=token,
        timeout=PATIENCE_S,
    )
    assert (late.status_code, late.json()["title"]) == (409, "JOB_CLOSED")


def test_a_worker_that_takes_long_keeps_its_job_by_asking_for_more_time(post: Post, work: Callable[..., Any]) -> None:
    work("plain", "slow", seconds=3)  # it asks at half time: a busy machine has as long again
    case = post.send(seconds=5)
    until(lambda: post.job(case).worker == "slow", "the job to be taken")
    work("client", "eager", seconds=20)
    until(lambda: post.open_steps(case) == ["file_copy"], "the letter")
    assert post.written(case) == ["slow"]
    assert post.job(case).handed_out == 1


def test_a_new_job_is_the_answer_to_the_request_that_was_waiting_for_it(post: Post) -> None:
    wanted = {"type": "send-letter", "timeout": 600_000, "maxJobsToActivate": 1, "requestTimeout": 600_000, "worker": "anna"}
    with httpx.Client(base_url=post.address, headers={"Authorization": f"Bearer {post.token}"}, timeout=600) as client:
        with ThreadPoolExecutor(1) as pool:
            waiting = pool.submit(client.post, "/v2/jobs/activation", json=wanted)
            time.sleep(0.5)
            assert not waiting.done()
            case = post.send(seconds=0)
            until(waiting.done, "the waiting request to be answered, long before its time is up")
        [given] = waiting.result().json()["jobs"]
        assert given["jobKey"] == str(post.job(case).key)
        lease = {"jobLeaseToken": given["jobLeaseToken"], "variables": {"letter": "x"}}
        assert client.post(f"/v2/jobs/{given['jobKey']}/completion", json=lease).status_code == 204


def test_a_worker_that_left_while_it_waited_takes_no_job_with_it(post: Post, work: Callable[..., Any]) -> None:
    gone = [work("plain", f"gone-{number}") for number in range(3)]
    first = post.send(seconds=0)
    until(lambda: post.open_steps(first) == ["file_copy"], "a worker to be there")
    time.sleep(1.5)  # all of them wait
    for worker in gone:
        worker.kill()
    work("client", "bert")
    cases = [post.send(seconds=0) for _ in range(4)]
    until(lambda: all(post.open_steps(case) == ["file_copy"] for case in cases), "bert")
    assert [post.job(case).handed_out for case in cases] == [1, 1, 1, 1]


def test_the_jobs_of_a_suspended_case_are_not_handed_out(post: Post, work: Callable[..., Any]) -> None:
    case = post.send(seconds=0)
    post.services.engine.suspend_instance(case.key, actor=OPERATOR, reason="under review")
    work("plain", "anna")
    other = post.send(seconds=0)
    until(lambda: post.open_steps(other) == ["file_copy"], "the other letter")
    assert post.job(case).state == "created"
    post.services.engine.resume_instance(case.key, actor=OPERATOR, reason="reviewed")
    until(lambda: post.open_steps(case) == ["file_copy"], "the letter")
