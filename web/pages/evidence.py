"""The organisation's own evidence for the seven conditions: what is kept, what expires, handing in something newer."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from engine.errors import FieldError, InvalidInput, Unavailable
from procurement.registers.evidence import CONDITIONS
from web.auth.people import acting, me
from web.pages.errors import field_sentences, sentence, status_of
from web.pages.forms import uploads
from web.pages.services import office

blueprint = Blueprint("evidence", __name__, url_prefix="/portal/evidence")


@blueprint.get("")
def index() -> str:
    return _page()


@blueprint.post("/<condition>")
def hand_in(condition: str) -> Response | tuple[str, int]:
    """New files for one condition; what was there before stays on record."""
    if condition not in CONDITIONS:
        abort(404)
    own = me().party("organisation") or abort(403)
    typed = {"condition": condition, "note": request.form.get("note", ""), "valid_until": request.form.get("valid_until", "")}
    try:
        until = _day(typed["valid_until"])
        party = f"organisation:{own}"
        given = [upload for upload in request.files.getlist("files") if upload.filename]
        files = [uploads.store(upload, "", visibility="party", party=party) for upload in given]
        office().evidence.hand_in(own, condition, note=typed["note"], files=files, valid_until=until, actor=acting())
    except (InvalidInput, Unavailable) as error:
        errors = field_sentences(error) if isinstance(error, InvalidInput) else {}
        return _page(typed, errors or {"files": [sentence(error)]}), status_of(error)
    flash(_("证明材料已登记，以后报名可以沿用；下一次审查时核验。"), "ok")
    return redirect(url_for("evidence.index"), 303)


def _page(typed: dict[str, Any] | None = None, errors: dict[str, list[str]] | None = None) -> str:
    own = me().party("organisation") or abort(403)
    return render_template(
        "supplier/evidence.html",
        organisation=office().parties.organisation(own),
        kept=office().evidence.of(own, actor=acting()),
        history=[row for row in office().evidence.history(own, actor=acting()) if row.replaced_at][:50],
        typed=typed or {},
        errors=errors or {},
    )


def _day(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text.strip()) if text.strip() else None
    except ValueError:
        raise InvalidInput(fields=(FieldError("valid_until", "Enter a date such as 2026-03-02."),)) from None
