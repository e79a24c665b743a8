"""What garbage collections cost a page with many rows, and what leaving out the loaded definitions saves.

    python -m bench.collecting [pages]

An agency runs 8,000 purchases; its work bench, which puts a thousand in order, is asked for in this process, without a network:
so many pages with Python's own collector, so many settled as a served process is (web.serving.settle), and both again. Prints the
processor milliseconds of a page both ways, the ratios, how many full collections there were, and what the process holds: after
twice as many settled pages it must not hold more. Processor time, so that a busy machine says the same. A full collection meets
about one page in twenty, so that the p95 is now one with it and now one without; the p99 decides.
"""

from __future__ import annotations

import datetime as dt
import gc
import os
import statistics
import sys
import time
from collections.abc import Callable

from sqlalchemy import text

from bench.dashboards import NOW, entered, got
from bench.processes import memory_mb, quiet
from bench.public import office
from engine.model import SYSTEM
from procurement.demo.registers import load_registers
from procurement.registers.row import OFFICE_ZONE
from tests.support.figures import fill
from web.composition import Services, compose
from web.resources import designer_folders, read_resources
from web.serving import settle

PURCHASES, TURNS = 8_000, 2
WANTED_RATIO = 0.75  # of the p99 with Python's own collector
MOST_GROWTH_MB = 10  # of the second half of the settled pages over the first
RUNNING = "update purchases set status = 'comparison_open', step = 'selection', agency_id = 'agy-01'"


def main(pages: int) -> int:
    quiet()
    with office() as services:
        prepare(services)
        served = compose(services.settings)
        client = entered(served, "hxpg")
        own = gc.get_threshold()

        def as_python_does() -> None:
            gc.unfreeze()
            gc.set_threshold(*own)

        def settled() -> None:
            settle(served)

        settled()  # both find the definitions loaded
        times: dict[str, list[float]] = {"own": [], "settled": []}
        full: dict[str, int] = {"own": 0, "settled": 0}
        for _ in range(TURNS):
            for name, begin in (("own", as_python_does), ("settled", settled)):
                turn, collections = taken(begin, lambda: got(client, "/agency"), pages)
                times[name] += turn
                full[name] += collections
        slow = {name: told(name, times[name], full[name]) for name in times}
        p95, p99 = (slow["settled"][n] / slow["own"][n] for n in range(2))
        print(f"settled / own: p95 {p95:.2f}, p99 {p99:.2f}, wanted at most {WANTED_RATIO}", flush=True)
        growth = grown(lambda: got(client, "/agency"), pages)
        served.close()
    return 1 if p99 > WANTED_RATIO or growth > MOST_GROWTH_MB else 0


def prepare(services: Services) -> None:
    services.clock.set(NOW)  # type: ignore[attr-defined]
    with services.office.desk.editing(SYSTEM) as session:
        load_registers(session, NOW)
    services.engine.deploy(read_resources(designer_folders()), actor=SYSTEM)
    fill(services.office.desk.database, purchases=PURCHASES, first=dt.datetime(NOW.year, 1, 1, tzinfo=OFFICE_ZONE))
    with services.database.engine.begin() as connection:
        connection.execute(text(RUNNING))


def taken(begin: Callable[[], None], act: Callable[[], None], pages: int) -> tuple[list[float], int]:
    """Processor milliseconds of each page, and how many full collections fell into them."""
    begin()
    before, found = gc.get_stats()[2]["collections"], []
    for _ in range(pages):
        begun = time.process_time()
        act()
        found.append((time.process_time() - begun) * 1000)
    return found, gc.get_stats()[2]["collections"] - before


def told(name: str, times: list[float], full: int) -> tuple[float, float]:
    """p95 and p99."""
    parts = statistics.quantiles(times, n=100)
    p50, p95, p99 = parts[49], parts[94], parts[98]
    print(
        f"{name:8} p50 {p50:7.1f} ms   p95 {p95:7.1f} ms   p99 {p99:7.1f} ms   {full} full collections in {len(times)} pages",
        flush=True,
    )
    return p95, p99


def grown(act: Callable[[], None], pages: int) -> float:
    """MB the process holds more after the second half of the pages than after the first; it is settled already."""
    sizes = []
    for _ in range(2):
        for _ in range(pages):
            act()
        sizes.append(memory_mb(os.getpid())[0])
    print(f"memory settled: {sizes[0]:.0f} MB after {pages} pages more, {sizes[1]:.0f} MB after twice as many", flush=True)
    return sizes[1] - sizes[0]


if __name__ == "__main__":
    raise SystemExit(main(*[int(one) for one in sys.argv[1:] if one.isdecimal()] or [100]))
