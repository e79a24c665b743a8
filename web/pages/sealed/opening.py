"""The opening of bids: one page for everybody in the room. Holders give their keys, the host opens one bid after the other."""

from __future__ import annotations

import datetime as dt

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as Answer

from engine.errors import Conflict, EngineError, InvalidInput, NotFound, NotPermitted
from procurement.office.openings import OpenedBid, OpeningView
from procurement.registers.opening_minutes import CAUSES
from procurement.registers.row import OFFICE_ZONE
from web.auth.people import acting
from web.pages.errors import field_sentences, sentence, status_of
from web.pages.services import office

blueprint = Blueprint("openings", __name__, url_prefix="/opening")
Page = str | Answer | tuple[str, int]


@blueprint.get("/<number>")
def show(number: str) -> Page:
    return _page(number)


@blueprint.get("/<number>/state")
def state(number: str) -> str:
    """The part that everybody sees change."""
    view = office().openings.view(number, actor=acting())
    return render_template("sealed/state.html", view=view, state=url_for("openings.state", number=number), hosting=view.is_host)


@blueprint.post("/<number>/key")
def give_key(number: str) -> Page:
    """The typed code is used and forgotten; it is not shown again after a mistake either."""
    try:
        office().openings.give_key(number, request.form.get("code_password", ""), actor=acting())
    except (InvalidInput, Conflict, NotPermitted) as error:
        return _page(number, sentence(error)), status_of(error)
    flash(_("您的钥匙已交。开启码没有保存，请把纸条收好。"), "ok")
    return redirect(url_for("openings.show", number=number), 303)


@blueprint.post("/<number>/open")
def open_bid(number: str) -> Page:
    try:
        if bid := request.form.get("bid"):
            office().openings.open_bid(number, bid, actor=acting())
        else:
            office().openings.open_rest(number, actor=acting())
    except (Conflict, NotPermitted) as error:
        return _page(number, sentence(error)), status_of(error)
    return redirect(url_for("openings.show", number=number), 303)


@blueprint.route("/<number>/bid/<bid>", methods=["GET", "POST"])
def decide(number: str, bid: str) -> Page:
    """A bid that did not open: the evidence, and what the host decides."""
    view = office().openings.view(number, actor=acting())
    one = _failed(view, bid)
    error: EngineError | None = None
    if request.method == "POST":
        try:
            office().openings.decide(
                number, bid, request.form.get("decision", ""), request.form.get("reason", ""), until=_until(), actor=acting()
            )
            return redirect(url_for("openings.show", number=number), 303)
        except (InvalidInput, Conflict, NotPermitted) as wrong:
            error = wrong
    errors = field_sentences(error) if isinstance(error, InvalidInput) else {}
    problem = sentence(error) if error and not errors else ""
    html = render_template(
        "sealed/decide.html", view=view, one=one, causes=CAUSES, errors=errors, problem=problem, typed=request.form
    )
    return html, status_of(error) if error else 200


def _page(number: str, problem: str = "") -> str:
    view = office().openings.view(number, actor=acting())
    return render_template(
        "sealed/opening.html", view=view, state=url_for("openings.state", number=number), hosting=view.is_host, problem=problem
    )


def _failed(view: OpeningView, bid: str) -> OpenedBid:
    for one in view.bids:
        if one.bid.id == bid and one.result is not None and one.result.outcome == "failed":
            return one
    raise NotFound(kind="Bid", key=bid)


def _until() -> dt.datetime | None:
    try:
        return dt.datetime.fromisoformat(request.form.get("until", "")).replace(tzinfo=OFFICE_ZONE)
    except ValueError:
        return None
