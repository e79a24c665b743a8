"""What one user task costs as one durable transaction, against a bare commit of 1 KB in the same run.

    python -m bench.user_task [--tasks 600] [--rounds 30]

Uses DATABASE_URL (a server whose database may be written to) or the embedded PostgreSQL with its durable settings. One thread,
one connection at a time. Each task is completed with everything the product does: permission, the pinned form, a gateway, the
next task, variables, history with its hash chain, the snapshot. Bare commits and tasks alternate in small blocks, so that
whatever else the machine does meets both.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import shutil
import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg

from engine.facade import Database, ProcessEngine
from engine.model import SYSTEM, Actor, Resource
from engine.store.embedded import EmbeddedPostgres

CLERK = Actor("clerk", frozenset({"office"}))
BLOCK = 20
VALUES = {
    "summary": "The residents of the eastern block asked for a canteen that serves lunch on weekdays; sixty of them signed. " * 2,
    "amount": "48000.00",
    "people": "60",
    "agreed": True,
}
FORM = {
    "type": "default",
    "schemaVersion": 19,
    "id": "review",
    "components": [
        {"type": "textarea", "id": "a", "key": "summary", "label": "Summary", "validate": {"required": True, "maxLength": 2000}},
        {"type": "number", "id": "b", "key": "amount", "label": "Amount", "decimalDigits": 2, "validate": {"min": 0}},
        {"type": "number", "id": "c", "key": "people", "label": "People"},
        {"type": "checkbox", "id": "d", "key": "agreed", "label": "Agreed"},
    ],
}
DIAGRAM = """<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0"
 xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" targetNamespace="bench">
<process id="bench" isExecutable="true">
 <startEvent id="begun"/><exclusiveGateway id="next"/>
 <userTask id="review"><extensionElements><zeebe:userTask/><zeebe:formDefinition formId="review"/>
  <zeebe:assignmentDefinition candidateGroups="office"/></extensionElements></userTask>
 <exclusiveGateway id="is_agreed" default="again"/><endEvent id="ended"/>
 <sequenceFlow id="f1" sourceRef="begun" targetRef="next"/><sequenceFlow id="f2" sourceRef="next" targetRef="review"/>
 <sequenceFlow id="f3" sourceRef="review" targetRef="is_agreed"/>
 <sequenceFlow id="again" sourceRef="is_agreed" targetRef="next"/>
 <sequenceFlow id="done" sourceRef="is_agreed" targetRef="ended">
  <conditionExpression xsi:type="tFormalExpression">=not(agreed)</conditionExpression></sequenceFlow>
</process></definitions>"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tasks", type=int, default=600, help="how many tasks one case goes through")
    parser.add_argument("--rounds", type=int, default=30, help="blocks of bare commits and of tasks, in turn")
    options = parser.parse_args()
    with server() as url:
        database = Database(url, pool_size=2)
        database.migrate()
        engine = ProcessEngine(database)
        engine.deploy(
            [Resource("bench.bpmn", DIAGRAM.encode()), Resource("review.form", json.dumps(FORM).encode())], actor=SYSTEM
        )
        with psycopg.connect(database.conninfo) as bare:
            prepare(bare)
            report(alternate(engine, bare, options.rounds), grow(engine, options.tasks))
        database.dispose()


@contextlib.contextmanager
def server() -> Iterator[str]:
    """The server DATABASE_URL names, or a durable embedded one that is removed afterwards."""
    if given := os.environ.get("DATABASE_URL"):
        yield given
        return
    home = Path(tempfile.mkdtemp(prefix="bixuan-bench-"))
    home.chmod(0o755)
    try:
        with EmbeddedPostgres(home / "database") as url:
            yield url
    finally:
        shutil.rmtree(home, ignore_errors=True)


def prepare(bare: psycopg.Connection) -> None:
    bare.execute("create table if not exists bare_commit (id bigserial primary key, content bytea not null)")
    bare.commit()
    for _ in range(50):
        commit(bare)


def commit(bare: psycopg.Connection) -> float:
    """Seconds of one transaction that stores 1 KB."""
    began = time.perf_counter()
    bare.execute("insert into bare_commit (content) values (%s)", (os.urandom(1024),))
    bare.commit()
    return time.perf_counter() - began


def alternate(engine: ProcessEngine, bare: psycopg.Connection, rounds: int) -> list[tuple[float, float]]:
    """For each round the median seconds of a bare commit and of a task."""
    case = Case(engine)
    for _ in range(30):
        case.complete()
    return [
        (statistics.median(commit(bare) for _ in range(BLOCK)), statistics.median(case.complete() for _ in range(BLOCK)))
        for _ in range(rounds)
    ]


def grow(engine: ProcessEngine, tasks: int) -> list[float]:
    """Seconds of every task of one case, the first to the last."""
    case = Case(engine)
    return [case.complete() for _ in range(tasks)]


class Case:
    def __init__(self, engine: ProcessEngine) -> None:
        self._engine = engine
        started = engine.start_process("bench", {}, actor=CLERK)
        self._task = engine.tasks(root_key=started.key).items[0].key

    def complete(self) -> float:
        """Seconds from handing in the open task until it is safe."""
        began = time.perf_counter()
        result = self._engine.complete_task(self._task, VALUES, actor=CLERK)
        took = time.perf_counter() - began
        self._task = result.open_tasks[0].key
        return took


def report(rounds: list[tuple[float, float]], tasks: list[float]) -> None:
    bare, task = (statistics.median(each) for each in zip(*rounds, strict=True))
    ratio = statistics.median(one / other for one, other in rounds)
    print(f"bare commit of 1 KB   {bare * 1000:6.2f} ms   {1 / bare:7.0f}/s")
    print(f"one user task         {task * 1000:6.2f} ms   {1 / task:7.0f}/s   ratio {ratio:.2f} of the bare commit rate")
    young = statistics.median(tasks[5:25])
    old = statistics.median(tasks[-20:])
    print(f"task 10               {young * 1000:6.2f} ms")
    print(f"task {len(tasks):<5}            {old * 1000:6.2f} ms   {old / young:.2f} times task 10")


if __name__ == "__main__":
    main()
