"""Three processes that serve and three that work, on one database, behind a balancer that sends each request to the next."""

from __future__ import annotations

import contextlib
import dataclasses
import http.client
import re
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import psycopg
import pytest
from sqlalchemy import text

from engine.model import SYSTEM, Resource
from procurement import demo
from procurement.accounts.roles import SCOPES
from procurement.demo.registers import load_registers
from tests.support.machine import TELL
from tests.support.machines import Balancer, Machines, stopped, until_ready
from tests.support.serving import until
from web.composition import Services, compose
from web.resources import designer_folders, read_resources
from web.settings import Settings

SECRET = "one key for all of them, 32 letters or more"
DIAGRAM = f"""<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0"
 targetNamespace="tests"><message id="m" name="reply"><extensionElements><zeebe:subscription correlationKey="=number"/>
 </extensionElements></message>
<process id="everything" isExecutable="true"><startEvent id="begun"/><parallelGateway id="split"/>
 <userTask id="first"><extensionElements><zeebe:userTask/><zeebe:assignmentDefinition candidateGroups="procurement_officer"/>
 </extensionElements></userTask>
 <intermediateCatchEvent id="pause"><timerEventDefinition><timeDuration>PT1S</timeDuration></timerEventDefinition>
 </intermediateCatchEvent>
 <serviceTask id="outside"><extensionElements><zeebe:taskDefinition type="outside"/></extensionElements></serviceTask>
 <intermediateCatchEvent id="replied"><messageEventDefinition messageRef="m"/></intermediateCatchEvent>
 <serviceTask id="tell"><extensionElements><zeebe:taskDefinition type="{TELL}"/></extensionElements></serviceTask>
 <parallelGateway id="join"/>
 <userTask id="last"><extensionElements><zeebe:userTask/><zeebe:assignmentDefinition candidateGroups="procurement_officer"/>
 </extensionElements></userTask><endEvent id="ended"/>
 <sequenceFlow id="f0" sourceRef="begun" targetRef="split"/>
 <sequenceFlow id="f1" sourceRef="split" targetRef="first"/><sequenceFlow id="f2" sourceRef="first" targetRef="join"/>
 <sequenceFlow id="f3" sourceRef="split" targetRef="pause"/><sequenceFlow id="f4" sourceRef="pause" targetRef="outside"/>
 <sequenceFlow id="f5" sourceRef="outside" targetRef="join"/>
 <sequenceFlow id="f6" sourceRef="split" targetRef="replied"/><sequenceFlow id="f7" sourceRef="replied" targetRef="tell"/>
 <sequenceFlow id="f8" sourceRef="tell" targetRef="join"/><sequenceFlow id="f9" sourceRef="join" targetRef="last"/>
 <sequenceFlow id="f10" sourceRef="last" targetRef="ended"/></process>
<process id="counted" isExecutable="true"><startEvent id="opened"/>
 <userTask id="waits"><extensionElements><zeebe:userTask/><zeebe:assignmentDefinition candidateGroups="procurement_officer"/>
 </extensionElements></userTask><endEvent id="closed"/>
 <sequenceFlow id="g1" sourceRef="opened" targetRef="waits"/><sequenceFlow id="g2" sourceRef="waits" targetRef="closed"/></process>
</definitions>"""
PATH = Counter(("begun", "split", "first", "pause", "outside", "replied", "tell", "join", "last", "ended"))


@dataclasses.dataclass(frozen=True)
class Office:
    """``services`` looks into the database from the test; the machines are reached through ``balancer`` only."""

    services: Services
    machines: Machines
    balancer: Balancer
    ports: list[int]

    def client(self, login: str) -> httpx.Client:
        """The JSON API with a token; a new connection for each request, so that each goes to another process."""
        accounts = self.services.office.accounts
        token = accounts.create_token(login, "tests", tuple(SCOPES), actor=accounts.actor(login))[1]
        limits = httpx.Limits(max_keepalive_connections=0)
        headers = {"Authorization": f"Bearer {token}"}
        return httpx.Client(base_url=f"{self.balancer.address}/v2", headers=headers, limits=limits, timeout=60, verify=False)


@pytest.fixture(scope="module")
def office(new_database: Callable[..., str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    url, files, home = new_database(), str(tmp_path_factory.mktemp("files")), tmp_path_factory.mktemp("machines")
    services = compose(Settings(url, SECRET, files, demo=True, secure_cookies=False, worker_inside=False))
    services.migrate()
    diagram = Resource("everything.bpmn", DIAGRAM.encode())
    services.engine.deploy([*read_resources(designer_folders()), diagram], actor=SYSTEM)
    with services.office.desk.editing(SYSTEM) as session:
        load_registers(session, services.clock.now())
    with services.database.engine.begin() as connection:
        connection.execute(text("create table told (idempotency_key text not null, number text not null)"))
    machines = Machines(
        {
            "DATABASE_URL": url,
            "BIXUAN_SECRET_KEY": SECRET,
            "BIXUAN_FILE_STORE": files,
            "BIXUAN_HOME": str(home),
            "BIXUAN_SECURE_COOKIES": "false",
            "BIXUAN_DEMO": "true",
            "BIXUAN_PAGE_THREADS": "4",
            "BIXUAN_API_THREADS": "4",
        },
        home / "log",
    )
    ports = [machines.serve() for _ in range(3)]
    for _ in range(3):
        machines.work()
    try:
        until_ready(*ports)
        with Balancer(ports) as balancer:
            yield Office(services, machines, balancer, ports)
    finally:
        codes = machines.stop()
        services.close()
    assert codes == [0] * 6, (home / "log").read_text(encoding="utf-8")[-3000:]


def drive(office: Office, number: str) -> int:
    """One case from its start to its end, each request at another process; returns its key."""
    with office.client("cgjb") as client, office.client("admin") as program:
        started = client.post("/process-instances", json={"processDefinitionId": "everything", "variables": {"number": number}})
        assert started.status_code == 200, started.text
        key = started.json()["processInstanceKey"]
        message = {"name": "reply", "correlationKey": number, "variables": {"replied": True}}
        assert client.post("/messages/correlation", json=message).status_code == 200
        do_task(client, key, "first")
        assert do_jobs(program, key)
        do_task(client, key, "last")
    return int(key)


def do_task(client: httpx.Client, case: str, element: str) -> None:
    wanted = {"filter": {"processInstanceKey": case, "elementId": element, "state": "CREATED"}}

    def found() -> Any:
        return client.post("/user-tasks/search", json=wanted).json()["items"]

    (task,) = until(found, f"{element} of {case}")
    answer = client.post(f"/user-tasks/{task['userTaskKey']}/completion", json={"variables": {f"{element}_done": True}})
    assert answer.status_code == 204, answer.text


def do_jobs(client: httpx.Client, case: str) -> bool:
    """Take jobs, whosever they are, until the own one is done: other cases' workers may have done it already."""
    outside = {"filter": {"processInstanceKey": case, "elementId": "outside", "state": "COMPLETED"}}

    def done() -> bool:
        wanted = {"type": "outside", "timeout": 20_000, "maxJobsToActivate": 2, "worker": case, "requestTimeout": 500}
        taken = client.post("/jobs/activation", json=wanted)
        assert taken.status_code == 200, taken.text
        for job in taken.json()["jobs"]:
            answer = client.post(f"/jobs/{job['jobKey']}/completion", json={"variables": {"worked": job["jobKey"]}})
            assert answer.status_code == 204, answer.text
        return bool(client.post("/element-instances/search", json=outside).json()["items"])

    return bool(until(done, f"the job of {case}"))


def test_cases_of_every_kind_go_through_all_processes_as_through_one(office: Office) -> None:
    with ThreadPoolExecutor(4) as people:
        cases = list(people.map(lambda number: drive(office, f"n{number}"), range(12)))
    engine = office.services.engine
    for case in cases:
        assert engine.instance(case).state == "completed"
        told = engine.history(case, kinds=("element_completed", "timer_fired"))
        assert Counter(entry.element_id for entry in told if entry.kind == "element_completed") == PATH
        assert sum(entry.kind == "timer_fired" for entry in told) == 1
    with office.services.database.engine.connect() as connection:
        numbers = connection.execute(text("select number, count(distinct idempotency_key) from told group by 1")).all()
    assert sorted(map(tuple, numbers)) == sorted((f"n{number}", 1) for number in range(12))
    assert engine.verify().sound
    assert office.balancer.answered_by == set(office.ports)
    assert office.balancer.failures == []


def test_each_process_sees_at_once_what_another_did_to_a_case(office: Office) -> None:
    """The case in a process' memory is never older than what its commands are checked against."""
    with office.client("cgjb") as client:
        started = client.post("/process-instances", json={"processDefinitionId": "everything", "variables": {"number": "seen"}})
        key = started.json()["processInstanceKey"]
        wanted = {"filter": {"processInstanceKey": key, "elementId": "first"}}
        (task,) = client.post("/user-tasks/search", json=wanted).json()["items"]
        address = f"/user-tasks/{task['userTaskKey']}"
        for turn in range(9):
            if turn % 2 == 0:
                assert client.post(f"{address}/assignment", json={"assignee": "cgjb"}).status_code == 204
            else:
                assert client.delete(f"{address}/assignee").status_code == 204
            assert client.get(address).json().get("assignee") == ("cgjb" if turn % 2 == 0 else None)
        assert client.post(f"{address}/completion", json={}).status_code == 204
        assert client.post(f"{address}/completion", json={}).status_code == 409


def page(client: httpx.Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, f"{address}: {answer.status_code}"
    return answer.text


def token_of(html: str) -> str:
    found = re.search(r'name="csrf_token" value="([^"]+)"', html)
    assert found
    return found[1]


@contextlib.contextmanager
def somebody(office: Office, login: str) -> Iterator[httpx.Client]:
    """Logged in on the pages; form, token and cookie come from one process and go to the next."""
    limits = httpx.Limits(max_keepalive_connections=0)
    with httpx.Client(base_url=office.balancer.address, limits=limits, timeout=60, verify=False) as client:
        entered = client.post(
            "/login", data={"csrf_token": token_of(page(client, "/login")), "login": login, "password": demo.PASSWORD}
        )
        assert entered.status_code == 303, entered.text
        yield client


def test_a_login_a_form_and_an_upload_of_one_process_count_on_the_next(office: Office) -> None:
    with somebody(office, "ylfw") as client:
        new = page(client, "/purchases/new")
        fields = {
            "title": "社区助餐",
            "unit": "养老服务科",
            "initiator_kind": "department",
            "community": "",
            "command_id": "many-1",
        }
        begun = client.post("/purchases/new", data={"csrf_token": token_of(new), **fields})
        assert begun.status_code == 303, begun.text
        found = re.search(r"/tasks/\d+", begun.headers["location"]) or re.search(r"/tasks/\d+", page(client, "/inbox?show=mine"))
        assert found
        task = found[0]
        form = page(client, task)
        command = re.search(r'name="command_id" value="([^"]+)"', form)
        assert command
        saved = client.post(
            f"{task}/save",
            data={"csrf_token": token_of(form), "command_id": command[1], "demand_summary": "八十六位老人"},
            files={"demand_files": ("调研.pdf", b"%PDF-1.4\n%%EOF", "application/pdf")},
        )
        assert saved.status_code in (200, 303), saved.text
        for _ in office.ports:
            shown = page(client, task)
            assert "八十六位老人" in shown
            link = re.search(r'href="(/files/[^"]+)"', shown)
            assert link
            assert client.get(link[1]).content == b"%PDF-1.4\n%%EOF"


def test_a_connection_that_was_idle_for_a_while_takes_another_request(office: Office) -> None:
    """A proxy keeps it for a minute or two; closed here after uvicorn's own five seconds, what it sends then would be lost."""
    connection = http.client.HTTPConnection("127.0.0.1", office.ports[0], timeout=60)
    connection.request("GET", "/healthz")
    connection.getresponse().read()
    kept = connection.sock
    time.sleep(6)
    connection.request("GET", "/healthz")
    assert connection.getresponse().status == 200
    assert connection.sock is kept, "it was opened again"
    connection.close()


def test_a_rolling_restart_loses_no_request(office: Office) -> None:
    """People read and start cases, workers wait for jobs, while each process in turn is stopped and started anew."""
    over = threading.Event()
    wrong: list[str] = []
    begun: Counter[str] = Counter()

    def read() -> None:
        with somebody(office, "cgjb") as client:
            while not over.is_set():
                answer = client.get("/inbox")
                begun["read"] += 1
                if answer.status_code != 200:
                    wrong.append(f"inbox {answer.status_code}")
                time.sleep(0.1)

    def start() -> None:
        with office.client("cgjb") as client:
            while not over.is_set():
                answer = client.post("/process-instances", json={"processDefinitionId": "counted"})
                begun["started"] += answer.status_code == 200
                if answer.status_code != 200:
                    wrong.append(f"start {answer.status_code} {answer.text[:200]}")
                time.sleep(0.1)

    def wait_for_jobs() -> None:
        with office.client("admin") as client:
            wanted = {"type": "nobody", "timeout": 1000, "maxJobsToActivate": 1, "requestTimeout": 8000}
            while not over.is_set():
                answer = client.post("/jobs/activation", json=wanted)
                begun["waited"] += 1
                if answer.status_code != 200 or answer.json()["jobs"]:
                    wrong.append(f"jobs {answer.status_code} {answer.text[:200]}")

    before = len(office.balancer.failures)
    with ThreadPoolExecutor(3) as people:
        running = [people.submit(each) for each in (read, start, wait_for_jobs)]
        try:
            codes = [office.machines.replace_serving(port) for port in office.ports]
        finally:
            over.set()
        for each in running:
            each.result()
    assert codes == [0, 0, 0]
    assert wrong == []
    assert office.balancer.failures[before:] == []
    kept = office.services.engine.instances(process_id="counted", limit=1).total
    assert kept == begun["started"] > 0
    assert begun["read"] > 0
    assert begun["waited"] > 0


def test_a_worker_that_is_stopped_finishes_and_the_others_go_on(office: Office) -> None:
    first = office.machines.workers.pop(0)
    assert stopped(first) == 0
    office.machines.work()
    case = drive(office, "after")
    assert office.services.engine.instance(case).state == "completed"
    alive = text("select count(*) from procrastinate_workers where last_heartbeat > now() - interval '10 s'")

    def registered() -> bool:
        with office.services.database.engine.connect() as connection:
            return bool(connection.execute(alive).scalar_one() == 3)

    until(registered, "three workers")


def test_the_processes_share_the_connections_of_one_server_fairly(office: Office) -> None:
    """What docs/how-to/several-machines.md reckons with."""
    address = office.services.database.conninfo
    with psycopg.connect(address) as connection:
        count = connection.execute("select count(*) from pg_stat_activity where datname = current_database()").fetchone()
    assert count is not None
    assert count[0] < 3 * (2 * 8 + 8) + 3 * 24
