"""Experts' own page, the conflicts register, and what an applicant asks before a draw."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from engine.errors import Conflict, InvalidInput
from engine.model import Comparisons
from procurement.office.access import parties
from web.auth.people import acting
from web.pages.draws import ANSWERS, WAYS
from web.pages.errors import field_sentences, sentence, status_of
from web.pages.register_words import RECUSAL_NAMES
from web.pages.registers.extras import typed_day
from web.pages.services import engine, office

blueprint = Blueprint("panels", __name__)
SOURCES = {
    "registered": _l("登记"),
    "declared": _l("专家声明"),
    "found": _l("系统发现"),
    "requested": _l("申请人申请"),
}
REQUEST_STATES = {"asked": _l("待处理"), "granted": _l("理由成立"), "refused": _l("理由不成立")}


@blueprint.get("/invitations")
def invitations() -> str:
    """What an expert is asked to, was asked to, and has declared."""
    actor = acting()
    standing = office().panels.duties(actor=actor, standing=True, after=request.args.get("after_open"))
    numbers = tuple({one.invitation.purchase_id for one in standing})
    tasks = engine().tasks(
        candidate_of=actor, business_key=Comparisons((("in", numbers),)), order="due", limit=None, counted=False
    )
    return render_template(
        "panels/invitations.html",
        open_=standing,
        past=office().panels.duties(actor=actor, standing=False, after=request.args.get("after")),
        begins={name: request.args.get(name) for name in ("after", "after_open")},
        tasks=tasks.items,
        conflicts=office().panels.own_conflicts(actor=actor),
        organisations=_organisations(),
        recusal_names=RECUSAL_NAMES,
        sources=SOURCES,
        ways=WAYS,
        answers=ANSWERS,
    )


@blueprint.get("/registers/conflicts")
def conflicts() -> str:
    """Every conflict on record, by where it comes from."""
    source = request.args.get("source", "")
    return render_template(
        "panels/conflicts.html",
        rows=office().panels.conflicts(source=source),
        source=source,
        organisations=_organisations(),
        recusal_names=RECUSAL_NAMES,
        sources=SOURCES,
    )


@blueprint.post("/registers/experts/<key>/employments")
def add_employment(key: str) -> Response:
    form = request.form
    office().panels.add_employment(
        key,
        form.get("unit", ""),
        since=typed_day("since"),
        until=typed_day("until"),
        position=form.get("position", ""),
        actor=acting(),
    )
    flash(_("工作经历已登记；抽取专家时，三年内的原单位会自动避开。"), "ok")
    return redirect(url_for("registers.experts_card", key=key), 303)


@blueprint.get("/portal/<number>/recusals")
def requests(number: str) -> str:
    return _requests(number, {}, {})


@blueprint.post("/portal/<number>/recusals")
def ask(number: str) -> Response | tuple[str, int]:
    """Ask that a person does not judge; possible until the draw is announced."""
    names = ("person", "unit", "relation", "facts")
    typed = {name: request.form.get(name, "") for name in names}
    try:
        office().panels.ask_recusal(number, _own(), **typed, actor=acting())
    except InvalidInput as error:
        return _requests(number, typed, field_sentences(error)), 422
    except Conflict as error:
        return _requests(number, typed, {}, sentence(error)), status_of(error)
    flash(_("回避申请已送达街道；处理结果会显示在这里。"), "ok")
    return redirect(url_for("panels.requests", number=number), 303)


def _requests(number: str, typed: dict[str, str], errors: dict[str, list[str]], problem: str = "") -> str:
    own = _own()
    it = office().portal.purchase(number, own, actor=acting())
    return render_template(
        "panels/requests.html",
        purchase=it.purchase,
        rows=office().panels.requests(number, own, actor=acting()),
        announced=bool(office().draws.public(number)),
        typed=typed,
        errors=errors,
        problem=problem,
        recusal_names={key: word for key, word in RECUSAL_NAMES.items() if key not in ("requested", "supervisor")},
        request_states=REQUEST_STATES,
    )


def _own() -> str:
    own = parties(acting(), "organisation")
    if not own:
        abort(403)
    return own[0]


def _organisations() -> dict[str, str]:
    return {organisation.id: organisation.name for organisation in office().parties.organisations()}
