"""The page behind the link in a confirmation mail: looking at it confirms nothing, because programs look at links too."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from web.auth.people import acting
from web.pages.services import office

blueprint = Blueprint("mail_confirmation", __name__, url_prefix="/messages/confirm/<secret>")


@blueprint.get("")
def show(secret: str) -> str:
    return render_template("messages/confirm.html", secret=secret)


@blueprint.post("")
def confirm(secret: str) -> Response:
    office().messages.confirm_address(acting(), secret)
    flash(_("邮箱已确认，以后按下面的设置发邮件。"), "ok")
    return redirect(url_for("mail_wishes.show"), 303)
