"""The demo's clock: look at it, move it forward, let it run as the real one again. Off outside the demo."""

from __future__ import annotations

import datetime as dt

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from engine.errors import FieldError, InvalidInput
from web.pages.services import engine, services
from web.pages.show import ZONE, moment

blueprint = Blueprint("clock", __name__, url_prefix="/clock")
STEPS = (("1", _l("1 天")), ("7", _l("7 天")), ("30", _l("30 天")), ("183", _l("6 个月")), ("366", _l("12 个月")))


@blueprint.before_request
def only_in_the_demo() -> None:
    if not services().settings.demo:
        abort(404)


@blueprint.get("")
def show() -> str:
    return render_template("clock.html", steps=STEPS, local=services().clock.now().astimezone(ZONE).strftime("%Y-%m-%dT%H:%M"))


@blueprint.post("")
def move() -> Response:
    engine().advance_clock(_wanted())
    flash(_("时钟已拨到 %(now)s。到期的事项会在几秒内自动推进。", now=moment(services().clock.now())), "ok")
    return redirect(url_for("clock.show"), 303)


@blueprint.post("/reset")
def reset() -> Response:
    engine().reset_clock()
    flash(_("时钟已恢复为真实时间。"), "ok")
    return redirect(url_for("clock.show"), 303)


def _wanted() -> dt.datetime:
    """So many days from now, or the moment typed. Raises InvalidInput."""
    days, typed = request.form.get("days", type=int), request.form.get("to", "")
    if days is not None and 0 < days <= 3_660:
        return services().clock.now() + dt.timedelta(days=days)
    try:
        return dt.datetime.fromisoformat(typed).replace(tzinfo=ZONE)
    except ValueError:
        raise InvalidInput(fields=(FieldError("to", "Enter a date and a time, for example 2026-03-02T14:30."),)) from None
