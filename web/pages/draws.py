"""抽取专家: a draw as everybody sees it, and where its contributors commit and reveal. The contribution itself stays with them."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response as Answer

from engine.errors import Conflict, InvalidInput
from procurement.draw import checks, protocol
from procurement.office.draws import DrawView
from web import draw_words
from web.auth.people import acting
from web.pages import command_ids
from web.pages.errors import field_sentences, sentence, status_of
from web.pages.services import office, services

blueprint = Blueprint("draws", __name__, url_prefix="/draws")
files = Blueprint("draw_files", __name__, url_prefix="/public/draws")

STATES = {
    "committing": _l("正在收承诺"),
    "revealing": _l("正在揭示"),
    "drawn": _l("已抽出"),
    "void": _l("已作废"),
}
STATE_KINDS = {"committing": "info", "revealing": "info", "drawn": "ok", "void": "bad"}
VOID_REASONS = {"not_revealed": _l("有参与方没有揭示"), "too_few_sides": _l("参与的不同方不够")}
EXCLUDED = {
    "named": _l("已在小组、已回避、缺席或未答复"),
    "employment": _l("三年内有劳动关系"),
    "director": _l("任董事、监事、理事"),
    "shareholder": _l("控股或实际控制"),
    "kinship": _l("亲属关系"),
    "spouse": _l("配偶"),
    "lineal": _l("直系血亲"),
    "collateral": _l("旁系血亲"),
    "in_law": _l("近姻亲"),
    "same_unit": _l("同一单位"),
    "drafter": _l("参加过文件编写"),
    "supervisor": _l("监管人员"),
    "requested": _l("申请人申请回避"),
    "suspended": _l("暂停参加评审"),
    "other": _l("其他利害关系"),
}
WAYS = {"drawn": _l("抽中"), "alternate": _l("候补递补"), "self_chosen": _l("自行选定")}
ANSWERS = {
    "invited": _l("待答复"),
    "coming": _l("到会"),
    "recused": _l("回避或不能到会"),
    "silent": _l("逾期未答"),
    "absent": _l("缺席"),
    "objected": _l("因异议更换"),
}


@blueprint.get("/<number>")
def show(number: str) -> str:
    return _page(number)


@blueprint.get("/<number>/state")
def state(number: str) -> str:
    """The part of the page that changes while people wait."""
    return render_template("draws/state.html", **_frame(office().draws.view(number, actor=acting())))


@blueprint.post("/<number>/commit")
def commit(number: str) -> Answer | str | tuple[str, int]:
    """Take the hash; without JavaScript the contribution comes itself, is hashed here and not kept."""
    contributor = request.form.get("contributor", "")
    typed, commitment = request.form.get("contribution", ""), request.form.get("commitment", "").strip().lower()
    draw = office().draws.get(number)
    if typed and not commitment:
        if protocol.bits(typed) < protocol.ENOUGH_BITS:
            problem = _("内容太短或太有规律，别人可能猜到。骰子点数至少写 50 个，文字至少写 100 字，不要用名言或常用语。")
            return _page(number, problem, {"typed": typed, "contributor": contributor}), 422
        commitment = protocol.contribution_commitment(draw.purchase_id, draw.round, contributor, typed)
    try:
        office().draws.commit(number, contributor, commitment, actor=acting(), command_id=command_ids.sent())
    except (InvalidInput, Conflict) as error:
        return _page(number, _told(error)), status_of(error)
    if typed:
        return render_template("draws/kept.html", draw=draw, contribution=protocol.normal(typed), commitment=commitment)
    flash(_("承诺已收到。请保存好您的内容，揭示时要用。"), "ok")
    return redirect(url_for("draws.show", number=number), 303)


@blueprint.post("/<number>/reveal")
def reveal(number: str) -> Answer | tuple[str, int]:
    contributor, text = request.form.get("contributor", ""), request.form.get("contribution", "")
    try:
        office().draws.reveal(number, contributor, text, actor=acting(), command_id=command_ids.sent())
    except (InvalidInput, Conflict) as error:
        return _page(number, _told(error), {"revealed": text, "contributor": contributor}), status_of(error)
    flash(_("与承诺相符，已经收下。"), "ok")
    return redirect(url_for("draws.show", number=number), 303)


@blueprint.get("/<number>/panel")
def panel(number: str) -> str:
    """Who was invited, for those who may know before the result is public."""
    draw = office().draws.get(number)
    members = office().panels.members(draw.purchase_id, actor=acting())
    return render_template("draws/panel.html", draw=draw, members=members, ways=WAYS, answers=ANSWERS)


@files.get("/<number>.json")
def download(number: str) -> Response:
    """The published file, as docs/reference/draw-file.md says."""
    answer = Response(office().draws.file(number), mimetype="application/json")
    answer.headers["Content-Disposition"] = f'attachment; filename="{number}.json"'
    return answer


def _told(error: InvalidInput | Conflict) -> str:
    if isinstance(error, InvalidInput):
        return " ".join(one for several in field_sentences(error).values() for one in several)
    return sentence(error)


def _page(number: str, problem: str = "", given: dict[str, str] | None = None) -> str:
    view = office().draws.view(number, actor=acting())
    return render_template("draws/show.html", problem=problem, given=given or {}, **_frame(view))


def _frame(view: DrawView) -> dict[str, Any]:
    draw = view.draw
    content = draw.content
    committed = {row["contributor"]: row for row in content["commitments"]}
    revealed = {row["contributor"]: row for row in content["reveals"]}
    sides = [
        {**one, "commitment": committed.get(one["contributor"]), "reveal": revealed.get(one["contributor"])}
        for one in content["announcement"]["contributors"]
    ]
    found = checks(dict(content))
    return {
        "view": view,
        "draw": draw,
        "content": content,
        "announcement": content["announcement"],
        "sides": sides,
        "checked": [(check.ok, draw_words.sentence(check)) for check in found],
        "rounds": office().draws.public(draw.purchase_id),
        "may_know": draw.state == "drawn" and office().panels.may_know(draw.purchase_id, actor=acting()),
        "states": STATES,
        "state_kinds": STATE_KINDS,
        "void_reasons": VOID_REASONS,
        "excluded": EXCLUDED,
        "now": services().clock.now(),
        "is_running": draw.state in ("committing", "revealing"),
    }
