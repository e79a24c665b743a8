"""The inbox when a province has worked for years: 1,000,000 closed and 100,000 open tasks, 500 people, 60 groups.

    python -m bench.inbox [--closed 1000000] [--open 100000] [--sample 150]

Uses DATABASE_URL (a server whose database may be written to; it is left full) or the embedded PostgreSQL, which is removed
afterwards. Filling takes about a minute and 2 GB. Then a sample of the people, busy and idle ones, each ask for the first page
of their tasks, the numbers above it, and the page itself as a browser gets it, in this process and one after the other.
"""

from __future__ import annotations

import argparse
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable

from bench.large_office import fill, people
from bench.processes import quiet
from bench.user_task import server
from engine.model import Actor
from web.auth.session import contents
from web.composition import Services, compose
from web.pages.factory import create_pages
from web.settings import Settings

PAGE_MS, COUNTS_MS = 50, 100


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--closed", type=int, default=1_000_000)
    parser.add_argument("--open", type=int, default=100_000)
    parser.add_argument("--sample", type=int, default=150, help="how many of the people ask")
    options = parser.parse_args()
    quiet()
    with server() as url, tempfile.TemporaryDirectory() as files:
        services = compose(Settings(url, "bench" * 8, files, secure_cookies=False, worker_inside=False))
        services.migrate()
        began = time.monotonic()
        fill(services.database, services.engine, closed=options.closed, open_tasks=options.open)
        print(f"{options.closed} closed and {options.open} open tasks, made in {time.monotonic() - began:.0f} s")
        sound = report(services, random.Random(7).sample(people(), options.sample))
        services.close()
    sys.exit(not sound)


def report(services: Services, asking: list[Actor]) -> bool:
    engine = services.engine
    open_page = browser(services)
    asked: dict[str, tuple[Callable[[Actor], object], int]] = {
        "first page of tasks": (lambda actor: engine.tasks(candidate_of=actor, limit=30, counted=False), PAGE_MS),
        "numbers above it": (engine.task_counts, COUNTS_MS),
        "the page itself": (open_page, PAGE_MS + COUNTS_MS),
    }
    print(f"{'':<22}{'p50 ms':>8}{'p95 ms':>8}{'worst':>8}{'wanted p95':>12}")
    sound = True
    for name, (ask, wanted) in asked.items():
        for actor in asking[:20]:
            ask(actor)
        times = sorted(timed(ask, actor) for actor in asking)
        p95 = times[int(len(times) * 0.95)]
        sound = sound and p95 <= wanted
        print(f"{name:<22}{statistics.median(times):>8.1f}{p95:>8.1f}{times[-1]:>8.1f}{wanted:>12}")
    waiting = [engine.task_counts(actor).all for actor in asking]
    print(f"tasks that wait for one of them: {min(waiting)} to {max(waiting)}, median {statistics.median(waiting):.0f}")
    return sound


def browser(services: Services) -> Callable[[Actor], object]:
    """The inbox as somebody who is logged in gets it, without the network."""
    pages = create_pages(services)
    visitors = {}

    def visit(actor: Actor) -> object:
        if actor.user_id not in visitors:
            visitors[actor.user_id] = client = pages.test_client()
            with client.session_transaction() as session:
                person = services.person(actor.user_id)
                assert person is not None
                session.update(contents(person))
        answer = visitors[actor.user_id].get("/inbox")
        assert answer.status_code == 200, answer.status_code
        assert "审核需求" in answer.text
        return answer

    return visit


def timed(ask: Callable[[Actor], object], actor: Actor) -> float:
    """Milliseconds."""
    began = time.perf_counter()
    ask(actor)
    return (time.perf_counter() - began) * 1000


if __name__ == "__main__":
    main()
