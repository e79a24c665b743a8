"""The work bench of a support agency: its comparisons by phase, the next deadline of each, what waits for it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, render_template
from flask_babel import gettext as _

from engine.model import UserTask
from web.auth.people import acting
from web.pages.services import engine, office, services

blueprint = Blueprint("agency", __name__, url_prefix="/agency")
MOST = 200


@dataclass(frozen=True)
class Bench:
    """One purchase: ``phase`` in words, the next moment that counts, and what waits for this agency."""

    purchase: Any
    phase: str
    until: dt.datetime | None
    tasks: tuple[UserTask, ...]


@blueprint.get("")
def index() -> str:
    actor = acting()
    tasks = engine().tasks(candidate_of=actor, order="due", limit=MOST).items
    purchases = office().purchases.search(actor=actor, limit=MOST).items
    now = services().clock.now()
    benches = [_bench(purchase, tasks, now) for purchase in purchases]
    benches.sort(key=lambda bench: (bench.until is None, bench.until or now, bench.purchase.id))
    running = [bench for bench in benches if bench.purchase.ended_at is None]
    ended = [bench for bench in benches if bench.purchase.ended_at is not None]
    return render_template("agency/index.html", tasks=tasks, running=running, ended=ended)


def _bench(purchase: Any, tasks: tuple[UserTask, ...], now: dt.datetime) -> Bench:
    own = tuple(task for task in tasks if task.business_key == purchase.id)
    phase, until = _phase(purchase, now)
    due = min((task.due for task in own if task.due), default=None)
    return Bench(purchase, phase, min((moment for moment in (until, due) if moment), default=None), own)


def _phase(purchase: Any, now: dt.datetime) -> tuple[str, dt.datetime | None]:
    if purchase.step != "selection":
        return {"delivery": _("实施与监测"), "assessment": _("评估"), "tracking": _("归档与跟踪")}.get(purchase.step, ""), None
    if purchase.apply_until is None:
        return _("编制比选文件"), None
    if purchase.apply_until >= now:
        return _("接受报名"), purchase.apply_until
    if purchase.bid_until is not None and purchase.bid_until >= now:
        return _("递交参选文件"), purchase.bid_until
    return _("评审与公示"), None
