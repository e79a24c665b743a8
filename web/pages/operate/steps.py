"""Which user tasks take longest, by process and role, in hours and in working days of the office's calendar."""

from __future__ import annotations

import datetime as dt

from web.pages import filters
from web.pages.operate.frame import WINDOWS, blueprint, page, since, window
from web.pages.services import engine, services

EARLIER = dt.timedelta(days=730)  # a task completed in the window may have been opened this long before it
MOST = 100


@blueprint.get("/steps")
def steps() -> str:
    kept = filters.read(("process", "role"))
    days = window()
    first, now = since(days), services().clock.now()
    calendar = services().calendar.numbered((first - EARLIER).date(), now.date())
    found = engine().slow_steps(
        since=first, process_id=kept["process"] or None, group=kept["role"] or None, days=calendar, limit=MOST
    )
    names = {one.id: one.name or one.id for one in engine().definitions(kind="process", latest=True, limit=200)}
    return page(
        "operate.steps", "operate/steps.html", steps=found, kept=kept, days=days, windows=WINDOWS, processes=names, most=MOST
    )
