"""An expert's own sheet: bids by items, levels with what each takes, kept while it is filled in, signed at the end."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from engine.errors import Conflict, InvalidInput
from procurement.office.scored import OwnSheet
from procurement.scoring.sheets import SUBJECTIVE
from web.auth.people import acting
from web.pages import command_ids
from web.pages.errors import sentence, status_of
from web.pages.htmx import fragment, is_fragment_request
from web.pages.scoring import words
from web.pages.services import office

blueprint = Blueprint("scoring", __name__, url_prefix="/scoring/<number>")
AT_ONCE = 12  # with more bids than this one item is shown at a time


@blueprint.get("")
def sheet(number: str) -> str:
    return _page(office().scoring.own_sheet(number, actor=acting()))


@blueprint.post("/save")
def save(number: str) -> Response | str:
    """Keep what is entered, a part of the sheet or all of it."""
    own = _kept(number)
    if is_fragment_request():
        return fragment(render_template("scoring/state.html", own=own, words=words, swapped=True))
    flash(_("评分已保存，还没有签。"), "ok")
    return redirect(
        url_for("scoring.sheet", number=number, item=request.form.get("next") or request.form.get("item") or None), 303
    )


@blueprint.post("/sign")
def sign(number: str) -> Response | tuple[str, int]:
    """Sign the own sheet; a second press is answered like the first."""
    own = office().scoring.own_sheet(number, actor=acting())
    try:
        if own.is_open:
            own = _kept(number)
        office().scoring.sign(number, actor=acting(), command_id=command_ids.sent())
    except (InvalidInput, Conflict) as error:
        return _page(own, problem=sentence(error)), status_of(error)
    flash(_("评分表已签。全部专家签完以后，大家才互相看得到。"), "ok")
    return redirect(url_for("scoring.sheet", number=number), 303)


def _kept(number: str) -> OwnSheet:
    """What is kept so far with the posted cells laid over it: a page with one item changes no other."""
    own = office().scoring.own_sheet(number, actor=acting())
    marks: dict[str, dict[str, dict[str, Any]]] = {o: {i: dict(c) for i, c in row.items()} for o, row in own.marks.items()}
    for n, bid in enumerate(own.bids):
        row = marks[str(bid["organisation_id"])]
        for item in own.sheet.of_kind(SUBJECTIVE):
            cell, field = row[item.id], f"{n}-{item.id}"
            typed, chosen = request.form.get(f"n-{field}", "").strip(), request.form.get(f"p-{field}", "")
            if f"on-{field}" in request.form:
                cell["points"] = typed or chosen or None
                cell["reason"] = request.form.get(f"r-{field}", "")
    return office().scoring.save(number, marks, request.form.get("comment", own.comment), actor=acting())


def _page(own: OwnSheet, problem: str = "") -> str:
    items = own.sheet.of_kind(SUBJECTIVE)
    chosen = request.values.get("item", "")
    if not any(item.id == chosen for item in items):
        chosen = items[0].id if items and len(own.bids) > AT_ONCE else ""
    wrong = {(lack.organisation_id, lack.item): lack.problem for lack in own.lacks} if problem else {}
    left = {item.id: sum(lack.item == item.id for lack in own.lacks) for item in items}
    return render_template(
        "scoring/sheet.html",
        own=own,
        items=items,
        shown=[item for item in items if not chosen or item.id == chosen],
        chosen=chosen,
        wrong=wrong,
        left=left,
        problem=problem,
        words=words,
        swapped=False,
    )
