"""The pages of one case."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from engine.errors import FieldError, InvalidInput, NotFound
from web.auth import access
from web.auth.people import acting, me
from web.pages import command_ids
from web.pages.cases import markers, reasons, story, values
from web.pages.cases.case import Case, load, steps
from web.pages.definitions import inert
from web.pages.services import engine, office

blueprint = Blueprint("cases", __name__, url_prefix="/purchases/<number>")
HISTORY_PAGE = 100
REASONS_PAGE = 40
LATEST = 8


@blueprint.get("")
def show(number: str) -> str:
    case = load(number)
    latest = engine().newest_history(case.root.key, limit=LATEST, kinds=story.TOLD)
    return _page(
        "show",
        case,
        timers=engine().timers(case.root.key),
        story=story.lines(latest, case.definitions),
        why=_why_now(case),
        reminders=office().messages.reminders(number),
        may_urge=bool(case.tasks) and office().messages.may_urge(number, actor=acting()),
        open_flags=office().flags.open_of(number, actor=acting()),
    )


@blueprint.get("/diagram")
def diagram(number: str) -> str:
    case = load(number)
    wanted = request.args.get("instance", type=int) or _where_it_waits(case)
    if wanted not in case.definitions:
        raise NotFound(kind="Process instance", key=wanted)
    return _page("diagram", case, chosen=wanted, trail=_trail(case, wanted))


@blueprint.get("/diagram/<int:instance>.json")
def markers_of(number: str, instance: int) -> Response:
    return jsonify(markers.of_instance(load(number), instance))


@blueprint.get("/diagram/<int:instance>.svg")
def picture(number: str, instance: int) -> Response:
    """The same as a picture, for print and browsers without scripts."""
    case = load(number)
    marks = markers.of_instance(case, instance)
    by_element = {element: mark for mark in ("done", "waiting", "incident") for element in marks[mark]}
    return inert(engine().picture(case.definitions[instance], marks=by_element), "image/svg+xml")


@blueprint.get("/why")
def reasons_of(number: str) -> str:
    case = load(number)
    before = request.args.get("before", type=int)
    shown, following = reasons.of_case(case.root.key, case.definitions, before, limit=REASONS_PAGE)
    return _page("reasons", case, reasons=shown, following=following)


@blueprint.get("/history")
def history(number: str) -> str:
    case = load(number)
    after, everything = request.args.get("after", 0, int), request.args.get("all") == "1"
    kinds = None if everything else story.TOLD
    entries = engine().history(case.root.key, after_seq=after, kinds=kinds, limit=HISTORY_PAGE + 1)
    shown = entries[:HISTORY_PAGE]
    following = shown[-1].seq if len(entries) > HISTORY_PAGE else None
    return _page("history", case, lines=story.lines(shown, case.definitions), following=following, everything=everything)


@blueprint.get("/documents")
def documents(number: str) -> str:
    case = load(number)
    papers = office().documents.of_purchase(number, actor=acting())
    readable = {use.sha256 for use in office().files.of_purchase(number, actor=acting())}
    return _page("documents", case, dossier=office().purchases.dossier(number), papers=papers, readable=readable)


@blueprint.get("/values")
def case_values(number: str) -> str:
    case = load(number)
    return _page("values", case, variables=values.of_interest(engine().variables(case.root.key)))


@blueprint.post("/cancel")
def cancel(number: str) -> Response:
    """End the case for good; the reason stays in its history."""
    case = load(number)
    reason = request.form.get("reason", "").strip()
    if not reason:
        raise InvalidInput(fields=(FieldError("reason", "Write why the case is ended; the reason stays in its history."),))
    engine().cancel_instance(case.root.key, actor=acting(), reason=reason, command_id=command_ids.sent())
    return redirect(url_for("cases.show", number=number), 303)


def _page(tab: str, case: Case, **more: Any) -> str:
    tabs = [
        ("show", _("概况")),
        ("diagram", _("流程图")),
        ("reasons_of", _("为什么到这里")),
        ("history", _("经过")),
        ("documents", _("文件")),
        ("case_values", _("数据")),
    ]
    chosen = {"reasons": "reasons_of", "values": "case_values"}.get(tab, tab)
    addresses = [
        (url_for(f"cases.{name}", number=case.number), label, name == chosen)
        for name, label in tabs
        if access.allowed(f"cases.{name}", me().roles)
    ]
    return render_template(f"case/{tab}.html", case=case, steps=steps(case), case_tabs=addresses, **more)


def _where_it_waits(case: Case) -> int:
    """The instance to open first: where somebody has to act, else the root."""
    return case.tasks[0].instance_key if case.tasks else case.root.key


def _trail(case: Case, key: int) -> list[Any]:
    """The instance and those that called it, root first."""
    by_key = {instance.key: instance for instance in case.instances}
    trail: list[Any] = []
    current = by_key.get(key)
    while current is not None:
        trail.insert(0, current)
        current = by_key.get(current.parent_key) if current.parent_key else None
    return trail


def _why_now(case: Case) -> list[tuple[Any, list[reasons.Reason]]]:
    return [(task, reasons.of_task(task)) for task in case.tasks[:3]]
