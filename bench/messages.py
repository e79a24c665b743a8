"""What telling people costs those who work: completing a task with and without the worker that reads the history beside it.

    python -m bench.messages [--rounds 20] [--tasks 50] [--pause 0.03] [--most 1.25]

Uses DATABASE_URL or the embedded PostgreSQL with its durable settings. Blocks of tasks with the reader (every two seconds, as the
worker has it) and without alternate, so that whatever else the machine does meets both. Then: how fast what happened is told,
and what the bell and the first page of the list cost a person with 100,000 messages. Ends with 1 when a task takes more than
``--most`` times as long with the reader.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import insert, text

from bench.user_task import Case, deploy, server
from engine.model import SYSTEM
from procurement.accounts.users import add_user
from procurement.office.message_duties import TELL_EVERY_S
from procurement.registers.messages import Message
from web.composition import Services, compose
from web.settings import Settings

MESSAGES = 100_000
WARM = 60


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=20, help="blocks with the reader and without, in turn")
    parser.add_argument("--tasks", type=int, default=50, help="tasks of a block")
    parser.add_argument("--pause", type=float, default=0.03, help="seconds between two tasks: people think as well")
    parser.add_argument("--most", type=float, default=1.25, help="the largest ratio of the medians that is fine")
    options = parser.parse_args()
    with server() as url, tempfile.TemporaryDirectory() as files:
        services = compose(Settings.for_demo(url, files))
        services.migrate()
        deploy(services.engine)
        with services.office.desk.editing(SYSTEM) as session:
            add_user(session, "reader", "读者", "-", roles=["procurement_officer"], now=services.clock.now())
        services.messages.tell()
        ratio = compared(services, options.rounds, options.tasks, options.pause)
        told(services)
        looked(services)
        services.close()
    if ratio > options.most:
        sys.exit(f"a task takes {ratio:.2f} times as long with the reader, more than {options.most}")


def compared(services: Services, rounds: int, tasks: int, pause: float) -> float:
    """Median with the reader over median without."""
    case = Case(services.engine)
    for _ in range(WARM):
        case.complete()

    def paced() -> float:
        time.sleep(pause)
        return case.complete()

    without: list[float] = []
    beside: list[float] = []
    for _ in range(rounds):
        without += [paced() for _ in range(tasks)]
        with reading(services):
            beside += [paced() for _ in range(tasks)]
    for name, times in (("without the reader", without), ("with the reader", beside)):
        print(
            f"task {name:<20} median {statistics.median(times) * 1e3:6.2f} ms, 95th {sorted(times)[int(len(times) * 0.95)] * 1e3:6.2f} ms"
        )
    ratio = statistics.median(beside) / statistics.median(without)
    print(f"ratio of the medians {ratio:.2f}")
    return ratio


@contextmanager
def reading(services: Services) -> Iterator[None]:
    """The duty of the worker, as often as the worker does it."""
    stop = threading.Event()

    def steadily() -> None:
        while not stop.is_set():
            services.messages.tell()
            stop.wait(TELL_EVERY_S)

    thread = threading.Thread(target=steadily)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def told(services: Services) -> None:
    """How fast a backlog is worked off."""
    while services.messages.tell():
        pass
    case = Case(services.engine)
    for _ in range(1_000):
        case.complete()
    began, entries = time.perf_counter(), 0
    while count := services.messages.tell():
        entries += count
    print(f"a backlog of {entries} entries is told in {time.perf_counter() - began:.2f} s")


def looked(services: Services) -> None:
    """The bell and the list of a person with very many messages."""
    now = services.clock.now()
    row = {"login": "reader", "kind": "task", "words": "", "values": {}, "subject": "待办", "text": "请办理", "link": "/inbox"}
    with services.office.desk.database.unit_of_work() as work:
        for start in range(0, MESSAGES, 10_000):
            rows = [{**row, "source": f"s{n}", "urgent": False, "at": now, "mail": "none"} for n in range(start, start + 10_000)]
            work.session.execute(insert(Message), rows)
        work.commit()
    with services.office.desk.database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("vacuum analyze messages"))
    desk = services.office.messages
    for name, look in (("the bell", lambda: desk.unread("reader")), ("the first page", lambda: desk.page("reader", "zh_Hans"))):
        times = []
        for _ in range(50):
            began = time.perf_counter()
            look()
            times.append(time.perf_counter() - began)
        print(f"{name} with {MESSAGES} messages: median {statistics.median(times) * 1e3:.2f} ms")


if __name__ == "__main__":
    main()
