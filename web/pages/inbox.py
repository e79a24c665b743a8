"""The inbox: what waits for me, most urgent first, and why it is here."""

from __future__ import annotations

from dataclasses import dataclass, replace

from flask import Blueprint, render_template, request

from engine.model import UserTask
from web.auth.people import acting, me
from web.pages import filters
from web.pages.cases import reasons
from web.pages.services import engine, office

blueprint = Blueprint("inbox", __name__)
PAGE_SIZE = 30
MINE, OPEN, ALL = "mine", "open", "all"


@dataclass(frozen=True)
class Line:
    """One task with what the list says about its case."""

    task: UserTask
    title: str
    amount: object
    reason: str


@blueprint.get("/inbox")
def index() -> str:
    kept = filters.read(("show", "process", "step"))
    actor = acting()
    shown = kept["show"] or ALL
    page = engine().tasks(
        candidate_of=actor,
        assignee=actor.user_id if shown == MINE else None,
        unassigned=shown == OPEN or None,
        process_id=kept["process"] or None,
        element_id=kept["step"] or None,
        order="due",
        limit=PAGE_SIZE,
        after=request.args.get("after"),
        counted=False,
    )
    counts = engine().task_counts(actor)
    if not kept:
        page = replace(page, total=counts.all, is_least=False)
    return render_template(
        "inbox.html", page=page, lines=_lines(page.items), counts=counts, kept=kept, shown=shown, login=me().login
    )


def _lines(tasks: tuple[UserTask, ...]) -> list[Line]:
    purchases = office().purchases.by_ids({task.business_key for task in tasks})
    others = [task for task in tasks if task.business_key not in purchases]
    matters = office().matters.of_cases({task.root_key for task in others}) if others else {}
    registrations = office().registrations.names({task.business_key for task in others}) if others else {}
    why = reasons.in_short(tasks)
    lines = []
    for task in tasks:
        purchase, matter = purchases.get(task.business_key), matters.get(task.root_key)
        if purchase:
            title = purchase.title
        else:
            title = matter.title if matter else registrations.get(task.business_key, task.business_key)
        lines.append(Line(task, title, purchase and (purchase.amount or purchase.estimate), why[task.key]))
    return lines
