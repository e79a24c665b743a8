"""The pages of one matter."""

from __future__ import annotations

from flask import Blueprint, Response, flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as Answer

from web.auth.people import acting
from web.pages import command_ids
from web.pages.cases import story, tabs
from web.pages.cases.case import load_matter
from web.pages.services import engine, office

blueprint = Blueprint("matters", __name__, url_prefix="/matters/<number>")
LATEST = 8


@blueprint.get("")
def show(number: str) -> str:
    case = load_matter(number)
    latest = engine().newest_history(case.root.key, limit=LATEST, kinds=story.TOLD)
    return tabs.page(
        "show",
        case,
        "matters/show.html",
        timers=engine().timers(case.root.key),
        story=story.lines(latest, case.definitions),
        why=tabs.why_now(case),
        may_withdraw=office().matters.may_withdraw(case.matter, actor=acting()),
    )


@blueprint.get("/diagram")
def diagram(number: str) -> str:
    return tabs.diagram(load_matter(number))


@blueprint.get("/diagram/<int:instance>.json")
def markers_of(number: str, instance: int) -> Response:
    return tabs.markers_of(load_matter(number), instance)


@blueprint.get("/diagram/<int:instance>.svg")
def picture(number: str, instance: int) -> Response:
    return tabs.picture(load_matter(number), instance)


@blueprint.get("/why")
def reasons_of(number: str) -> str:
    return tabs.reasons_of(load_matter(number))


@blueprint.get("/history")
def history(number: str) -> str:
    return tabs.history(load_matter(number))


@blueprint.get("/values")
def case_values(number: str) -> str:
    return tabs.case_values(load_matter(number))


@blueprint.post("/withdrawal")
def withdraw(number: str) -> Answer:
    """Whoever began it takes it back while nobody else has done anything; an operator ends it at any time."""
    office().matters.withdraw(number, request.form.get("reason", ""), actor=acting(), command_id=command_ids.sent())
    flash(_("事项已撤回。"), "ok")
    return redirect(url_for("matters.show", number=number), 303)
