"""Fifty clients at once over five hundred cases, against fifty that only lock a row, change it, add 1 KB and commit.

    python -m bench.clients [--clients 50] [--cases 500] [--processes 10] [--seconds 6] [--rounds 3]

Uses DATABASE_URL (a server whose database may be written to) or the embedded PostgreSQL, removed afterwards. The clients are
threads of several processes, as the requests of several web processes are. Each takes any case and completes its open task:
permission, form, gateway, next task, history, state, one durable transaction. Rounds of three kinds alternate, so that whatever
else the machine does meets all: ``rows`` (the floor), ``any case`` (no process has the case to itself: most commands find it
changed by another process and read it again) and ``own cases`` (each process keeps to its share of the cases, as a balancer
that sends the requests of one case to one process would do). Nothing may be lost, and no client may hear of a conflict.
"""

from __future__ import annotations

import argparse
import ctypes
import json
import multiprocessing
import os
import random
import statistics
import sys
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import psycopg
from psycopg_pool import ConnectionPool
from sqlalchemy import text

from bench.processes import end, quiet
from bench.user_task import CLERK, DIAGRAM, FORM, VALUES, server
from engine.errors import TaskClosed
from engine.facade import Database, ProcessEngine
from engine.model import SYSTEM, Resource

WANTED = 0.8
ROWS, ANY, OWN = "rows", "any case", "own cases"
TABLES = (
    "create table if not exists bare_row (id integer primary key, version bigint not null, content bytea not null)",
    "create table if not exists bare_entry (id bigserial primary key, row_id integer not null, content bytea not null)",
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--clients", type=int, default=50)
    parser.add_argument("--cases", type=int, default=500)
    parser.add_argument("--processes", type=int, default=10)
    parser.add_argument("--seconds", type=float, default=6, help="of each kind in each round")
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    quiet()
    with server(max_connections="400") as url:
        database = Database(url)
        database.migrate()
        engine = ProcessEngine(database)
        context = multiprocessing.get_context("spawn")
        tasks = context.Array(ctypes.c_int64, start_cases(engine, options.cases), lock=False)
        prepare_rows(database, options.cases)
        crew = Crew(context, url, tasks, options)
        rounds = [{kind: crew.run(kind) for kind in (ROWS, ANY, OWN)} for _ in range(options.rounds)]
        crew.dismiss()
        done = sum((each[kind].done for each in rounds for kind in (ANY, OWN)), start=0)
        is_whole = report_losses(database, done)
        is_quick = report_rates(rounds, options.seconds)
        database.dispose()
    sys.exit(not (is_whole and is_quick))


def start_cases(engine: ProcessEngine, count: int) -> list[int]:
    """The open task of each."""
    engine.deploy([Resource("bench.bpmn", DIAGRAM.encode()), Resource("review.form", json.dumps(FORM).encode())], actor=SYSTEM)
    started = (engine.start_process("bench", {}, actor=CLERK) for _ in range(count))
    return [engine.tasks(root_key=one.key).items[0].key for one in started]


def prepare_rows(database: Database, count: int) -> None:
    with database.engine.begin() as connection:
        for table in TABLES:
            connection.execute(text(table))
        rows = "insert into bare_row select n, 0, '' from generate_series(0, :last) as s(n) on conflict do nothing"
        connection.execute(text(rows), {"last": count - 1})


@dataclass
class Outcome:
    """``late``: somebody else had just completed the task, which is an answer and no conflict. ``wrong``: by error name."""

    done: int = 0
    late: int = 0
    wrong: Counter[str] = field(default_factory=Counter)
    times: list[float] = field(default_factory=list)

    def add(self, other: Outcome) -> None:
        self.done, self.late, self.wrong = self.done + other.done, self.late + other.late, self.wrong + other.wrong
        self.times += other.times


class Crew:
    """The processes with their clients; told what to do through a pipe each."""

    def __init__(self, context: Any, url: str, tasks: Any, options: argparse.Namespace) -> None:
        self._seconds = options.seconds
        self._processes, self._pipes = [], []
        for number in range(options.processes):
            mine, theirs = context.Pipe()
            share = range(number, options.cases, options.processes)
            arguments = (theirs, url, tasks, options.clients // options.processes, share)
            process = context.Process(target=member, args=arguments, daemon=True)
            process.start()
            self._processes.append(process)
            self._pipes.append(mine)
        for pipe in self._pipes:
            assert pipe.recv() == "ready"

    def run(self, kind: str) -> Outcome:
        for pipe in self._pipes:
            pipe.send((kind, self._seconds))
        together = Outcome()
        for pipe in self._pipes:
            together.add(pipe.recv())
        return together

    def dismiss(self) -> None:
        for process in self._processes:
            end(process)


def member(pipe: Any, url: str, tasks: Any, clients: int, share: range) -> None:
    """One process: its engine, its pool of bare connections, its clients as threads."""
    quiet()
    database = Database(url, pool_size=clients)
    engine = ProcessEngine(database)
    with ConnectionPool(database.conninfo, min_size=clients, max_size=clients) as pool:
        pipe.send("ready")
        while True:
            kind, seconds = pipe.recv()
            cases = share if kind == OWN else range(len(tasks))
            outcomes = [Outcome() for _ in range(clients)]
            until = time.monotonic() + seconds
            threads = [
                threading.Thread(target=client, args=(kind, engine, pool, tasks, cases, until, outcome)) for outcome in outcomes
            ]
            for thread in threads:
                thread.start()
            together = Outcome()
            for thread, outcome in zip(threads, outcomes, strict=True):
                thread.join()
                together.add(outcome)
            pipe.send(together)


def client(kind: str, engine: ProcessEngine, pool: Any, tasks: Any, cases: range, until: float, outcome: Outcome) -> None:
    chance = random.Random()
    while time.monotonic() < until:
        number = chance.choice(cases)
        began = time.perf_counter()
        try:
            if kind == ROWS:
                change_row(pool, number)
            else:
                tasks[number] = engine.complete_task(tasks[number], VALUES, actor=CLERK).open_tasks[0].key
        except TaskClosed:
            outcome.late += 1
        except Exception as error:  # noqa: BLE001 - whatever a client hears is counted by its name
            outcome.wrong[f"{type(error).__name__} because of {type(error.__cause__).__name__}"] += 1
        else:
            outcome.done += 1
            outcome.times.append(time.perf_counter() - began)


def change_row(pool: ConnectionPool[psycopg.Connection[Any]], number: int) -> None:
    with pool.connection() as connection:  # commits at its end
        connection.execute("select version from bare_row where id = %s for update", (number,)).fetchone()
        connection.execute("update bare_row set version = version + 1 where id = %s", (number,))
        connection.execute("insert into bare_entry (row_id, content) values (%s, %s)", (number, os.urandom(1024)))


def report_losses(database: Database, done: int) -> bool:
    with database.engine.connect() as connection:
        kept = connection.execute(text("select count(*) from user_task where state = 'completed'")).scalar_one()
    print(f"{done} tasks were answered as done, {kept} are stored as completed: {abs(done - kept)} lost or doubled")
    return bool(kept == done)


def report_rates(rounds: list[dict[str, Outcome]], seconds: float) -> bool:
    print(f"{'':<11}{'per s':>8}{'p50 ms':>9}{'p95 ms':>9}{'ratio':>8}{'late':>7}  errors")
    ratios = {}
    for kind in (ROWS, ANY, OWN):
        outcomes = [each[kind] for each in rounds]
        times = sorted(time for outcome in outcomes for time in outcome.times)
        p50, p95 = (times[int(len(times) * part)] * 1000 for part in (0.5, 0.95))
        ratios[kind] = statistics.median(each[kind].done / each[ROWS].done for each in rounds)
        rate = statistics.median(outcome.done for outcome in outcomes) / seconds
        wrong = sum((outcome.wrong for outcome in outcomes), start=Counter[str]())
        late = sum(outcome.late for outcome in outcomes)
        print(f"{kind:<11}{rate:>8.0f}{p50:>9.1f}{p95:>9.1f}{ratios[kind]:>8.2f}{late:>7}  {dict(wrong) or 'none'}")
    print(f"wanted: no error, nothing lost, ratio {WANTED}")
    return ratios[ANY] >= WANTED and not any(outcome.wrong for each in rounds for outcome in each.values())


if __name__ == "__main__":
    main()
