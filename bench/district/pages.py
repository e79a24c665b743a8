"""Asks the first page of every list and dashboard of a district, and one page of each kind about a single thing.

A page without an address part of its own is asked as the first role that has it, those of everybody as several roles; behind each
role stands its busiest account. Only lists and dashboards are held to the limit.
"""

from __future__ import annotations

import re
import statistics
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, text

from procurement.office.reports import BOARDS
from web.auth import access
from web.auth.session import contents
from web.composition import Services
from web.pages.factory import create_pages
from web.serving import settle

LIMIT_MS = 200
ENOUGH_MS = 10_000  # a page that takes seconds is not asked all the rounds
ROLES = ("street_leader", "procurement_officer", "finance", "discipline", "admin", "department", "agency", "organisation", "expert", "community", "committee", "service_centre", "operator", "designer")  # fmt: skip
OF_MANY = {"home.index", "inbox.index", "purchases.index", "matter_list.index", "messages.index", "ledgers.index"}
MANY = ("street_leader", "procurement_officer", "finance", "discipline", "department", "community", "agency", "organisation", "expert", "committee")  # fmt: skip
# forms to fill in, downloads, and what is no page
NO_LISTS = {"login.show", "account.show", "clock.show", "designer.deploy", "matter_list.choose", "mail_wishes.show", "onsite.whoami", "onsite.worker", "purchases.begin", "registering.begin", "opening_keys.show", "sealed_bids.check", "public.receipt", "public.verify", "feedback.show", "feedback.answer", "users.create", "supplier.contest", "surveys.thanks", "audit.table", "discretion.table", "flags.table", "studio_packing.everything", "studio_packing.bring", "studio_editors.functions", "studio_editors.element_templates"}  # fmt: skip
SEARCHES = {
    "purchases.index": ("?words=助餐", "?running=1", "?status=delivering", "?words=0007"),
    "public.notices": ("?words=助餐", "?words=0007", "?kind=award"),
    "registers.organisations": ("?words=服务中心",),
    "audit.index": ("?words=CG-2024",),
    "execution.index": ("?year=2026",),
}
ONE = {  # the newest of a kind: a statement that gives an address and who reads it
    "purchase": ("select '/purchases/' || id from purchases where ended_at is null order by id desc limit 1", "street_leader"),
    "purchase that ended": ("select '/purchases/' || id from purchases where ended_at is not null order by id desc limit 1", "street_leader"),
    "its history": ("select '/purchases/' || id || '/history' from purchases where ended_at is not null order by id limit 1", "discipline"),
    "its reasons": ("select '/purchases/' || id || '/why' from purchases where ended_at is not null order by id limit 1", "discipline"),
    "its documents": ("select '/purchases/' || id || '/documents' from purchases where ended_at is not null order by id limit 1", "discipline"),
    "its values": ("select '/purchases/' || id || '/values' from purchases where ended_at is not null order by id limit 1", "discipline"),
    "its thread": ("select '/purchases/' || id || '/thread' from purchases where ended_at is not null order by id limit 1", "discipline"),
    "its file": ("select '/purchases/' || purchase_id || '/file' from case_files order by id limit 1", "discipline"),
    "its public page": ("select '/public/purchases/' || purchase_id from notices order by id desc limit 1", "street_leader"),
    "notice": ("select '/public/notices/' || id from notices order by id desc limit 1", "street_leader"),
    "objections": ("select '/cases/' || purchase_id || '/objections' from objections order by id desc limit 1", "discipline"),
    "matter": ("select '/matters/' || id from matters order by id desc limit 1", "procurement_officer"),
    "organisation": ("select '/registers/organisations/' || organisation_id from contracts group by organisation_id order by count(*) desc limit 1", "procurement_officer"),
    "integrity file": ("select '/organisations/' || organisation_id || '/integrity' from contracts group by organisation_id order by count(*) desc limit 1", "procurement_officer"),
    "contract": ("select '/contracts/' || id from contracts order by id desc limit 1", "procurement_officer"),
    "budget": ("select '/budgets/' || budget_code from budget_lines group by 1 order by count(*) desc limit 1", "finance"),
    "flag": ("select '/flags/' || id from red_flags order by id desc limit 1", "discipline"),
    "survey": ("select '/surveys/' || id from surveys order by id desc limit 1", "procurement_officer"),
    "folder": ("select '/studio/folders/purchase'", "designer"),
    "process at work": ("select '/operate/processes/' || max(key) from definition where id = 'purchase' and kind = 'process'", "operator"),
    "case at work": ("select '/operate/cases/' || process_key from purchases order by id limit 1", "operator"),
}  # fmt: skip


@dataclass
class Asked:
    """One page: milliseconds of every round, and of the processors of this process and of the database's together; statements and the slowest of them in the last."""

    address: str
    role: str
    status: int = 0
    times: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    statements: int = 0
    database_ms: float = 0.0
    slowest: tuple[float, str] = (0.0, "")
    counts: bool = True

    @property
    def p95(self) -> float:
        return statistics.quantiles(self.times, n=20, method="inclusive")[-1]

    @property
    def slow(self) -> bool:
        return self.counts and self.p95 > LIMIT_MS

    def __str__(self) -> str:
        mark = "  OVER" if self.slow else "      " if self.counts else "   one"
        return f"{mark} {statistics.median(self.times):8.1f} {self.p95:8.1f} {statistics.median(self.cpu):8.1f} {self.statements:5} {self.database_ms:8.1f}  {self.status} {self.address} ({self.role})"


HEAD = f"{'':6} {'p50 ms':>8} {'p95 ms':>8} {'cpu ms':>8} {'stmts':>5} {'db ms':>8}"


def measure(services: Services, rounds: int, only: str = "") -> list[Asked]:
    """Every page whose address contains ``only``, told on the screen one after the other."""
    pages = create_pages(services)
    settle(services)  # as a served process does
    watch = Watch(services)
    found = []
    print(HEAD, flush=True)
    for one in (one for one in _wanted(services, pages) if only in one.address):
        found.append(one)
        client = _entered(services, pages, one.role)
        client.get(one.address)  # compiles the template
        watch.servers()
        while len(one.times) < rounds and (len(one.times) < 2 or sum(one.times) < ENOUGH_MS):
            watch.clear()
            begun, used = time.perf_counter(), watch.cpu_ms()
            one.status = client.get(one.address).status_code
            one.times.append((time.perf_counter() - begun) * 1000)
            one.cpu.append(watch.cpu_ms() - used)
        one.statements, one.database_ms, one.slowest = (
            len(watch.seen),
            sum(ms for ms, _ in watch.seen),
            max(watch.seen, default=(0.0, "")),
        )
        print(one, flush=True)
        if one.slow:
            print(f"{'':14}{one.slowest[0]:.1f} ms in {' '.join(one.slowest[1].split())[:600]}", flush=True)
    return found


class Watch:
    """What the database is asked, and how long each answer takes."""

    def __init__(self, services: Services) -> None:
        self.seen: list[tuple[float, str]] = []
        self._engine, self._places = services.database.engine, list[Path]()
        event.listen(self._engine, "before_cursor_execute", self._before)
        event.listen(self._engine, "after_cursor_execute", self._after)

    def servers(self) -> None:
        """Look which processes of the database answer."""
        with self._engine.connect() as connection:
            found = connection.execute(text("select pid from pg_stat_activity where datname = current_database()"))
            self._places = [place for (pid,) in found if (place := Path(f"/proc/{pid}/schedstat")).exists()]

    def cpu_ms(self) -> float:
        """Used so far; unlike the time on the clock it does not grow with what else the machine does."""
        return time.process_time() * 1000 + sum(map(_used_ms, self._places))

    def clear(self) -> None:
        self.seen = []

    def _before(self, _connection: Any, _cursor: Any, _statement: str, _parameters: Any, context: Any, _many: bool) -> None:
        context.begun = time.perf_counter()

    def _after(self, _connection: Any, _cursor: Any, statement: str, _parameters: Any, context: Any, _many: bool) -> None:
        self.seen.append(((time.perf_counter() - context.begun) * 1000, statement))


def _used_ms(place: Path) -> float:
    """0 of a server that has left since: somebody else used the database too."""
    try:
        return int(place.read_text().split()[0]) / 1e6
    except (FileNotFoundError, ProcessLookupError):
        return 0.0


def _wanted(services: Services, pages: Flask) -> Iterator[Asked]:
    for rule in sorted(pages.url_map.iter_rules(), key=lambda one: one.rule):
        if "GET" not in (rule.methods or ()) or rule.arguments or rule.endpoint in NO_LISTS or rule.endpoint.endswith("_new"):
            continue
        for role in _roles(rule.endpoint):
            yield Asked(rule.rule, role)
        for search in SEARCHES.get(rule.endpoint, ()):
            yield Asked(rule.rule + search, _roles(rule.endpoint)[0])
    for ledger in _ids("processes", ".ledger.yaml"):
        yield Asked(f"/ledgers/{ledger}", "discipline")
    for board, kind in BOARDS.items():
        role = next(role for role in ROLES if role in kind.roles)
        yield Asked(f"/dashboards/{board}", role)
        drawn = _entered(services, pages, role).get(f"/dashboards/{board}").text
        for address in sorted(set(re.findall(rf'href="(/dashboards/{board}/[^"?/]+/cases)', drawn))):
            yield Asked(address, role)
    with services.database.engine.connect() as connection:
        for statement, role in ONE.values():
            for (address,) in connection.execute(text(statement)):
                yield Asked(address, role, counts=False)


def _ids(folder: str, ending: str) -> list[str]:
    from web.resources import designer_folders

    roots = [path for path in designer_folders() if path.name == folder]
    return sorted(one.name.removesuffix(ending) for root in roots for one in root.rglob(f"*{ending}"))


def _roles(endpoint: str) -> list[str]:
    allowed = access.TABLE.get(endpoint, frozenset())
    if "public" in allowed:
        return [""]
    able = [role for role in ROLES if role in allowed]
    return [role for role in able if role in MANY] if endpoint in OF_MANY else able[:1]


def _entered(services: Services, pages: Flask, role: str) -> FlaskClient:
    client = pages.test_client()
    person = services.person(_busiest(services, role)) if role else None
    if person is not None:
        with client.session_transaction() as session:
            session.update(contents(person))
    return client


def _busiest(services: Services, role: str) -> str:
    """The account of the role that did most tasks."""
    statement = "select login from users left join user_task on completed_by = login where :role = any(roles) and active group by login order by count(completed_by) desc, login limit 1"
    with services.database.engine.connect() as connection:
        return str(connection.execute(text(statement), {"role": role}).scalar_one())
