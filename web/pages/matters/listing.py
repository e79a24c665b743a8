"""The list of matters, and beginning a new one."""

from __future__ import annotations

import uuid
from itertools import groupby

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from engine.errors import InvalidInput, NotFound
from engine.model import UserTask
from procurement.office.matter_listing import Standing
from procurement.office.startables import Startable
from procurement.registers.matters import Matter
from web.auth.people import acting, me
from web.pages import command_ids, filters
from web.pages.cases.names import group_name, learn_organisations, learn_parties
from web.pages.errors import field_sentences
from web.pages.services import engine, office

blueprint = Blueprint("matter_list", __name__, url_prefix="/matters")
PAGE_SIZE = 40
OPEN, CLOSED = "open", "closed"
SUBJECTS = {
    "purchase": _l("采购项目"),
    "contract": _l("合同"),
    "organisation": _l("社会组织"),
    "agency": _l("第三方支持机构"),
}


@blueprint.get("")
def index() -> str:
    kept = filters.read(("words", "process", "state", "year"))
    page = office().matters.search(
        actor=acting(),
        words=kept["words"],
        process_id=kept["process"],
        open_={OPEN: True, CLOSED: False}.get(kept["state"]),
        year=int(kept["year"]) if kept["year"].isdecimal() else None,
        limit=PAGE_SIZE,
        after=request.args.get("after"),
    )
    standings = office().matters.standings(one.id for one in page.items)
    learn_organisations(one.organisation_id for one in page.items)
    learn_parties(group for one in standings.values() for group in one.groups)
    return render_template(
        "matters/index.html",
        page=page,
        kept=kept,
        processes=office().matters.kinds(),
        may_begin=bool(_startable()),
        lines=[(one, standings[one.id], _waited_for(standings[one.id])) for one in page.items],
    )


@blueprint.get("/new")
def choose() -> str:
    """What the person may begin, by system; those in which the words occur, or those about one thing."""
    kept = filters.read(("words", "about", "subject"))
    found = [one for one in _startable(kept["about"] or None) if _speaks_of(one, kept["words"])]
    by_system = [(name or _("其他"), list(ones)) for name, ones in groupby(found, key=lambda one: one.system)]
    return render_template(
        "matters/choose.html", systems=by_system, kept=kept, chosen=_chosen(kept["about"], kept["subject"]), subjects=SUBJECTS
    )


@blueprint.get("/new/<process_id>")
def begin(process_id: str) -> str:
    return _page(_one(process_id), request.args.get("subject", ""), {})


@blueprint.post("/new/<process_id>")
def start(process_id: str) -> Response | tuple[str, int]:
    one, subject = _one(process_id), request.form.get("subject", "")
    try:
        matter = office().matters.start(process_id, subject, actor=acting(), command_id=command_ids.sent())
    except InvalidInput as error:
        return _page(one, subject, field_sentences(error)), 422
    first = _first_task(matter)
    if first is not None:
        return redirect(url_for("tasks.show", key=first.key), 303)
    return redirect(url_for("matters.show", number=matter.id), 303)


def _waited_for(standing: Standing) -> str:
    """Roles and parties, never a person: whoever sees the list need not know who was chosen."""
    if not standing.step:
        return ""
    if standing.groups:
        return "、".join(group_name(group) for group in standing.groups)
    return _("发起人") if standing.by_starter else _("指定的人")


def _speaks_of(one: Startable, words: str) -> bool:
    said = f"{one.name} {one.system} {one.text}".casefold()
    return all(word in said for word in words.casefold().split())


def _chosen(about: str, subject: str) -> str:
    """The name of what the matter will be about; empty while it has to be chosen."""
    if not subject or about not in SUBJECTS:
        return ""
    return next((name for key, name in office().matters.choices(about, subject, actor=acting()) if key == subject), "")


def _page(one: Startable, subject: str, errors: dict[str, list[str]]) -> str:
    words = request.args.get("words", "")
    choices = [] if one.about == "none" else office().matters.choices(one.about, subject or words, actor=acting())
    return render_template(
        "matters/begin.html",
        one=one,
        subject=subject,
        words=words,
        choices=choices,
        kind=SUBJECTS.get(one.about, ""),
        errors=errors,
        command_id=request.form.get("command_id") or uuid.uuid4().hex,
    )


def _startable(about: str | None = None) -> list[Startable]:
    return office().matters.startable(acting(), about)


def _one(process_id: str) -> Startable:
    """Raises NotFound for what the person may not begin, as for what there is not."""
    found = next((one for one in _startable() if one.process_id == process_id), None)
    if found is None:
        raise NotFound(kind="Process", key=process_id)
    return found


def _first_task(matter: Matter) -> UserTask | None:
    """What waits for whoever began it: its first form."""
    tasks = engine().tasks(root_key=matter.process_key, assignee=me().login, limit=1).items
    return tasks[0] if tasks else None
