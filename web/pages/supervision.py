"""Steps in from outside the tasks: a problem found while a contract runs (办法 第十四条), a withdrawal before the approval."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from engine.errors import FieldError, InvalidInput, NotPermitted
from web.auth.people import me
from web.pages import case_messages, command_ids
from web.pages.cases import case as cases
from web.pages.forms.sheet import Sheet, latest_form
from web.pages.sheets import Answer, fill

blueprint = Blueprint("supervision", __name__)


@blueprint.route("/cases/<number>/problem", methods=["GET", "POST"])
def report(number: str) -> Answer:
    case = cases.load(number)
    sheet = Sheet(latest_form("report_problem"), number, {"title": case.purchase.title, "purchase_id": number}, "case")

    def send(values: Mapping[str, Any]) -> str:
        problem = {**values, "reported_by": me().login, "reporter": me().name}
        case_messages.send("problem_found", number, {"problem": problem}, command_ids.sent())
        return _("问题已发出，整改流程已开始。")

    return fill(sheet, _("指出问题"), url_for("cases.show", number=number), send)


@blueprint.post("/cases/<number>/withdrawal")
def withdraw(number: str) -> Response:
    """撤回: whoever started the purchase takes it back, until the street has approved it."""
    case = cases.load(number)
    if case.purchase.initiator != me().login:
        raise NotPermitted("Only {who}, who started the purchase, may withdraw it.", who=case.purchase.initiator)
    reason = request.form.get("reason", "").strip()
    if not reason:
        raise InvalidInput(fields=(FieldError("reason", "Write the reason; it goes into the case file."),))
    case_messages.send("withdrawal_requested", number, {"withdrawal_reason": reason}, command_ids.sent())
    flash(_("已撤回，占用的预算已释放。"), "ok")
    return redirect(url_for("cases.show", number=number), 303)
