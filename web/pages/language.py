"""Chinese or English, remembered in the session."""

from __future__ import annotations

from flask import Blueprint, abort, redirect, request, session
from werkzeug.wrappers import Response

from web.pages.addresses import own_address

blueprint = Blueprint("language", __name__)


@blueprint.post("/language")
def choose() -> Response:
    wanted = request.form.get("language", "")
    if wanted not in ("zh_Hans", "en"):
        abort(400)
    session["language"] = wanted
    return redirect(own_address(request.form.get("next")), 303)
