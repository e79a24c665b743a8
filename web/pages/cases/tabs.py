"""The pages of a case that are the same for purchases and for matters: diagram, reasons, history, values."""

from __future__ import annotations

from typing import Any

from flask import Response, jsonify, render_template, request
from flask_babel import gettext as _

from engine.errors import NotFound
from engine.model import last_key
from web.auth import access
from web.auth.people import me
from web.pages.cases import markers, reasons, story, values
from web.pages.cases.case import Case
from web.pages.definitions import inert
from web.pages.services import engine

HISTORY_PAGE = 100
REASONS_PAGE = 40


def page(tab: str, case: Case, template: str = "", **more: Any) -> str:
    """One tab; those the person may not open, and those such a case does not have, are left out."""
    known = [
        ("show", _("概况")),
        ("diagram", _("流程图")),
        ("reasons_of", _("为什么到这里")),
        ("history", _("经过")),
        ("documents", _("文件")),
        ("case_values", _("数据")),
    ]
    chosen = {"reasons": "reasons_of", "values": "case_values"}.get(tab, tab)
    blueprint = "matters" if case.matter else "cases"
    addresses = [
        (case.address(name), label, name == chosen)
        for name, label in known
        if access.known(f"{blueprint}.{name}") and access.allowed(f"{blueprint}.{name}", me().roles)
    ]
    return render_template(template or f"case/{tab}.html", case=case, case_tabs=addresses, **more)


def diagram(case: Case, **more: Any) -> str:
    wanted = request.args.get("instance", type=int) or _where_it_waits(case)
    if wanted not in case.definitions:
        raise NotFound(kind="Process instance", key=wanted)
    return page("diagram", case, chosen=wanted, trail=_trail(case, wanted), **more)


def markers_of(case: Case, instance: int) -> Response:
    return jsonify(markers.of_instance(case, instance))


def picture(case: Case, instance: int) -> Response:
    """The same as a picture, for print and browsers without scripts."""
    marks = markers.of_instance(case, instance)
    by_element = {element: mark for mark in ("done", "waiting", "incident") for element in marks[mark]}
    return inert(engine().picture(case.definitions[instance], marks=by_element), "image/svg+xml")


def reasons_of(case: Case, **more: Any) -> str:
    before = request.args.get("before", type=int)
    shown, following = reasons.of_case(case.root.key, case.definitions, before, limit=REASONS_PAGE)
    return page("reasons", case, reasons=shown, following=following, **more)


def history(case: Case, **more: Any) -> str:
    after, everything = last_key(request.args.get("after")) or 0, request.args.get("all") == "1"
    kinds = None if everything else story.TOLD
    entries = engine().history(case.root.key, after_seq=after, kinds=kinds, limit=HISTORY_PAGE + 1)
    shown = entries[:HISTORY_PAGE]
    following = shown[-1].seq if len(entries) > HISTORY_PAGE else None
    return page("history", case, lines=story.lines(shown, case.definitions), following=following, everything=everything, **more)


def case_values(case: Case, **more: Any) -> str:
    return page("values", case, variables=values.of_interest(engine().variables(case.root.key)), **more)


def why_now(case: Case) -> list[tuple[Any, list[reasons.Reason]]]:
    return [(task, reasons.of_task(task)) for task in case.tasks[:3]]


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
