"""The portal of social organisations: see, apply, ask, submit a bid, object; one's own record and nobody else's."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from engine.errors import Conflict, InvalidInput
from procurement.office.evidence import EXPIRED, Kept
from procurement.registers.parties import BARRING, CreditEntry
from web.auth.people import acting, me
from web.pages import command_ids, duties, stages
from web.pages.errors import sentence, status_of
from web.pages.forms.sheet import Sheet, latest_form
from web.pages.notice_words import KINDS
from web.pages.register_words import CREDIT_NAMES
from web.pages.services import engine, office, services
from web.pages.sheets import Answer, fill

blueprint = Blueprint("supplier", __name__, url_prefix="/portal")
SHOWN = 12  # running comparisons with their line of stages


@blueprint.get("")
def index() -> str:
    own, now = _organisation(), services().clock.now()
    page = office().portal.own_purchases(own, actor=acting(), after=request.args.get("after"))
    tasks = engine().tasks(candidate_of=acting(), order="due", limit=50).items
    running = office().portal.running(own, actor=acting(), limit=SHOWN)
    waiting = {it.purchase.id: [task.element_id for task in tasks if task.business_key == it.purchase.id] for it in running}
    applied = office().portal.applied(own, actor=acting())
    open_notices = [one for one in office().portal.open_comparisons() if one.purchase_id not in applied]
    open_purchases = office().purchases.by_ids({one.purchase_id for one in open_notices})
    return render_template(
        "supplier/index.html",
        organisation=office().parties.organisation(own),
        open_notices=open_notices,
        closing={key: one.apply_until for key, one in open_purchases.items()},
        page=page,
        lines={it.purchase.id: stages.line(it, now, waiting[it.purchase.id]) for it in running},
        duties=duties.of(running, tasks, office().evidence.of(own, actor=acting()), now),
        standing=_standing(own),
    )


@blueprint.get("/record")
def record() -> str:
    own = _organisation()
    return render_template(
        "supplier/record.html",
        organisation=office().parties.organisation(own),
        entries=office().parties.credit(own),
        clearing=office().parties.clearing(),
        today=services().clock.now().date(),
        receipts=office().portal.receipts(own, actor=acting(), after=request.args.get("after")),
    )


@blueprint.route("/record/contest", methods=["GET", "POST"])
def contest() -> Answer:
    """Appeal against an entry of one's own, or ask for its removal."""
    organisation, today = office().parties.organisation(_organisation()), services().clock.now().date()
    entries = [one for one in office().parties.credit(organisation.id) if one.kind != "good" and one.in_force(today)]
    shown = [{"entry_id": one.id, "label": f"{CREDIT_NAMES[one.kind]}：{one.reason}"} for one in entries]
    command_id = command_ids.sent()

    def send(values: Mapping[str, Any]) -> str:
        office().parties.petition(
            organisation.id,
            int(values["entry_choice"]),
            values["request_kind"],
            values["facts"],
            actor=acting(),
            command_id=command_id,
        )
        return _("已经送达；处理经过在“事项”里看，答复会发到站内消息。")

    context = {"organisation": organisation.name, "entries": shown}
    return fill(
        Sheet(latest_form("file_credit_appeal"), organisation.name, context),
        _("信用申诉和移出申请"),
        url_for("supplier.record"),
        send,
    )


@blueprint.get("/<number>")
def purchase(number: str) -> str:
    return _purchase_page(number)


@blueprint.route("/<number>/apply", methods=["GET", "POST"])
def apply(number: str) -> Answer:
    organisation = office().parties.organisation(_organisation())
    kept = office().evidence.of(organisation.id, actor=acting())
    context = {
        "title": _title(number),
        "purchase_id": number,
        "evidence": {one.condition: {"covered": one.usable, "text": _kept(one)} for one in kept},
        "conditions": {one.condition: {"reuse": True} for one in kept if one.usable},
        "legal_representative": organisation.legal_representative,
        "contact": organisation.contact,
        "phone": organisation.phone,
    }
    command_id = command_ids.sent()

    def send(values: Mapping[str, Any]) -> str:
        application = {name: value for name, value in values.items() if name != "promise"}
        office().portal.apply(number, organisation.id, application, actor=acting(), command_id=command_id)
        return _("报名已送达，初审结果会显示在这里。")

    return _fill("submit_application", _("报名"), number, context, send)


@blueprint.route("/<number>/bid", methods=["GET", "POST"])
def bid(number: str) -> Answer:
    own = _organisation()
    if office().sealing.is_sealed(number):
        return redirect(url_for("sealed_bids.bid", number=number), 303)

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


@blueprint.post("/<number>/apply/withdraw")
def withdraw_application(number: str) -> Response | tuple[str, int]:
    try:
        office().portal.withdraw_application(number, _organisation(), request.form.get("reason", ""), actor=acting())
    except (InvalidInput, Conflict) as error:
        return _purchase_page(number, sentence(error)), status_of(error)
    flash(_("报名已撤回，已递交的参选文件随之失效；截止以前可以重新报名。"), "ok")
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
            about=values.get("about") or "result",
            against=values.get("against") or "",
            actor=acting(),
        )
        return _("异议已送达；处理经过和书面答复在本页“本组织的异议”里看。")

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


def _purchase_page(number: str, problem: str = "") -> str:
    own, now = _organisation(), services().clock.now()
    it = office().portal.purchase(number, own, actor=acting())
    tasks = engine().tasks(candidate_of=acting(), business_key=number, order="due", limit=20).items
    return render_template(
        "supplier/purchase.html",
        it=it,
        kinds=KINDS,
        problem=problem,
        tasks=tasks,
        line=stages.line(it, now, [task.element_id for task in tasks]),
        may_withdraw=duties.may_withdraw(it, now),
        clarification=office().portal.clarification(),
        standing=_standing(own),
    )


def _standing(organisation: str) -> list[tuple[CreditEntry, bool]]:
    """Entries in force that bar from applying, or of which the reviewer is warned (decision credit_gate)."""
    today = services().clock.now().date()
    entries = [entry for entry in office().parties.credit(organisation) if entry.in_force(today)]
    effects = {kind: office().parties.effects(kind)["application"]["effect"] for kind in {entry.kind for entry in entries}}
    return [
        (entry, entry.kind in BARRING) for entry in entries if entry.kind in BARRING or effects[entry.kind] in ("block", "warn")
    ]


def _kept(one: Kept) -> str:
    """What the application form says about the evidence that is kept; nothing when there is none."""
    if one.row is None:
        return ""
    names = "、".join(str(file.get("name", "")) for file in one.row.files)
    until = _("有效至 %(day)s", day=one.row.valid_until.isoformat()) if one.row.valid_until else _("长期有效")
    if one.state == EXPIRED:
        return _("已登记的材料 %(names)s 已于 %(day)s 过期，请附新的。", names=names, day=one.row.valid_until)
    if not one.usable:
        return _("已登记的材料 %(names)s 上次核验不符合：%(reason)s。请附新的。", names=names, reason=one.row.reason)
    checked = (
        _("%(day)s 核验（%(source)s）", day=one.row.verified_on, source=one.row.source)
        if one.row.verified_on
        else _("还没有核验")
    )
    return _("已登记：%(names)s，%(until)s，%(checked)s", names=names or one.row.note, until=until, checked=checked)


def _organisation() -> str:
    """The organisation the account acts for; the access table lets only such accounts in."""
    return me().party("organisation") or abort(403)


def _title(number: str) -> str:
    return office().portal.purchase(number, _organisation(), actor=acting()).purchase.title
