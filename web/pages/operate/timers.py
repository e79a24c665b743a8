"""Everything that waits for its moment: what comes next, what should have come already, what failed."""

from __future__ import annotations

from flask import request
from flask_babel import lazy_gettext as _l

from web.pages import filters
from web.pages.operate.frame import blueprint, case_addresses, page
from web.pages.services import engine, services

PAGE_SIZE = 40
SHOWN = (("overdue", _l("已过时未动")), ("suspended", _l("停住的")))


@blueprint.get("/timers")
def timers() -> str:
    kept = filters.read(("process", "show"))
    now = services().clock.now()
    found = engine().waiting_timers(
        process_id=kept["process"] or None,
        due_before=now if kept["show"] == "overdue" else None,
        suspended={"overdue": False, "suspended": True}.get(kept["show"]),
        limit=PAGE_SIZE,
        after=request.args.get("after"),
    )
    return page(
        "operate.timers",
        "operate/timers.html",
        page=found,
        kept=kept,
        counts=engine().timer_counts(),
        shown=SHOWN,
        addresses=case_addresses({one.root_key: one.business_key for one in found.items}),
    )
