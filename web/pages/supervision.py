"""A problem found while a contract runs: pointed out by the street or the agency, it starts a rectification (办法 第十四条)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, request, url_for
from flask_babel import gettext as _

from web.auth.people import acting, me
from web.pages.cases import case as cases
from web.pages.forms.sheet import Sheet, latest_form
from web.pages.services import engine
from web.pages.sheets import Answer, fill

blueprint = Blueprint("supervision", __name__)


@blueprint.route("/cases/<number>/problem", methods=["GET", "POST"])
def report(number: str) -> Answer:
    case = cases.load(number)
    sheet = Sheet(latest_form("report_problem"), number, {"title": case.purchase.title, "purchase_id": number}, "case")

    def send(values: Mapping[str, Any]) -> str:
        # correlated, not published: a problem nobody waits for must be said at once, not kept
        engine().correlate_message(
            "problem_found",
            number,
            {"problem": {**values, "reported_by": me().login, "reporter": me().name}},
            actor=acting(),
            command_id=request.form.get("command_id"),
        )
        return _("问题已发出，整改流程已开始。")

    return fill(sheet, _("指出问题"), url_for("cases.show", number=number), send)
