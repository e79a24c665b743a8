"""异议和投诉: the timeline of each, what may be done with it and until when, and the change of a running notice."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from engine.errors import Conflict, NotFound
from web.auth.people import acting, me
from web.pages import command_ids
from web.pages import objection_words as words
from web.pages.cases import sight
from web.pages.forms.sheet import Sheet, latest_form
from web.pages.services import office
from web.pages.sheets import Answer, fill

blueprint = Blueprint("objections", __name__)


@blueprint.get("/cases/<number>/objections")
def of_case(number: str) -> str:
    """Everything raised against one purchase, with the clock of its publicity."""
    sight.require(number)
    return render_template(
        "objections/case.html",
        purchase=office().purchases.get(number),
        publicity=office().publicity.public(number),
        objections=office().objections.of_purchase(number, actor=acting()),
        appeals=office().appeals.all(actor=acting(), purchase_id=number),
        words=words,
    )


@blueprint.route("/cases/<number>/objections/new", methods=["GET", "POST"])
def counter(number: str) -> Answer:
    """At the counter: an objection that came on paper, typed in by the street."""
    sight.require(number)
    title = office().purchases.get(number).title

    def send(values: Mapping[str, Any]) -> str:
        office().voices.object(
            number,
            name=values["name"],
            contact=values["contact"],
            request=values["request"],
            facts=values["facts"],
            files=values.get("files") or (),
            about=values.get("about") or "result",
            against=values.get("against") or "",
            actor=acting(),
        )
        return _("异议已登记，送去核查。")

    sheet = Sheet(latest_form("raise_objection"), number, {"title": title, "purchase_id": number}, "case")
    return fill(sheet, _("登记窗口收到的异议"), url_for("objections.of_case", number=number), send)


@blueprint.get("/objections/<int:objection>")
def show(objection: int) -> str:
    row = office().objections.one(objection, actor=acting())
    own = me().party("organisation") == row.organisation_id or row.raised_by == me().login
    period = None
    if own:
        try:
            period = office().appeals.period(objection, actor=acting())
        except (Conflict, NotFound):  # not answered yet, or withdrawn
            period = None
    appeals = office().appeals.all(actor=acting(), purchase_id=row.purchase_id)
    return render_template(
        "objections/show.html",
        it=row,
        own=own,
        period=period,
        purchase=office().purchases.get(row.purchase_id),
        appeal=next((one for one in appeals if one.objection_id == row.id), None),
        words=words,
    )


@blueprint.post("/objections/<int:objection>/supplement")
def supplement(objection: int) -> Response:
    office().objections.supplement(objection, request.form.get("text", ""), actor=acting())
    flash(_("补正已送达，核查继续。"), "ok")
    return redirect(url_for("objections.show", objection=objection), 303)


@blueprint.post("/objections/<int:objection>/withdraw")
def withdraw(objection: int) -> Response:
    office().objections.withdraw(objection, request.form.get("note", ""), actor=acting())
    flash(_("异议已撤回。"), "ok")
    return redirect(url_for("objections.show", objection=objection), 303)


@blueprint.route("/objections/<int:objection>/appeal", methods=["GET", "POST"])
def appeal(objection: int) -> Answer:
    row = office().objections.one(objection, actor=acting())
    period = office().appeals.period(objection, actor=acting())

    def send(values: Mapping[str, Any]) -> str:
        made = office().appeals.raise_(
            objection,
            request=values["request"],
            facts=values["facts"],
            contact=values["contact"],
            files=values.get("files") or (),
            actor=acting(),
        )
        return _("投诉 %(n)s 已送达监督部门。", n=made.id)

    context = {
        "title": office().purchases.get(row.purchase_id).title,
        "purchase_id": row.purchase_id,
        "answer": row.decision,
        "last_day": period.last_day.isoformat(),
        "contact": row.contact,
    }
    sheet = Sheet(latest_form("raise_appeal"), row.purchase_id, context, "case", f"organisation:{row.organisation_id or ''}")
    return fill(sheet, _("投诉"), url_for("objections.show", objection=objection), send)


@blueprint.get("/appeals")
def appeals() -> str:
    return render_template("objections/appeals.html", appeals=office().appeals.all(actor=acting()), words=words)


@blueprint.get("/appeals/<number>")
def appeal_show(number: str) -> str:
    row = office().appeals.one(number, actor=acting())
    own = me().party("organisation") == row.organisation_id or row.raised_by == me().login
    return render_template(
        "objections/appeal.html", it=row, own=own, purchase=office().purchases.get(row.purchase_id), words=words
    )


@blueprint.post("/appeals/<number>/supplement")
def supplement_appeal(number: str) -> Response:
    office().appeals.supplement(number, request.form.get("text", ""), actor=acting())
    flash(_("补正已送达。"), "ok")
    return redirect(url_for("objections.appeal_show", number=number), 303)


@blueprint.route("/cases/<number>/change", methods=["GET", "POST"])
def change(number: str) -> Answer:
    """Ask for a correction, an extension or the end of a running comparison; the draft is a task of whoever asks."""
    sight.require(number)
    purchase = office().purchases.get(number)
    if purchase.route != "open_comparison" or purchase.step != "selection":
        abort(404)
    command_id = command_ids.sent()

    def send(values: Mapping[str, Any]) -> str:
        office().publicity.request_change(number, values["reason"], actor=acting(), command_id=command_id)
        return _("已提出。请在收件箱里拟定变更公告，街道领导审核后发布。")

    context = {
        "title": purchase.title,
        "purchase_id": number,
        "apply_until": purchase.apply_until.isoformat() if purchase.apply_until else None,
        "bid_until": purchase.bid_until.isoformat() if purchase.bid_until else None,
    }
    sheet = Sheet(latest_form("request_change"), number, context, "case")
    return fill(sheet, _("更正、延期或终止"), url_for("cases.show", number=number), send)
