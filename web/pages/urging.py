"""催办 from the page of a case."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from engine.errors import Conflict
from web.auth.people import acting
from web.pages.errors import sentence
from web.pages.services import office

blueprint = Blueprint("urging", __name__, url_prefix="/purchases/<number>/urge")


@blueprint.post("")
def urge(number: str) -> Response:
    try:
        count = office().messages.urge(number, actor=acting())
        flash(_("已催办 %(n)s 项，办理人会收到消息。", n=count), "ok")
    except Conflict as already:  # urged a short while ago, or nothing waits: nothing is lost, the page says so
        flash(sentence(already), "warn")
    return redirect(url_for("cases.show", number=number), 303)
