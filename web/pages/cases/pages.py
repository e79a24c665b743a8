"""The pages of one purchase's case."""

from __future__ import annotations

from flask import Blueprint, Response, redirect, request, url_for
from werkzeug.wrappers import Response as Answer

from engine.errors import FieldError, InvalidInput
from web.auth.people import acting
from web.pages import command_ids
from web.pages.cases import grounds, story, tabs
from web.pages.cases.case import load, steps
from web.pages.services import engine, office

blueprint = Blueprint("cases", __name__, url_prefix="/purchases/<number>")
LATEST = 8


@blueprint.get("")
def show(number: str) -> str:
    case = load(number)
    latest = engine().newest_history(case.root.key, limit=LATEST, kinds=story.TOLD)
    return tabs.page(
        "show",
        case,
        steps=steps(case),
        timers=engine().timers(case.root.key),
        story=story.lines(latest, case.definitions),
        why=tabs.why_now(case),
        reminders=office().messages.reminders(number),
        may_urge=bool(case.tasks) and office().messages.may_urge(number, actor=acting()),
        follows=office().purchases.may_see(acting(), number),
        open_flags=office().flags.open_of(number, actor=acting()),
        grounds=grounds.grounds(case.purchase),
        ledger_entries=grounds.entries(case.purchase),
    )


@blueprint.get("/diagram")
def diagram(number: str) -> str:
    case = load(number)
    return tabs.diagram(case, steps=steps(case))


@blueprint.get("/diagram/<int:instance>.json")
def markers_of(number: str, instance: int) -> Response:
    return tabs.markers_of(load(number), instance)


@blueprint.get("/diagram/<int:instance>.svg")
def picture(number: str, instance: int) -> Response:
    return tabs.picture(load(number), instance)


@blueprint.get("/why")
def reasons_of(number: str) -> str:
    case = load(number)
    return tabs.reasons_of(case, steps=steps(case))


@blueprint.get("/history")
def history(number: str) -> str:
    case = load(number)
    return tabs.history(case, steps=steps(case))


@blueprint.get("/documents")
def documents(number: str) -> str:
    case = load(number)
    papers = office().documents.of_purchase(number, actor=acting())
    readable = {use.sha256 for use in office().files.of_purchase(number, actor=acting())}
    dossier = office().purchases.dossier(number)
    return tabs.page("documents", case, steps=steps(case), dossier=dossier, papers=papers, readable=readable)


@blueprint.get("/values")
def case_values(number: str) -> str:
    case = load(number)
    return tabs.case_values(case, steps=steps(case))


@blueprint.post("/cancel")
def cancel(number: str) -> Answer:
    """End the case for good; the reason stays in its history."""
    case = load(number)
    reason = request.form.get("reason", "").strip()
    if not reason:
        raise InvalidInput(fields=(FieldError("reason", "Write why the case is ended; the reason stays in its history."),))
    engine().cancel_instance(case.root.key, actor=acting(), reason=reason, command_id=command_ids.sent())
    return redirect(url_for("cases.show", number=number), 303)
