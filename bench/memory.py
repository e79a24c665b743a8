"""What web and worker hold in memory after ten thousand cases.

    python -m bench.memory [--cases 10000] [--clients 8] [--apart]

Starts ``bixuan serve`` (one process with the worker inside, as an office has it; ``--apart``: a process each) on a database of
their own, with every process and form deployed, and drives the cases through the JSON API: start, complete the first task, wait
for a timer, so that each case is held in memory by both and then pushed out by later ones. Prints resident and proportional
memory before and after, and how much a thousand cases add at the end, when the caches are full.
"""

from __future__ import annotations

import argparse
import itertools
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import httpx

from bench.processes import memory_mb, quiet
from bench.user_task import server
from engine.model import SYSTEM, Resource
from procurement.accounts.roles import SCOPES
from web.composition import Services, compose
from web.resources import designer_folders, read_resources
from web.settings import Settings

WANTED_MB = 200
PORT = 18765
SECRET = "bench" * 8
DIAGRAM = b"""<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0"
 targetNamespace="bench"><process id="held" isExecutable="true"><startEvent id="begun"/>
 <userTask id="record"><extensionElements><zeebe:userTask/><zeebe:assignmentDefinition candidateGroups="department"/>
 </extensionElements></userTask>
 <intermediateCatchEvent id="pause"><timerEventDefinition><timeDuration>PT2S</timeDuration></timerEventDefinition>
 </intermediateCatchEvent>
 <userTask id="review"><extensionElements><zeebe:userTask/><zeebe:assignmentDefinition candidateGroups="department"/>
 </extensionElements></userTask><endEvent id="ended"/>
 <sequenceFlow id="f1" sourceRef="begun" targetRef="record"/><sequenceFlow id="f2" sourceRef="record" targetRef="pause"/>
 <sequenceFlow id="f3" sourceRef="pause" targetRef="review"/><sequenceFlow id="f4" sourceRef="review" targetRef="ended"/>
</process></definitions>"""
VARIABLES = {
    "title": "社区养老服务",
    "reason": "东片居民要求在工作日开设助餐点；六十人签名。" * 10,
    "lines": [{"n": n} for n in range(20)],
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cases", type=int, default=10_000)
    parser.add_argument("--clients", type=int, default=8)
    parser.add_argument("--apart", action="store_true", help="web and worker as two processes")
    options = parser.parse_args()
    quiet()
    with ExitStack() as stack:
        url, home = stack.enter_context(server()), stack.enter_context(tempfile.TemporaryDirectory())
        services = compose(Settings(url, SECRET, home, secure_cookies=False, worker_inside=False))
        token = prepare(services)
        running = start(url, home, apart=options.apart)
        try:
            print_row("at rest", running)
            for number in (options.cases - 1000, 1000):
                drive(token, number, options.clients)
                wait_for_timers(services)
                print_row(f"{number} cases more", running)
            total = sum(memory_mb(process.pid)[0] for process in running.values())
        finally:
            for process in running.values():
                process.terminate()
            for process in running.values():
                process.wait(timeout=60)
            services.close()
    print(f"web and worker together {total:.0f} MB resident; wanted: {WANTED_MB} MB")
    sys.exit(total > WANTED_MB)


def prepare(services: Services) -> str:
    """Tables, everything deployed, one account; returns its token."""
    services.migrate()
    services.engine.deploy([*read_resources(designer_folders()), Resource("held.bpmn", DIAGRAM)], actor=SYSTEM)
    accounts = services.office.accounts
    accounts.create("clerk", "王芳", "a long pass phrase 7", roles=("department",))
    return accounts.create_token("clerk", "bench", tuple(SCOPES), actor=accounts.actor("clerk"))[1]


def start(url: str, home: str, *, apart: bool) -> dict[str, subprocess.Popen[bytes]]:
    environ = {
        **os.environ,
        "DATABASE_URL": url,
        "BIXUAN_SECRET_KEY": SECRET,
        "BIXUAN_FILE_STORE": home,
        "BIXUAN_HOME": home,
        "BIXUAN_SECURE_COOKIES": "false",
    }
    serve = ("serve", "--port", str(PORT))
    commands = {"web": (*serve, "--no-worker"), "worker": ("worker",)} if apart else {"web and worker": serve}
    with (Path(home) / "log").open("wb") as log:
        running = {
            name: subprocess.Popen([sys.executable, "-m", "web.cli", *command], env=environ, stdout=log, stderr=log)
            for name, command in commands.items()
        }
    give_up = time.monotonic() + 60
    while time.monotonic() < give_up:
        try:
            if httpx.get(f"http://127.0.0.1:{PORT}/readyz").status_code == 200:
                return running
        except httpx.TransportError:
            pass
        time.sleep(0.5)
    raise SystemExit("the serving process did not start within a minute")


def drive(token: str, cases: int, clients: int) -> None:
    with ThreadPoolExecutor(clients) as people:
        for share in [cases // clients + (n < cases % clients) for n in range(clients)]:
            people.submit(drive_some, token, share)


def drive_some(token: str, cases: int) -> None:
    """The server allows one caller 200 requests a second: whoever is told so waits, as the answer says."""
    headers = {"Authorization": f"Bearer {token}"}
    with httpx.Client(base_url=f"http://127.0.0.1:{PORT}/v2", headers=headers, timeout=60) as client:
        for _ in range(cases):
            started = sent(client, "/process-instances", {"processDefinitionId": "held", "variables": VARIABLES}).json()
            wanted = {"filter": {"processInstanceKey": started["processInstanceKey"]}}
            (task,) = sent(client, "/user-tasks/search", wanted).json()["items"]
            sent(client, f"/user-tasks/{task['userTaskKey']}/completion", {"variables": {"recorded": True}})


def sent(client: httpx.Client, address: str, content: object) -> httpx.Response:
    for _ in patience():
        answer = client.post(address, json=content)
        if answer.status_code != 429:
            answer.raise_for_status()
            return answer
    raise AssertionError("unreachable")


def patience() -> Iterator[int]:
    for number in itertools.count():
        yield number
        time.sleep(0.5)


def wait_for_timers(services: Services) -> None:
    give_up = time.monotonic() + 120
    while services.engine.overview().timers and time.monotonic() < give_up:
        time.sleep(1)


def print_row(what: str, running: dict[str, subprocess.Popen[bytes]]) -> None:
    told = []
    for name, process in running.items():
        resident, proportional = memory_mb(process.pid)
        told.append(f"{name} {resident:.0f} MB resident, {proportional:.0f} MB proportional")
    print(f"{what:<18}{'; '.join(told)}")


if __name__ == "__main__":
    main()
