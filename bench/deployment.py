"""Reading and checking every process, rule table and form this installation came with, and deploying them.

    python -m bench.deployment [--rounds 5]

Uses DATABASE_URL (a server whose database may be written to) or the embedded PostgreSQL, removed afterwards.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections.abc import Callable

from bench.processes import quiet
from bench.user_task import server
from engine.facade import Database, ProcessEngine
from engine.feel import Feel
from engine.model import SYSTEM
from procurement.calendar import extensions
from procurement.registers.office_calendar import OfficeCalendar
from web.resources import designer_folders, read_resources

WANTED_S = 2.0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    quiet()
    resources = read_resources(designer_folders())
    size = sum(len(resource.content) for resource in resources)
    print(f"{len(resources)} files, {size / 1024:.0f} KB")
    with server() as url:
        database = Database(url)
        database.migrate()
        engine = ProcessEngine(database, feel=Feel(extensions(OfficeCalendar(database))))
        first = timed(lambda: engine.deploy(resources, actor=SYSTEM))
        checks = [timed(lambda: engine.check(resources)) for _ in range(options.rounds)]
        again = timed(lambda: engine.deploy(resources, actor=SYSTEM))
        database.dispose()
    check = statistics.median(checks)
    print(f"read and check        {check:5.2f} s   wanted: {WANTED_S:.0f} s")
    print(f"first deployment      {first:5.2f} s   with storing")
    print(f"deployed again        {again:5.2f} s   nothing changed")
    sys.exit(check > WANTED_S)


def timed(action: Callable[[], object]) -> float:
    """Seconds."""
    began = time.perf_counter()
    action()
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
