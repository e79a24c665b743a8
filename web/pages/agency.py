"""The work bench of a support agency: its comparisons by phase, the next deadline of each, what waits for it."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, render_template, request
from flask_babel import gettext as _

from engine.model import Comparisons, Page, UserTask
from web.auth.people import acting
from web.pages.services import engine, office, services

blueprint = Blueprint("agency", __name__, url_prefix="/agency")
URGENT, AT_ONCE = 20, 30  # tasks, and purchases of a page
MOST = 1000  # running purchases put in the order of their deadlines


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
    running = office().purchases.search(actor=actor, running=True, limit=MOST).items
    ended = office().purchases.search(actor=actor, running=False, limit=AT_ONCE, after=request.args.get("after"))
    return render_template(
        "agency/index.html",
        tasks=engine().tasks(candidate_of=actor, order="due", limit=URGENT),
        running=_running(running, request.args.get("after_running")),
        ended=Page(tuple(_benches(ended.items, _waiting(ended.items))), ended.total, ended.after),
        begins={name: request.args.get(name) for name in ("after", "after_running")},
    )


def _running(purchases: tuple[Any, ...], after: str | None) -> Page:
    """By the next deadline, whoever's it is; ``after``: the number of the last one on the page before."""
    benches = _benches(purchases, _waiting(purchases))
    benches.sort(key=lambda bench: (bench.until is None, bench.until or services().clock.now(), bench.purchase.id))
    begin = next((n for n, bench in enumerate(benches, 1) if bench.purchase.id == after), 0)
    shown = tuple(benches[begin : begin + AT_ONCE])
    return Page(shown, len(benches), shown[-1].purchase.id if begin + AT_ONCE < len(benches) else None)


def _waiting(purchases: tuple[Any, ...]) -> dict[str, list[UserTask]]:
    """What waits for the agency, by purchase."""
    found: dict[str, list[UserTask]] = defaultdict(list)
    numbers = Comparisons((("in", tuple(purchase.id for purchase in purchases)),))
    for task in engine().tasks(candidate_of=acting(), business_key=numbers, order="due", limit=None, counted=False):
        found[task.business_key].append(task)
    return found


def _benches(purchases: tuple[Any, ...], tasks: dict[str, list[UserTask]]) -> list[Bench]:
    now = services().clock.now()
    return [_bench(purchase, tuple(tasks.get(purchase.id, ())), now) for purchase in purchases]


def _bench(purchase: Any, own: tuple[UserTask, ...], now: dt.datetime) -> Bench:
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
