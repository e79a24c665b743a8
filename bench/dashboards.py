"""The dashboards of a district after ten years: how long each first page takes, every year together, and the lists behind them.

    python -m bench.dashboards [purchases] [a year] [rounds] [--each]

9,200 purchases, 920 a year, with their tasks, contracts, payments, records, objections and flags, 2,000 organisations, 10,000
entries in every ledger that stands on a dashboard; all in a database of its own. Each page is asked in this process, without a
network. Prints milliseconds (p50, p95) and how much of them this process computed itself; fails when the p95 of a dashboard's
first page, which shows this year, is over the limit.
"""

from __future__ import annotations

import datetime as dt
import statistics
import sys
import time
from collections.abc import Callable
from functools import partial

from flask.testing import FlaskClient
from sqlalchemy import text

from bench.public import office, timed
from engine.facade import Database
from engine.model import SYSTEM
from procurement.demo.registers import PASSWORD, load_registers
from procurement.ledgers.shelf import shipped
from procurement.office.reports import BOARDS, Wanted
from procurement.registers.row import OFFICE_ZONE
from tests.support.figures import fill
from web.composition import Services
from web.pages.factory import create_pages
from web.resources import designer_folders, read_resources

NOW = dt.datetime(2026, 11, 2, 9, 0, tzinfo=OFFICE_ZONE)
LIMIT_MS = 200
READERS = {"leader": "jdzr", "finance": "czs", "agency": "hxpg", "audit": "jjjc"}
LISTS = ("deadlines-by-month", "purchases-by-category")
ORGANISATIONS, ENTRIES = 2_000, 10_000
LEDGER = """
insert into ledger_entries (ledger, number, entry_key, name, form_version, content, search, facts, valid_from, owner, recorded_by,
  recorded_at, closed_reason, closed_by)
select :ledger, :series || '-' || n, cast(:key as text) || n, '条目 ' || n, 1, '{}', '', jsonb_build_object(%s),
  date '2017-01-01' + n * 3650 / :entries, 'organisation:fig-' || mod(n, :organisations), 'bench', now(), '', ''
from generate_series(0, :entries - 1) n
"""


def main(purchases: int, a_year: int, rounds: int) -> int:
    with office() as services:
        services.clock.set(NOW)  # type: ignore[attr-defined]
        with services.office.desk.editing(SYSTEM) as session:
            load_registers(session, NOW)
        services.engine.deploy(read_resources(designer_folders()), actor=SYSTEM)  # the forms of the ledgers
        fill_ledgers(services.office.desk.database)
        first = dt.datetime(NOW.year - (purchases - 1) // a_year, 1, 1, tzinfo=OFFICE_ZONE)
        fill(services.office.desk.database, purchases=purchases, first=first, organisations=ORGANISATIONS, a_year=a_year)
        slowest = [measured(services, board, login, rounds) for board, login in READERS.items()]
    return 1 if max(slowest) > LIMIT_MS else 0


def measured(services: Services, board: str, login: str, rounds: int) -> float:
    """p95 of the dashboard's first page, in milliseconds."""
    client = entered(services, login)
    address = f"/dashboards/{board}"
    p95 = told(board, timed(partial(got, client, address), rounds), partial(got, client, address))
    told("  every year", timed(partial(got, client, f"{address}?year=all"), max(3, rounds // 3)))
    if "--each" in sys.argv:
        actor = services.office.accounts.actor(login)
        for one in services.office.reports.draw(BOARDS[board], Wanted(2026), actor=actor):
            draw = partial(services.office.reports.draw, BOARDS[board], Wanted(2026), actor=actor, only=one.figure.id)
            told(f"  {one.figure.id}", timed(draw, max(3, rounds // 3)))
    if board == "leader":
        for figure in LISTS:
            told(f"cases of {figure}", timed(partial(got, client, f"{address}/{figure}/cases"), rounds))
    return p95


def entered(services: Services, login: str) -> FlaskClient:
    client = create_pages(services).test_client()
    page = client.get("/login").get_data(as_text=True)
    token = page.partition('name="csrf_token" value="')[2].partition('"')[0]
    answer = client.post("/login", data={"csrf_token": token, "login": login, "password": PASSWORD})
    assert answer.status_code == 303, answer.status_code
    return client


def got(client: FlaskClient, address: str) -> None:
    answer = client.get(address)
    assert answer.status_code == 200, f"{address}: {answer.status_code} {answer.get_data(as_text=True)}"


def fill_ledgers(database: Database) -> None:
    """Entries with what the figures of their ledger group by and add up."""
    with database.engine.begin() as connection:
        for ledger in shipped().values():
            if any(one.dashboards for one in ledger.figures):
                facts = {one.by: "jsonb_build_array('值' || mod(n, 6))" for one in ledger.figures}
                facts |= {one.sum: "jsonb_build_array(100 + mod(n, 5000))" for one in ledger.figures if one.sum}
                told_as = ", ".join(f"'{name}', {value}" for name, value in facts.items())
                known = {"ledger": ledger.id, "series": ledger.number, "key": ledger.id if ledger.key else None}
                numbers = {"entries": ENTRIES, "organisations": ORGANISATIONS}
                connection.execute(text(LEDGER % told_as), {**known, **numbers})


def told(name: str, times: list[float], act: Callable[[], None] | None = None) -> float:
    """p95. ``act`` is done once more, to say how much of it is computed here and not in the database."""
    p95 = statistics.quantiles(times, n=20)[-1]
    computed = ""
    if act is not None:
        begun = time.process_time()
        act()
        computed = f"   of it computed here {(time.process_time() - begun) * 1000:6.1f} ms"
    print(f"{name:32} p50 {statistics.median(times):7.1f} ms   p95 {p95:7.1f} ms{computed}", flush=True)
    return p95


if __name__ == "__main__":
    given = [int(one) for one in sys.argv[1:] if one.isdecimal()]
    raise SystemExit(main(*(given + [9_200, 920, 20][len(given) :])))
