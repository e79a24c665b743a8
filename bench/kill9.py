"""kill -9 at random moments: nothing is lost, nothing happens twice.

    python -m bench.kill9 [--cases 100] [--kills 25] [--seed 7]

Two processes serve: each drives cases through their tasks with commands of the engine and runs a worker (timers, effects).
A third hand kills one of them with SIGKILL at a random moment, again and again, and starts it anew. A driver that dies leaves
commands it does not know the answer of; its successor sends them again under the same command ids. At the end every case must
have ended, each command must have happened once, each operation's row in a register must be there once, each effect's
idempotency key must have been used for one payload only, and every hash chain must be sound.
"""

from __future__ import annotations

import argparse
import itertools
import json
import multiprocessing
import os
import random
import signal
import sys
import threading
import time
from typing import Any

import psycopg
from sqlalchemy import text

from bench.user_task import CLERK, server
from engine.errors import Conflict, NotFound
from engine.facade import Database, ProcessEngine
from engine.jobs.worker import Worker
from engine.model import SYSTEM, Resource
from engine.ports import OperationCall

SERVING = 2
PATIENCE_S = 120
NAMESPACES = (
    'xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
)
TASK = (
    '<userTask id="{id}"><extensionElements><zeebe:userTask/><zeebe:assignmentDefinition candidateGroups="office"/>'
    "</extensionElements></userTask>"
)
SERVICE = '<serviceTask id="{id}"><extensionElements><zeebe:taskDefinition type="{type}" retries="1000"/></extensionElements></serviceTask>'
TIMER = (
    '<intermediateCatchEvent id="pause"><timerEventDefinition><timeDuration>PT0.2S</timeDuration></timerEventDefinition>'
    "</intermediateCatchEvent>"
)
STEPS = ["begun", "first", "book", "pause", "second", "tell", "third", "ended"]
DIAGRAM = (
    f'<definitions {NAMESPACES} targetNamespace="bench"><process id="killed" isExecutable="true">'
    f'<startEvent id="begun"/>{TASK.format(id="first")}{SERVICE.format(id="book", type="book")}{TIMER}{TASK.format(id="second")}'
    f'{SERVICE.format(id="tell", type="tell")}{TASK.format(id="third")}<endEvent id="ended"/>'
    + "".join(f'<sequenceFlow id="f_{a}" sourceRef="{a}" targetRef="{b}"/>' for a, b in itertools.pairwise(STEPS))
    + "</process></definitions>"
)
TABLES = (
    "create table if not exists booked (case_key bigint not null, at timestamptz default clock_timestamp())",
    "create table if not exists told (idempotency_key text, payload text, at timestamptz default clock_timestamp())",
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=100)
    parser.add_argument("--kills", type=int, default=25)
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args()
    with server() as url:
        database = Database(url)
        database.migrate()
        with database.engine.begin() as connection:
            for table in TABLES:
                connection.execute(text(table))
        engine = engine_on(database)
        engine.deploy([Resource("killed.bpmn", DIAGRAM.encode())], actor=SYSTEM)
        began = time.monotonic()
        serving = Serving(url, options.cases)
        kill_and_restart(serving, options.kills, random.Random(options.seed))
        wait_until_ended(engine, options.cases)
        took = time.monotonic() - began
        serving.stop()
        wrong = examine(engine, database, options.cases)
        print(
            f"{options.cases} cases, {options.kills} kills, {took:.0f} s: "
            + ("none lost, none doubled" if not wrong else "WRONG")
        )
        for sentence in wrong:
            print(f"  {sentence}")
        database.dispose()
    sys.exit(bool(wrong))


def engine_on(database: Database) -> ProcessEngine:
    def book(call: OperationCall) -> dict[str, Any]:
        """A register row inside the command's transaction."""
        call.session.execute(text("insert into booked (case_key) values (:key)"), {"key": call.root_instance_key})
        return {"booked": True}

    def tell(payload: Any, idempotency_key: str) -> None:
        """The world outside: it keeps whatever reaches it, whatever becomes of us."""
        with psycopg.connect(database.conninfo, autocommit=True) as outside:
            outside.execute("insert into told values (%s, %s)", (idempotency_key, json.dumps(payload.get("number"))))

    return ProcessEngine(database, operations={"book": book}, effects={"tell": tell})


def serve(url: str, cases: int, offset: int) -> None:
    """Drive every case as far as it goes, beginning somewhere else in each process, with a worker beside."""
    database = Database(url)
    engine = engine_on(database)
    threading.Thread(target=Worker(engine).run, args=(threading.Event(),), daemon=True).start()
    while True:
        for number in range(cases):
            drive(engine, (number + offset) % cases)


def drive(engine: ProcessEngine, number: int) -> None:
    """One step of one case. Commands have fixed ids, as a browser's form has: sending one again is harmless."""
    started = engine.start_process(
        "killed", {"number": number}, actor=CLERK, business_key=f"case {number}", command_id=f"start case {number}"
    )
    for task in engine.tasks(root_key=started.key):
        try:
            values = {f"answer_{task.element_id}": number}
            engine.complete_task(task.key, values, actor=CLERK, command_id=f"{task.element_id} of case {number}")
        except (Conflict, NotFound):  # the other process was quicker, under the same id or just before
            continue


class Serving:
    """The serving processes, one after the other killed and started again."""

    def __init__(self, url: str, cases: int) -> None:
        self._context = multiprocessing.get_context("spawn")
        self._arguments = (url, cases)
        self._processes = [self._begin(n) for n in range(SERVING)]

    def _begin(self, n: int) -> Any:
        url, cases = self._arguments
        process = self._context.Process(target=serve, args=(url, cases, n * cases // SERVING), daemon=True)
        process.start()
        return process

    def kill_one(self, n: int) -> None:
        self._end(self._processes[n])
        self._processes[n] = self._begin(n)

    def stop(self) -> None:
        for process in self._processes:
            self._end(process)

    @staticmethod
    def _end(process: Any) -> None:
        os.kill(process.pid, signal.SIGKILL)
        process.join()


def kill_and_restart(serving: Serving, kills: int, chance: random.Random) -> None:
    time.sleep(3)
    for _ in range(kills):
        time.sleep(chance.uniform(0.2, 3.0))
        serving.kill_one(chance.randrange(SERVING))


def wait_until_ended(engine: ProcessEngine, cases: int) -> None:
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        if len(engine.instances(state="completed", process_id="killed", limit=None)) >= cases:
            return
        time.sleep(0.5)


def examine(engine: ProcessEngine, database: Database, cases: int) -> list[str]:
    """Everything that is not as it should be, in sentences."""
    found = engine.instances(process_id="killed", limit=None).items
    wrong = []
    keys = sorted(one.business_key for one in found)
    if keys != sorted(f"case {number}" for number in range(cases)):
        wrong.append(f"{len(found)} cases instead of {cases}, {len(set(keys))} different ones")
    wrong += [f"{one.business_key} is {one.state}" for one in found if one.state != "completed"]
    for one in found:
        path = [e.element_id for e in engine.history(one.key, kinds=("element_completed",))]
        if path != STEPS:
            wrong.append(f"{one.business_key} went {path}")
    with database.engine.connect() as connection:
        booked = connection.execute(text("select case_key, count(*) from booked group by 1")).all()
        told = connection.execute(text("select idempotency_key, count(distinct payload) from told group by 1")).all()
    if len(booked) != cases or any(count != 1 for _, count in booked):
        wrong.append(f"the register has {sum(count for _, count in booked)} rows of {len(booked)} cases")
    if len(told) != cases or any(count != 1 for _, count in told):
        wrong.append(f"the outside was told about {len(told)} cases")
    wrong += [str(broken) for broken in engine.verify().broken]
    return wrong


if __name__ == "__main__":
    main()
