"""A million pending timers: how late the due ones start at 200 a second, and what waiting costs when nothing is due.

    python -m bench.timers [--pending 1000000] [--rate 200] [--seconds 15] [--workers 1]

Uses DATABASE_URL (a server whose database may be written to; it is left full) or the embedded PostgreSQL, which is removed
afterwards. The pending timers are rows made set-wise; the due ones belong to real cases, started before the clock runs, and
each firing is a whole command: lock, load, run to the next user task, history, commit. The workers are processes of their own.
"""

from __future__ import annotations

import argparse
import datetime as dt
import multiprocessing
import signal
import sys
import threading
import time
from typing import Any

from sqlalchemy import text

from bench.processes import CpuTime, end, parent, quiet
from bench.user_task import CLERK, server
from engine.facade import Database, ProcessEngine
from engine.jobs.worker import Worker
from engine.model import SYSTEM, Resource

LATE_S, IDLE_PERCENT = 2.0, 1.0
IDLE_FOR_S = 20
DIAGRAM = b"""<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0"
 targetNamespace="bench"><process id="waits" isExecutable="true"><startEvent id="begun"/>
 <intermediateCatchEvent id="pause"><timerEventDefinition><timeDate>=at</timeDate></timerEventDefinition></intermediateCatchEvent>
 <userTask id="review"><extensionElements><zeebe:userTask/><zeebe:assignmentDefinition candidateGroups="office"/>
  <zeebe:taskSchedule dueDate="=at"/></extensionElements></userTask><endEvent id="ended"/>
 <sequenceFlow id="f1" sourceRef="begun" targetRef="pause"/><sequenceFlow id="f2" sourceRef="pause" targetRef="review"/>
 <sequenceFlow id="f3" sourceRef="review" targetRef="ended"/></process></definitions>"""
PENDING = """
insert into timer (element_key, root_key, instance_key, definition_key, element_id, due_at)
select 20000000000 + n, 20000000000 + n, 20000000000 + n, :definition, 'pause', now() + interval '1 day' + random() * interval '700 days'
from generate_series(1, :pending) as s(n)
"""
# the task that follows is due when the timer was, so that one row says both moments
LATENESS = """
select count(*), percentile_cont(0.5) within group (order by late), percentile_cont(0.95) within group (order by late), max(late)
from (select extract(epoch from created_at - due) as late from user_task where state = 'created') as each
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pending", type=int, default=1_000_000)
    parser.add_argument("--rate", type=int, default=200, help="timers due in each second")
    parser.add_argument("--seconds", type=int, default=15, help="how long timers are due")
    parser.add_argument("--workers", type=int, default=1)
    options = parser.parse_args()
    quiet()
    with server() as url:
        database = Database(url)
        database.migrate()
        engine = ProcessEngine(database)
        fill(engine, options.pending)
        start_due(engine, options.rate, options.seconds)
        workers = start_workers(url, options.workers)
        try:
            is_prompt = report_lateness(database, options.rate * options.seconds)
            is_cheap = report_idle(database, [worker.pid for worker in workers])
        finally:
            for worker in workers:
                end(worker)
        database.dispose()
    sys.exit(not (is_prompt and is_cheap))


def fill(engine: ProcessEngine, pending: int) -> None:
    deployed = engine.deploy([Resource("waits.bpmn", DIAGRAM)], actor=SYSTEM)
    began = time.monotonic()
    with engine.database.engine.begin() as connection:
        connection.execute(text(PENDING), {"definition": deployed.definitions[0].key, "pending": pending})
    with engine.database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("vacuum analyze"))
    print(f"{pending} pending timers, made in {time.monotonic() - began:.0f} s")


def start_due(engine: ProcessEngine, rate: int, seconds: int) -> None:
    """Real cases whose timers become due evenly, beginning a little after the last of them has started."""
    count = rate * seconds
    began = time.monotonic()
    first = engine.clock.now() + dt.timedelta(seconds=8 + count * 0.008)
    for number in range(count):
        engine.start_process("waits", {"at": first + dt.timedelta(seconds=number / rate)}, actor=CLERK)
    print(f"{count} cases started in {time.monotonic() - began:.0f} s; their timers are due at {rate} a second")
    if engine.clock.now() > first - dt.timedelta(seconds=4):
        raise SystemExit("This machine was too slow to start the cases before their timers were due: try a smaller --rate.")


def start_workers(url: str, count: int) -> list[Any]:
    context = multiprocessing.get_context("spawn")
    workers = [context.Process(target=work, args=(url,), daemon=True) for _ in range(count)]
    for worker in workers:
        worker.start()
    return workers


def work(url: str) -> None:
    quiet()
    stop = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    Worker(ProcessEngine(Database(url))).run(stop)


def report_lateness(database: Database, expected: int) -> bool:
    give_up = time.monotonic() + 180
    while True:
        with database.engine.connect() as connection:
            fired, p50, p95, worst = connection.execute(text(LATENESS)).one()
        if fired == expected:
            break
        if time.monotonic() > give_up:
            print(f"only {fired} of {expected} timers have fired")
            return False
        time.sleep(0.5)
    print(f"{fired} fired; late by {p50:.2f} s (median), {p95:.2f} s (p95), {worst:.2f} s (worst); wanted: {LATE_S:.0f} s")
    return bool(worst <= LATE_S)


def report_idle(database: Database, workers: list[int]) -> bool:
    """What the workers and the database's processes use while nothing is due, of one core."""
    time.sleep(3)
    with database.engine.connect() as connection:
        one = connection.execute(text("select pg_backend_pid()")).scalar_one()
    used = CpuTime(workers, parent(one))
    time.sleep(IDLE_FOR_S)
    mine, database_s = used.since_then()
    worker_percent, database_percent = (100 * seconds / IDLE_FOR_S for seconds in (mine, database_s))
    print(
        f"idle: workers {worker_percent:.2f} % of a core, database {database_percent:.2f} %; wanted together: {IDLE_PERCENT:.0f} %"
    )
    return worker_percent + database_percent <= IDLE_PERCENT


if __name__ == "__main__":
    main()
