"""The public site with a thousand purchases: how long each page takes, beside the cheapest page of the same run.

    python -m bench.public [purchases] [rounds]

Writes the purchases into a database of its own and asks each page in this process, without a network. Prints milliseconds (p50,
p95) and the ratio of each p50 to that of the login page, then how long the open data takes: the first reading, which publishes
every release, and one that finds nothing new; a page of releases, one record, and the package of everything.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import shutil
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from decimal import Decimal
from functools import partial
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import httpx
from fastapi import FastAPI

from engine.model import SYSTEM
from engine.store.embedded import EmbeddedPostgres
from procurement.opendata.packages import API
from procurement.registers.comparison import Notice
from procurement.registers.purchases import Purchase
from web.app import create_app
from web.composition import Services, compose
from web.pages.factory import create_pages
from web.public_site import publisher_of
from web.settings import Settings

KINDS = ("comparison_notice", "correction", "bid_list", "opening_record", "result_publicity", "award")
PAGES = {
    "login": "/login",
    "front page": "/public",
    "all notices": "/public/notices",
    "search": "/public/notices?words=0500",
    "one community": "/public/notices?community=社区7",
    "purchase": "/public/purchases/CG-2026-0500",
    "notice": "/public/notices/GG-2026-002500",
    "feed": "/public/feed.atom",
}
DATA = {"100 releases": f"{API}/releases?limit=100", "one record": f"{API}/records/ocds-bixuan-CG-2026-0021"}
WANTED_RATIO = 20  # of the login page; the front page shows up to sixty comparisons


def main(purchases: int, rounds: int) -> int:
    with office() as services:
        write(services, purchases)
        client = create_pages(services).test_client()
        taken = {name: timed(partial(client.get, address), rounds) for name, address in PAGES.items()}
        base = statistics.median(taken["login"])
        slow = 0
        for name, times in taken.items():
            p50, p95 = statistics.median(times), statistics.quantiles(times, n=20)[-1]
            slow += p50 / base > WANTED_RATIO
            print(f"{name:14} p50 {p50:7.1f} ms   p95 {p95:7.1f} ms   {p50 / base:5.1f} x login")
        data(services)
    return 1 if slow else 0


@contextmanager
def office() -> Iterator[Services]:
    home = Path(mkdtemp(prefix="bixuan-bench-"))
    home.chmod(0o755)
    try:
        with EmbeddedPostgres(home / "database") as url:
            services = compose(Settings.for_demo(url, str(home / "files")))
            services.migrate()
            yield services
            services.close()
    finally:
        shutil.rmtree(home, ignore_errors=True)


def write(services: Services, purchases: int) -> None:
    """Each with six notices; every tenth is still open."""
    now = services.clock.now()
    with services.office.desk.editing(SYSTEM) as session:
        for n in range(purchases):
            key, running = f"CG-2026-{n:04d}", n % 10 == 0
            known = {
                "step": "selection",
                "status": "comparison_open" if running else "awarded",
                "bid_until": now + dt.timedelta(days=1),
            }
            session.add(Purchase(id=key, title=f"项目 {n:04d}", unit="社会事务办", initiator="x", initiator_kind="department", community=f"社区{n % 20}", route="open_comparison", amount=Decimal(380000), details={}, started_at=now, updated_at=now, **known))  # fmt: skip
            for m, kind in enumerate(KINDS[:1] if running else KINDS):
                content = {
                    "budget": 380000,
                    "organisation": "某中心",
                    "amount": Decimal(350000),
                    "working_days": 5,
                    "requirements": "服务要求" * 40,
                }
                session.add(Notice(id=f"GG-2026-{n * 5 + m:06d}" if m < 5 else f"GG-2027-{n:06d}", purchase_id=key, kind=kind, title=f"项目 {n:04d} 公告", content=content, published_at=now - dt.timedelta(days=40 - m), until=now - dt.timedelta(days=1) if not running else now + dt.timedelta(days=1), published_by="x", sha256="0" * 64))  # fmt: skip


def timed(act: Callable[[], Any], rounds: int) -> list[float]:
    found = []
    for _ in range(rounds + 1):
        begun = time.perf_counter()
        act()
        found.append((time.perf_counter() - begun) * 1000)
    return found[1:]  # the first compiles the template


def data(services: Services) -> None:
    publisher, desk = publisher_of(services.settings), services.office.open_data
    begun, added = time.perf_counter(), 0
    while more := desk.publish_due(publisher):
        added += more
    spent = time.perf_counter() - begun
    idle = statistics.median(timed(lambda: desk.publish_due(publisher), 20))
    print(f"open data      {added} releases published in {spent:.1f} s ({added / spent:.0f}/s); nothing new: {idle:.1f} ms")
    asyncio.run(handed_out(create_app(services.settings, services)))


async def handed_out(application: FastAPI) -> None:
    """What other people's programs read."""
    async with httpx.AsyncClient(transport=httpx.ASGITransport(application), base_url="http://bench", timeout=600) as client:
        for name, address in DATA.items():
            times = [await asked(client, address) for _ in range(21)][1:]
            print(f"{name:14} p50 {statistics.median(times):7.1f} ms   p95 {statistics.quantiles(times, n=20)[-1]:7.1f} ms")
        begun = time.perf_counter()
        size = len((await client.get(f"{API}/package.json")).content) / 1e6
        spent = time.perf_counter() - begun
        print(f"whole package  {size:.1f} MB in {spent:.1f} s ({size / spent:.1f} MB/s)")


async def asked(client: httpx.AsyncClient, address: str) -> float:
    begun = time.perf_counter()
    (await client.get(address)).raise_for_status()
    return (time.perf_counter() - begun) * 1000


if __name__ == "__main__":
    raise SystemExit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000, int(sys.argv[2]) if len(sys.argv) > 2 else 30))
