"""The operators' pages when a province has worked for a year: a million passed elements, 100,000 open tasks and timers.

    python -m bench.operating [--elements 1000000] [--running 20000]

Uses DATABASE_URL (a server whose database may be written to; it is left full) or the embedded PostgreSQL, which is removed
afterwards. The rows are made by the database itself; filling takes half a minute. Every question an operator's page asks is
then asked three times; the median is shown beside what is wanted.
"""

from __future__ import annotations

import argparse
import datetime as dt
import statistics
import sys
import tempfile
import time
from collections.abc import Callable

from sqlalchemy import text

from bench.large_office import DIAGRAM, FIRST_KEY
from bench.processes import quiet
from bench.user_task import server
from engine.facade import Database, ProcessEngine
from engine.model import SYSTEM, Resource
from web.composition import compose
from web.settings import Settings

VERSIONS = 4  # the newest carries a quarter of everything
ELEMENTS_OF_A_CASE = 20

_CASES = f"""
insert into process_instance (key, root_key, definition_key, process_id, process_name, version, business_key, state, started_at, started_by)
select {FIRST_KEY} + n, {FIRST_KEY} + n, (cast(:keys as bigint[]))[1 + n % {VERSIONS}], 'large_office', '比选采购', 1 + n % {VERSIONS}, 'CG-' || n,
  case when n < :running then case when n % 50 = 0 then 'incident' else 'active' end else 'completed' end,
  now() - random() * interval '365 days', 'user001'
from generate_series(0, :cases) as s(n)
"""
# in the order of their ends, as a database that has grown holds them
_PASSED = f"""
insert into element_instance (key, root_key, instance_key, scope_key, element_id, element_type, name, state, started_at, ended_at)
select {FIRST_KEY} * 2 + n, {FIRST_KEY} + of, {FIRST_KEY} + of, {FIRST_KEY} + of, 'step_' || n % 20, 'userTask', '第' || n % 20 || '步', 'completed',
  ended - random() * (n % 20) * interval '12 hours', ended
from (select n, (random() * :cases)::int as of, now() - interval '365 days' * (1 - n::float / :elements) as ended from generate_series(1, :elements) as s(n)) as one
"""
_STANDING = f"""
insert into element_instance (key, root_key, instance_key, scope_key, element_id, element_type, name, state, started_at)
select {FIRST_KEY} * 4 + n, {FIRST_KEY} + n, {FIRST_KEY} + n, {FIRST_KEY} + n, 'step_' || n % 20, 'userTask', '第' || n % 20 || '步',
  case when n % 50 = 0 then 'incident' else 'active' end, now() - random() * interval '30 days' from generate_series(0, :running - 1) as s(n)
"""
_INCIDENTS = f"""
insert into incident (key, root_key, instance_key, process_id, element_id, element_key, kind, message, state, raised_at)
select {FIRST_KEY} * 5 + n, {FIRST_KEY} + n, {FIRST_KEY} + n, 'large_office', 'step_' || n % 20, {FIRST_KEY} * 4 + n, 'condition_error',
  'The condition =amount > 1 gives null.', 'active', now() from generate_series(0, :running - 1, 50) as s(n)
"""
_TASKS = f"""
insert into user_task (key, root_key, instance_key, definition_key, process_id, business_key, element_id, name, state, candidate_groups,
  candidate_users, candidates, due, priority, headers, created_at, ended_at, completed_by)
select {FIRST_KEY} * 6 + n, {FIRST_KEY} + n % 1000, {FIRST_KEY}, 1, 'process_' || n % 6, 'CG-' || n, 'step_' || n % 40, '第' || n % 40 || '步',
  case when n % 6 = 0 then 'created' else 'completed' end, array['team:' || n % 12], '{{}}', array['g:team:' || n % 12], now() + random() * interval '60 days',
  50, '{{}}', ended - random() * interval '9 days', case when n % 6 <> 0 then ended end, 'user001'
from (select n, now() - interval '365 days' * (1 - n::float / (:elements / 2)) as ended from generate_series(1, :elements / 2) as s(n)) as one
"""
_TIMERS = f"""
insert into timer (element_key, root_key, instance_key, definition_key, element_id, due_at)
select {FIRST_KEY} * 7 + n, {FIRST_KEY} + n % 1000, {FIRST_KEY}, (cast(:keys as bigint[]))[1 + n % {VERSIONS}], 'wait', now() + random() * interval '90 days'
from generate_series(1, :elements / 10) as s(n)
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--elements", type=int, default=1_000_000)
    parser.add_argument("--running", type=int, default=20_000)
    options = parser.parse_args()
    quiet()
    with server() as url, tempfile.TemporaryDirectory() as files:
        services = compose(Settings(url, "bench" * 8, files, secure_cookies=False, worker_inside=False))
        services.migrate()
        began = time.monotonic()
        newest = fill(services.database, services.engine, options.elements, options.running)
        print(f"{options.elements} passed elements, {options.running} cases running, made in {time.monotonic() - began:.0f} s")
        sound = report(services.engine, newest)
        services.close()
    sys.exit(not sound)


def fill(database: Database, engine: ProcessEngine, elements: int, running: int) -> int:
    """The key of the version a quarter of the cases run on."""
    keys = []
    for version in range(VERSIONS):
        changed = DIAGRAM.replace('name="比选采购"', f'name="比选采购 {version}"')
        deployed = engine.deploy([Resource("large_office.bpmn", changed.encode())], actor=SYSTEM)
        keys.append(deployed.definitions[0].key)
    numbers = {"keys": keys, "elements": elements, "running": running, "cases": max(running, elements // ELEMENTS_OF_A_CASE)}
    with database.engine.begin() as connection:
        for statement in (_CASES, _PASSED, _STANDING, _INCIDENTS, _TASKS, _TIMERS):
            connection.execute(text(statement), numbers)
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("vacuum analyze"))
    return keys[-1]


def report(engine: ProcessEngine, key: int) -> bool:
    """Prints each question with its time; false when one takes longer than wanted."""
    now = engine.clock.now()

    def since(days: int) -> dt.datetime:
        return now - dt.timedelta(days=days)

    calendar = {(now - dt.timedelta(days=n)).date(): 1_000 - n for n in range(1_000)}
    asked: dict[str, tuple[Callable[[], object], int]] = {
        "overview": (engine.overview, 250),
        "versions in use": (engine.versions_in_use, 100),
        "where tokens stand": (lambda: engine.waiting(key), 250),
        "tokens of an element": (lambda: engine.standing(key, element_id="step_3", limit=40), 250),
        "durations, 7 days": (lambda: engine.durations(key, since=since(7)), 250),
        "durations, 30 days": (lambda: engine.durations(key, since=since(30)), 500),
        "durations, 365 days": (lambda: engine.durations(key, since=since(365)), 3_000),
        "slow steps, 30 days": (lambda: engine.slow_steps(since=since(30), days=calendar), 1_000),
        "slow steps, 365 days": (lambda: engine.slow_steps(since=since(365), days=calendar), 4_000),
        "timers, first page": (lambda: engine.waiting_timers(limit=40), 100),
        "timers by process": (engine.timer_counts, 250),
        "causes of incidents": (engine.causes, 100),
    }
    sound = True
    print(f"{'':<24}{'ms':>8}{'wanted':>8}")
    for name, (ask, wanted) in asked.items():
        took = statistics.median(timed(ask) for _ in range(3))
        sound = sound and took <= wanted
        print(f"{name:<24}{took:>8.0f}{wanted:>8}")
    return sound


def timed(ask: Callable[[], object]) -> float:
    began = time.perf_counter()
    ask()
    return (time.perf_counter() - began) * 1000


if __name__ == "__main__":
    main()
