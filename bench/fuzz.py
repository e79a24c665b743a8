"""Any number of random nested processes against the oracle, each once in memory and once stored and loaded at every step.

    python -m bench.fuzz --processes 2000 [--first 0] [--workers 2] [--on-database]

With ``--on-database`` every step is a command of the whole engine on an embedded PostgreSQL, one process at a time.
Prints what disagreed, with the seed that shows it again, and how many steps a second were taken. Ends with 1 when anything did.
"""

from __future__ import annotations

import argparse
import datetime as dt
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp

from engine.facade import Database
from engine.store.embedded import EmbeddedPostgres
from tests.integration.engine.office import HandClock, Office
from tests.support.oracle.driving import Drive
from tests.support.oracle.on_database import DriveOnDatabase

CHUNK = 50


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--processes", type=int, default=2000)
    parser.add_argument("--first", type=int, default=0, help="the first seed")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--on-database", action="store_true")
    given = parser.parse_args()
    if given.on_database:
        return on_database(given.first, given.processes)
    began = time.monotonic()
    starts = range(given.first, given.first + given.processes, CHUNK)
    ends = [min(start + CHUNK, given.first + given.processes) for start in starts]
    with ProcessPoolExecutor(given.workers) as pool:
        results = list(pool.map(run, starts, ends))
    steps, wrong = sum(result[0] for result in results), [one for result in results for one in result[1]]
    for one in wrong:
        print(one)
    seconds = time.monotonic() - began
    print(f"{given.processes} processes, {steps} steps in {seconds:.1f} s ({steps / seconds:.0f}/s), {len(wrong)} wrong")
    return 1 if wrong else 0


def run(first: int, end: int) -> tuple[int, list[str]]:
    """Steps taken, and what went wrong for the seeds from ``first`` to before ``end``."""
    steps, wrong = 0, []
    for seed in range(first, end):
        try:
            steps += Drive(seed, stored=False).run() + Drive(seed, stored=True).run()
        except Exception as failure:  # noqa: BLE001 - a fuzz reports every failure and goes on
            wrong.append(f"seed {seed}: {type(failure).__name__}: {failure}")
    return steps, wrong


def on_database(first: int, processes: int) -> int:
    began, ended, wrong = time.monotonic(), 0, 0
    home = Path(mkdtemp(prefix="bixuan-fuzz-"))
    home.chmod(0o755)
    with EmbeddedPostgres(home / "pg", settings={"fsync": "off"}) as url:
        database = Database(url)
        database.migrate()
        office = Office(database, HandClock(dt.datetime(2026, 3, 2, 9, tzinfo=dt.UTC)))
        for seed in range(first, first + processes):
            try:
                ended += DriveOnDatabase(office, seed).run()
            except Exception as failure:  # noqa: BLE001 - a fuzz reports every failure and goes on
                wrong += 1
                print(f"seed {seed}: {type(failure).__name__}: {failure}")
        database.dispose()
    rmtree(home)
    print(f"{processes} processes on the database, {ended} to their end, in {time.monotonic() - began:.1f} s, {wrong} wrong")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
