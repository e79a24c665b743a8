"""The numbers of one glance, each a way in; what runs on which version; what stopped and why."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from itertools import groupby

from web.pages.operate.causes import KINDS, in_words
from web.pages.operate.frame import blueprint, page
from web.pages.services import engine, services

WORKER_WITHIN = dt.timedelta(minutes=1)
CAUSES = 5


@blueprint.get("")
def overview() -> str:
    counts = engine().overview()
    seen = counts.worker_seen
    age = None if seen is None else dt.datetime.now(dt.UTC) - seen
    lag = services().clock.now() - counts.next_due if counts.next_due and counts.overdue_timers else None
    return page(
        "operate.overview",
        "operate/overview.html",
        counts=counts,
        worker_age=age,
        worker_away=age is None or age > WORKER_WITHIN,
        lag=lag.total_seconds() if lag else None,
        causes=engine().causes(CAUSES),
        kinds=KINDS,
        in_words=in_words,
        versions=[one for one in engine().versions_in_use() if one.running],
    )


@blueprint.get("/processes")
def processes() -> str:
    """Every process with its newest version and the older ones that are still needed."""
    grouped = [(key, list(group)) for key, group in groupby(engine().versions_in_use(), key=lambda one: one.process_id)]
    return page("operate.processes", "operate/processes.html", processes=grouped)


def versions_of(process_id: str) -> Iterator[tuple[int, int]]:
    """Key and number of every deployed version, newest first."""
    for one in engine().definitions(kind="process", id=process_id, order="-version", limit=200):
        yield one.key, one.version
