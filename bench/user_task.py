"""What single commands cost, each as one durable transaction, against bare commits of 1 KB in the same run.

    python -m bench.user_task [--rounds 20] [--long]

Uses DATABASE_URL (a server whose database may be written to) or the embedded PostgreSQL with its durable settings. One thread,
one command after the other. Everything is done that the product does: permission, the pinned form, gateways, the next task,
variables, history with its hash chain, the snapshot. Bare commits and commands alternate in small blocks, so that whatever
else the machine does meets both; a ratio is the median over the rounds of (median bare commit / median command). On a machine
that is busy with other things the second ratio, of the fastest tenth of all to the fastest tenth, is nearer to what they cost.

(a) a purchase of 37 user tasks, 20 of them experts at the same time (b) the 10th, 600th, 5,000th and 10,000th task of one case,
and how large its stored state is; the last two only with ``--long`` (d) starting a case, claiming a task, correlating a
message, firing a timer.
"""

from __future__ import annotations

import argparse
import contextlib
import itertools
import json
import os
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg

from bench.flows import CLERK, DIAGRAM, EXPERTS, FORM, TIMED, VALUES, WAITING, entered, purchase
from engine.facade import Database, ProcessEngine
from engine.model import SYSTEM, Resource
from engine.store.embedded import EmbeddedPostgres

BLOCK = 20
WARM = 60  # commands before the first is measured: plans are made, caches filled
SHORT, LONG = (10, 600), (10, 600, 5_000, 10_000)
Command = Callable[[], float]  # does one, and gives the seconds it took


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=20, help="blocks of bare commits and of commands, in turn")
    parser.add_argument("--long", action="store_true", help="a case of 10,000 tasks (about 20 s more)")
    options = parser.parse_args()
    with server() as url:
        database = Database(url, pool_size=2)
        database.migrate()
        engine = ProcessEngine(database)
        deploy(engine)
        with psycopg.connect(database.conninfo) as bare:
            prepare(bare)
            print("                              median        a second   ratio to bare commits of 1 KB, undisturbed")
            told("bare commit of 1 KB", statistics.median(commit(bare) for _ in range(200)), "")
            against("(a) task of a purchase", Purchase(engine).complete, bare, options.rounds)
            against("(b) task of a loop", Case(engine).complete, bare, options.rounds)
            grow(engine, LONG if options.long else SHORT)
            for name, command in others(engine):
                against(f"(d) {name}", command, bare, options.rounds)
        database.dispose()


@contextlib.contextmanager
def server(**settings: str) -> Iterator[str]:
    """The server DATABASE_URL names, or a durable embedded one, with ``settings``, that is removed afterwards."""
    if given := os.environ.get("DATABASE_URL"):
        yield given
        return
    home = Path(tempfile.mkdtemp(prefix="bixuan-bench-"))
    home.chmod(0o755)
    try:
        with EmbeddedPostgres(home / "database", settings=settings) as url:
            yield url
    finally:
        shutil.rmtree(home, ignore_errors=True)


def deploy(engine: ProcessEngine) -> None:
    drawn = {"bench": DIAGRAM, "hears": WAITING, "ticks": TIMED}
    diagrams = [Resource(f"{name}.bpmn", content.encode()) for name, content in drawn.items()]
    engine.deploy([*diagrams, Resource("review.form", json.dumps(FORM).encode()), *purchase()], actor=SYSTEM)


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


def against(name: str, command: Command, bare: psycopg.Connection, rounds: int) -> None:
    """Print the median of ``command`` and its ratio to bare commits made in between."""
    for _ in range(WARM):
        command()
    ratios, times, alone = [], [], []
    for _ in range(rounds):
        commits = [commit(bare) for _ in range(BLOCK)]
        block = [command() for _ in range(BLOCK)]
        ratios.append(statistics.median(commits) / statistics.median(block))
        times += block
        alone += commits
    told(name, statistics.median(times), f"{statistics.median(ratios):.2f}   {fastest(alone) / fastest(times):.2f}")


def fastest(times: list[float]) -> float:
    """What the quickest tenth took at most."""
    return sorted(times)[len(times) // 10]


def told(name: str, seconds: float, ratio: str) -> None:
    print(f"{name:<28}{seconds * 1000:6.2f} ms   {1 / seconds:9.0f}   {ratio}", flush=True)


def timed(act: Callable[[], object]) -> float:
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


class Case:
    """A loop of one user task that never ends."""

    def __init__(self, engine: ProcessEngine) -> None:
        self._engine = engine
        self.key = engine.start_process("bench", {}, actor=CLERK).key
        self._task = engine.tasks(root_key=self.key).items[0].key

    def complete(self) -> float:
        """Seconds from handing in the open task until it is safe."""
        began = time.perf_counter()
        result = self._engine.complete_task(self._task, VALUES, actor=CLERK)
        took = time.perf_counter() - began
        self._task = result.open_tasks[0].key
        return took


class Purchase:
    """Purchases one after the other, each with 37 tasks; only the tasks are timed, not the starts."""

    def __init__(self, engine: ProcessEngine) -> None:
        self._engine = engine
        self._experts = [f"expert_{number}" for number in range(EXPERTS)]
        self._open: list[tuple[int, str]] = []

    def complete(self) -> float:
        if not self._open:
            started = self._engine.start_process("purchase", {"experts": self._experts}, actor=CLERK)
            self._open = [(task.key, task.element_id) for task in self._engine.tasks(root_key=started.key)]
        key, element_id = self._open[0]
        values = entered(element_id)
        began = time.perf_counter()
        result = self._engine.complete_task(key, values, actor=CLERK)
        took = time.perf_counter() - began
        self._open = [(task.key, task.element_id) for task in result.open_tasks]
        return took


def grow(engine: ProcessEngine, marks: tuple[int, ...]) -> None:
    """One case, and what its tasks round each mark cost: the median of 40 against those round the first mark."""
    case = Case(engine)
    times, sizes = [], {}
    for number in range(1, marks[-1] + 21):
        times.append(case.complete())
        if number in marks:
            sizes[number] = state_of(engine, case.key)
    young = None
    for mark in marks:
        seconds = statistics.median(times[max(mark - 20, 2) : mark + 20])
        young = young or seconds
        told(
            f"    task {mark:,}", seconds, f"      {seconds / young:.2f} times task {marks[0]}; stored state {sizes[mark]} bytes"
        )


def state_of(engine: ProcessEngine, root_key: int) -> int:
    with engine.database.engine.connect() as connection:
        statement = f"select octet_length(snapshot) from instance_state where root_key = {root_key:d}"
        return int(connection.exec_driver_sql(statement).scalar_one())


def others(engine: ProcessEngine) -> Iterator[tuple[str, Command]]:
    numbers = itertools.count()
    yield "start a case", lambda: timed(lambda: engine.start_process("bench", {"number": next(numbers)}, actor=CLERK))
    yield "claim a task", claims(engine)
    engine.start_process("hears", {"number": "7"}, actor=CLERK)
    news = {"text": "The notice was published."}
    yield "correlate a message", lambda: timed(lambda: engine.correlate_message("news", "7", news, actor=CLERK))
    yield "fire a timer", fires(engine)


def claims(engine: ProcessEngine) -> Command:
    """Tasks of as many cases as are needed, each claimed once and given back untimed."""
    cases = [engine.start_process("bench", {}, actor=CLERK).key for _ in range(BLOCK)]
    tasks = itertools.cycle([engine.tasks(root_key=key).items[0].key for key in cases])

    def claim() -> float:
        task = next(tasks)
        took = timed(lambda: engine.claim_task(task, actor=CLERK))
        engine.unclaim_task(task, actor=CLERK)
        return took

    return claim


def fires(engine: ProcessEngine) -> Command:
    """Every case has a timer that is due again at once. The worker looks for due ones in batches, so a share of that is counted."""
    for _ in range(BLOCK):
        engine.start_process("ticks", {}, actor=CLERK)

    def fire() -> float:
        began = time.perf_counter()
        fired = engine.fire_due_timers()
        return (time.perf_counter() - began) / fired

    return fire


if __name__ == "__main__":
    main()
