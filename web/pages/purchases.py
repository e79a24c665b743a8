"""The list of purchases, and starting a new one."""

from __future__ import annotations

import uuid
from decimal import Decimal, InvalidOperation
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from engine.errors import InvalidInput
from web.auth.people import acting, me
from web.pages import command_ids, filters
from web.pages.errors import field_sentences
from web.pages.services import office

blueprint = Blueprint("purchases", __name__, url_prefix="/purchases")
PAGE_SIZE = 40
FILTERS = ("words", "step", "status", "route", "unit", "least", "most")


@blueprint.get("")
def index() -> str:
    kept = filters.read(FILTERS)
    problems = [_("金额请填数字，例如 48000。") for name in ("least", "most") if name in kept and _amount(kept[name]) is None]
    asked: dict[str, Any] = {name: text for name, text in kept.items() if name not in ("least", "most")}
    page = office().purchases.search(
        actor=acting(),
        limit=PAGE_SIZE,
        after=request.args.get("after"),
        amount_from=_amount(kept["least"]),
        amount_to=_amount(kept["most"]),
        **asked,
    )
    units = [(unit, unit) for unit in office().purchases.units()]
    return render_template("purchases/index.html", page=page, kept=kept, unit_choices=units, problems=problems[:1])


@blueprint.get("/new")
def begin() -> str:
    unit = me().unit
    typed = {
        "title": "",
        "unit": unit,
        "initiator_kind": "community" if "community" in me().roles else "department",
        "community": "",
        "proposal": "",
    }
    if proposal := request.args.get("proposal", type=int):
        typed |= _from_proposal(proposal)
    return _form(typed, {})


@blueprint.post("/new")
def start() -> Response | tuple[str, int]:
    typed = {name: request.form.get(name, "").strip() for name in ("title", "unit", "initiator_kind", "community")}
    try:
        purchase = office().purchases.start(
            actor=acting(),
            title=typed["title"],
            unit=typed["unit"],
            initiator_kind=typed["initiator_kind"],
            community=typed["community"],
            proposal_id=request.form.get("proposal", type=int),
            command_id=command_ids.sent(),
        )
    except InvalidInput as error:
        return _form(typed | {"proposal": request.form.get("proposal", "")}, field_sentences(error)), 422
    return redirect(url_for("cases.show", number=purchase.id), 303)


def _form(typed: dict[str, Any], errors: dict[str, list[str]]) -> str:
    command_id = request.form.get("command_id") or uuid.uuid4().hex
    return render_template(
        "purchases/new.html", typed=typed, errors=errors, command_id=command_id, proposals=office().purchases.open_proposals()
    )


def _from_proposal(proposal_id: int) -> dict[str, Any]:
    found = next((p for p in office().purchases.open_proposals() if p.id == proposal_id), None)
    return {"title": found.title, "proposal": found.id} if found else {}


def _amount(text: str | None) -> Decimal | None:
    try:
        value = Decimal((text or "").replace(",", "")) if text else None
    except InvalidOperation:
        return None
    return value if value is None or value.is_finite() else None
