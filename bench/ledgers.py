"""A ledger of 100,000 entries: the first page, a filtered page, a search, the figures, two days compared, one entry.

    python -m bench.ledgers [--entries 100000] [--calls 20]

Uses DATABASE_URL (a server whose database may be written to) or the embedded PostgreSQL, removed afterwards. Entries are of one
ledger, a third of them ended; the desk is asked as the pages ask it. Each question's 95th percentile must stay under 200 ms.
"""

from __future__ import annotations

import argparse
import datetime as dt
import statistics
import sys
import time
from collections.abc import Callable
from functools import partial

from sqlalchemy import text
from sqlalchemy.orm import Session

from bench.processes import quiet
from bench.user_task import server
from engine.facade import Database
from procurement.ledgers import finding
from procurement.ledgers.finding import Query
from procurement.office.ledgers import MOST_COUNTED
from procurement.registers import migrate

WANTED_MS = 200
LEDGER, TODAY = "purchase_list", dt.date(2026, 3, 2)
FILL = """
insert into ledger_entries (ledger, number, entry_key, name, form_version, content, search, facts, valid_from, valid_until,
  recorded_by, recorded_at, closed_reason, closed_by, closed_at)
select 'purchase_list', 'MG-2026-' || n, n::text, '服务 ' || n, 1, c.content, lower(c.content), c.facts::jsonb,
  date '2025-01-01' + n % 300, case when n % 3 = 0 then date '2025-12-31' end, 'bench', now(), '', '',
  case when n % 3 = 0 then now() end
from generate_series(1, :entries) n, lateral (select '{"code":"' || n || '","name":"服务 ' || n || '","category":"类别'
  || n % 12 || '","level":"' || (array['street','community','district'])[1 + n % 3] || '","department":"部门' || n % 40
  || '","yearly_amount":' || 1000 + n % 500 || '.50,"statutory_scope": false,"source":"第一批目录，街道〔2026〕7 号","note":"'
  || repeat('按需求调查和议事结果确定，', 8) || '"}' as content, '{"code":["' || n || '"],"name":["服务 ' || n || '"],"category":["类别'
  || n % 12 || '"],"level":["' || (array['street','community','district'])[1 + n % 3] || '"],"department":["部门' || n % 40
  || '"],"yearly_amount":[' || 1000 + n % 500 || '.50],"statutory_scope":[false]}' as facts) c
"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--entries", type=int, default=100_000)
    parser.add_argument("--calls", type=int, default=20)
    options = parser.parse_args()
    quiet()
    with server() as url:
        database = Database(url)
        database.migrate()
        migrate(database)
        with database.unit_of_work() as work:
            work.session.execute(text(FILL), {"entries": options.entries})
            work.commit()
        with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("vacuum analyze ledger_entries"))  # as the server does by itself
        worst = [_report(name, _times(database, ask, options.calls)) for name, ask in QUESTIONS.items()]
        database.dispose()
    sys.exit(max(worst) > WANTED_MS)


def _page(query: Query, session: Session) -> object:
    return finding.first_page(session, query, limit=51, most=MOST_COUNTED)


QUESTIONS: dict[str, Callable[[Session], object]] = {
    "first page": partial(_page, Query(LEDGER, on=TODAY)),
    "one department": partial(_page, Query(LEDGER, {"department": "部门7"}, TODAY)),
    "one level": partial(_page, Query(LEDGER, {"level": "street"}, TODAY)),
    "search": partial(_page, Query(LEDGER, {}, TODAY, "服务 99999")),
    "one number": partial(_page, Query(LEDGER, {"number": "MG-2026-77777"})),
    "sum by category": lambda session: finding.total(session, Query(LEDGER, on=TODAY), "category", "yearly_amount"),
    "count by level": lambda session: finding.total(session, Query(LEDGER, on=TODAY), "level", None),
}


def _times(database: Database, ask: Callable[[Session], object], calls: int) -> list[float]:
    found = []
    for _ in range(calls):
        with database.unit_of_work() as work:
            begun = time.perf_counter()
            ask(work.session)
            found.append((time.perf_counter() - begun) * 1000)
    return found


def _report(name: str, times: list[float]) -> float:
    worst = statistics.quantiles(times, n=20)[-1]
    print(f"{name:16} median {statistics.median(times):7.1f} ms   95 % {worst:7.1f} ms   wanted {WANTED_MS} ms")
    return worst


if __name__ == "__main__":
    main()
