"""Login and logout. Who may come in, and how often they may try, is decided by procurement.accounts."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from engine.errors import EngineError
from procurement import demo
from web.auth import session
from web.auth.people import current_person
from web.pages.addresses import own_address
from web.pages.errors import sentence, status_of
from web.pages.services import services

blueprint = Blueprint("login", __name__)


@blueprint.get("/login")
def show() -> Response | str:
    if current_person():
        return redirect(own_address(request.args.get("next"), url_for("home.index")))
    return _page("", "", own_address(request.args.get("next"), ""))


@blueprint.post("/login")
def enter() -> Response | tuple[str, int]:
    login, wanted = request.form.get("login", "").strip(), own_address(request.form.get("next"), "")
    try:
        person = services().log_in(login, request.form.get("password", ""), request.remote_addr or "")
    except EngineError as error:
        return _page(login, sentence(error), wanted), status_of(error)
    session.remember(person)
    return redirect(wanted or url_for("home.index"), 303)


@blueprint.post("/logout")
def leave() -> Response:
    session.end(services().office.accounts, services().settings)
    return redirect(url_for("login.show"), 303)


def _page(login: str, problem: str, wanted: str) -> str:
    shown = demo if services().settings.demo else None
    return render_template("login.html", login=login, problem=problem, wanted=wanted, demo=shown)
