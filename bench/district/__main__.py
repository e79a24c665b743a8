"""A whole district for ten years: played, copied up to its size, and every list and dashboard asked at that size.

python -m bench.district enlarge --home DIR   # DIR: of a demo that has ended; gets the district's registers
python -m bench.district generate --home DIR [--share 20] [--until 2029-12-31] [--hours 1]
python -m bench.district multiply --home DIR [--copies 19] [--years 1]
python -m bench.district pages --home DIR [--rounds 10] [--only PART]
"""

from __future__ import annotations

import argparse
import datetime as dt
import logging
import os
import time
from pathlib import Path

import structlog

from bench.district.home import district
from bench.district.multiply import counted, multiply
from bench.district.pages import HEAD, measure
from bench.district.playing import enlarge, generate
from bench.district.registers import ORGANISATIONS


def main() -> int:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    parser = argparse.ArgumentParser(
        prog="bench.district", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("what", choices=("enlarge", "generate", "multiply", "pages"))
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--share", type=int, default=20, help="play every n-th purchase of the ten years")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--until", type=dt.date.fromisoformat, default=dt.date(2030, 3, 1))
    parser.add_argument("--hours", type=float, default=10)
    parser.add_argument("--organisations", type=int, default=ORGANISATIONS)
    parser.add_argument("--copies", type=int, default=19)
    parser.add_argument("--years", type=int, default=1, help="put the copies back over so many years")
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--only", default="")
    given = parser.parse_args()
    with district(given.home) as services:
        if given.what == "enlarge":
            enlarge(services, given.organisations)
            return 0
        if given.what == "generate":
            generate(
                services,
                given.home,
                share=given.share,
                seed=given.seed,
                until=given.until,
                hours=given.hours,
                organisations=given.organisations,
            )
            return 0
        if given.what == "multiply":
            begun = time.perf_counter()
            added = multiply(services.database, given.copies, given.years)
            for name, rows in sorted(added.items(), key=lambda one: -one[1]):
                print(f"{name:28} {rows:12,} rows copied")
            print(f"{sum(added.values()):,} rows in {time.perf_counter() - begun:.0f} s")
            played, copied = counted(services.database)
            print(f"{played} purchases were played through the processes, {copied} are copies of them")
            return 0
        found = measure(services, given.rounds, given.only)
        slow = sorted((one for one in found if one.slow), key=lambda one: -one.p95)
        print(
            f"\n{len(found)} pages, {len(slow)} lists and dashboards over the limit; load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors\n{HEAD}"
        )
        for one in slow:
            print(one)
        return 1 if slow else 0


if __name__ == "__main__":
    raise SystemExit(main())
