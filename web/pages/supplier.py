"""The portal of social organisations: see, apply, ask, submit a bid, object; one's own record and nobody else's."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from web.auth.people import acting, me
from web.pages.forms.sheet import Sheet, latest_form
from web.pages.notice_words import KINDS
from web.pages.services import engine, office
from web.pages.sheets import Answer, fill

blueprint = Blueprint("supplier", __name__, url_prefix="/portal")


@blueprint.get("")
def index() -> str:
    own = _organisation()
    return render_template(
        "supplier/index.html",
        organisation=office().parties.organisation(own),
        open_notices=office().portal.open_comparisons(),
        purchases=office().portal.own_purchases(own, actor=acting()),
        tasks=engine().tasks(candidate_of=acting(), order="due", limit=20),
    )


@blueprint.get("/record")
def record() -> str:
    own = _organisation()
    return render_template(
        "supplier/record.html",
        organisation=office().parties.organisation(own),
        entries=office().parties.credit(own),
        receipts=office().portal.receipts(own, actor=acting()),
    )


@blueprint.get("/<number>")
def purchase(number: str) -> str:
    it = office().portal.purchase(number, _organisation(), actor=acting())
    return render_template("supplier/purchase.html", it=it, kinds=KINDS)


@blueprint.route("/<number>/apply", methods=["GET", "POST"])
def apply(number: str) -> Answer:
    organisation = office().parties.organisation(_organisation())
    context = {
        "title": _title(number),
        "purchase_id": number,
        "legal_representative": organisation.legal_representative,
        "contact": organisation.contact,
        "phone": organisation.phone,
    }
    command_id = request.form.get("command_id")

    def send(values: Mapping[str, Any]) -> str:
        application = {name: value for name, value in values.items() if name != "promise"}
        office().portal.apply(number, organisation.id, application, actor=acting(), command_id=command_id)
        return _("报名已送达，初审结果会显示在这里。")

    return _fill("submit_application", _("报名"), number, context, send)


@blueprint.route("/<number>/bid", methods=["GET", "POST"])
def bid(number: str) -> Answer:
    own = _organisation()

    def send(values: Mapping[str, Any]) -> str:
        receipt = office().portal.submit_bid(
            number, own, price=values["price"], files=values["files"], note=values.get("note") or "", actor=acting()
        )
        return _("参选文件已收到，回执编号 %(n)s。开启之前任何人都看不到内容。", n=receipt.number)

    context = {"title": _title(number), "purchase_id": number}
    return _fill("submit_bid", _("递交参选文件"), number, context, send, visibility="sealed")


@blueprint.post("/<number>/bid/withdraw")
def withdraw(number: str) -> Response:
    office().portal.withdraw_bid(number, _organisation(), actor=acting())
    flash(_("参选文件已撤回；截止之前可以重新递交。"), "ok")
    return redirect(url_for("supplier.purchase", number=number), 303)


@blueprint.route("/<number>/ask", methods=["GET", "POST"])
def ask(number: str) -> Answer:
    organisation = office().parties.organisation(_organisation())

    def send(values: Mapping[str, Any]) -> str:
        office().voices.ask(
            number, values["text"], name=values.get("name") or organisation.name, organisation_id=organisation.id, actor=acting()
        )
        return _("问题已送达；答复会同时向所有申请人公开，不显示提问者。")

    context = {"title": _title(number), "purchase_id": number, "name": organisation.name}
    return _fill("ask_question", _("提问"), number, context, send)


@blueprint.route("/<number>/object", methods=["GET", "POST"])
def object_(number: str) -> Answer:
    organisation = office().parties.organisation(_organisation())

    def send(values: Mapping[str, Any]) -> str:
        office().voices.object(
            number,
            name=values["name"],
            contact=values["contact"],
            request=values["request"],
            facts=values["facts"],
            organisation_id=organisation.id,
            files=values.get("files") or (),
            actor=acting(),
        )
        return _("异议已送达，公示停止计时；处理结果会书面答复。")

    context = {"title": _title(number), "purchase_id": number, "name": organisation.name, "contact": organisation.phone}
    return _fill("raise_objection", _("提出异议"), number, context, send, visibility="case")


def _fill(
    form_id: str,
    heading: str,
    number: str,
    context: Mapping[str, Any],
    send: Callable[[Mapping[str, Any]], str],
    *,
    visibility: str = "party",
) -> Answer:
    sheet = Sheet(latest_form(form_id), number, context, visibility, f"organisation:{_organisation()}")
    return fill(sheet, heading, url_for("supplier.purchase", number=number), send)


def _organisation() -> str:
    """The organisation the account acts for; the access table lets only such accounts in."""
    return me().party("organisation") or abort(403)


def _title(number: str) -> str:
    return office().portal.purchase(number, _organisation(), actor=acting()).purchase.title
