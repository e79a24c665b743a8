"""What stopped and why, with the next action: retry, mend the variables and retry, retry everything with the same cause."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from engine.errors import Conflict, EngineError, InvalidInput, NotFound
from engine.model import Incident
from web.auth.people import acting
from web.pages import command_ids, filters
from web.pages.errors import field_sentences, sentence, status_of
from web.pages.operate import typed
from web.pages.operate.causes import KINDS, NEXT, in_words
from web.pages.operate.frame import case_addresses, page
from web.pages.services import engine

blueprint = Blueprint("incidents", __name__, url_prefix="/incidents")
PAGE_SIZE = 40
AT_ONCE = 100  # incidents one press retries: each is a command of its own


@blueprint.get("")
def index() -> str:
    kept = filters.read(("state", "process", "element"))
    state = "resolved" if kept["state"] == "resolved" else "active"
    found = engine().incidents(
        state=state,
        process_id=kept["process"] or None,
        element_id=kept["element"] or None,
        limit=PAGE_SIZE,
        after=request.args.get("after"),
    )
    places = {incident.key: _place(incident) for incident in found.items}
    return page(
        "incidents.index",
        "incidents/index.html",
        page=found,
        state=state,
        kept=kept,
        causes=[one for one in engine().causes() if one.count > 1] if state == "active" and not kept["element"] else [],
        places=places,
        kinds=KINDS,
        next_actions=NEXT,
        in_words=in_words,
        at_once=AT_ONCE,
    )


@blueprint.get("/<int:key>")
def show(key: int) -> str:
    return _page(engine().incident(key))


@blueprint.post("/<int:key>/retry")
def retry(key: int) -> Response:
    """Try the stopped step again; if the cause is still there a new incident says so."""
    incident = engine().incident(key)
    engine().resolve_incident(key, actor=acting())
    _tell(incident)
    return redirect(url_for("incidents.index"), 303)


@blueprint.post("/<int:key>/mend")
def mend(key: int) -> Response | tuple[str, int]:
    """Change variables and try again in one go; the reason stays in the history of the case."""
    incident = engine().incident(key)
    try:
        changed = typed.changes(request.form, typed.named(_variables(incident)))
        reason = request.form.get("reason", "").strip()
        engine().mend_incident(key, changed, reason=reason, actor=acting(), command_id=command_ids.sent())
    except (InvalidInput, Conflict) as error:
        errors = field_sentences(error) if isinstance(error, InvalidInput) else {}
        return _page(incident, request.form, errors, sentence(error)), status_of(error)
    _tell(incident)
    return redirect(url_for("incidents.index"), 303)


@blueprint.post("/<int:key>/retry-like")
def retry_like(key: int) -> Response:
    """Every active incident that says the same, each by itself: one that fails again keeps nobody else back."""
    tried, refused = 0, 0
    for other in engine().same_cause(key, AT_ONCE):
        try:
            engine().resolve_incident(other, actor=acting())
            tried += 1
        except EngineError:  # resolved meanwhile, or its case is suspended
            refused += 1
    left = len(engine().same_cause(key, AT_ONCE)) if tried + refused == AT_ONCE else 0
    flash(_("已重试 %(n)s 件。原因还在的，会再次出现在列表里。", n=tried), "ok")
    if refused:
        flash(_("%(n)s 件没有重试：已被别人处理，或案件被暂停。", n=refused), "warn")
    if left:
        flash(_("一次最多重试 %(most)s 件，还有剩下的，请再点一次。", most=AT_ONCE), "warn")
    return redirect(url_for("incidents.index"), 303)


def _tell(before: Incident) -> None:
    again = engine().incidents(root_key=before.root_key, element_key=before.element_key, limit=1).items
    if again:
        flash(_("已重试，但原因还在：%(cause)s", cause=in_words(again[0].message)), "warn")
    else:
        flash(_("已重试，案件继续往下走。"), "ok")


def _page(incident: Incident, given: Any = None, errors: dict[str, list[str]] | None = None, problem: str = "") -> str:
    return page(
        "incidents.index",
        "incidents/show.html",
        it=incident,
        place=_place(incident),
        address=case_addresses({incident.root_key: _place(incident)["number"]}).get(incident.root_key, ""),
        kinds=KINDS,
        next_actions=NEXT,
        in_words=in_words,
        rows=typed.rows(_variables(incident), given or {}, incident.message) if _mendable(incident) else None,
        given=given or {},
        errors=errors or {},
        problem=problem,
        variable_kinds=typed.KINDS,
        new_rows=typed.NEW_ROWS,
        command_id=uuid.uuid4().hex,
    )


def _mendable(incident: Incident) -> bool:
    return incident.state == "active" and incident.root_key != 0


def _variables(incident: Incident) -> list[Any]:
    try:
        return engine().visible_variables(incident.element_key)
    except NotFound:  # a called process that could not even begin has no element yet
        return [one for one in engine().variables(incident.instance_key) if one.scope_key == incident.instance_key]


def _place(incident: Incident) -> dict[str, Any]:
    """The case and the definition an incident belongs to; a start that failed has no case yet."""
    if not incident.root_key:
        found = engine().definitions(kind="process", id=incident.process_id, latest=True, limit=1).items
        name = found[0].name or incident.process_id if found else incident.process_id
        return {"number": _("没有开始的案件"), "definition": found[0].key if found else 0, "process": name}
    instance = engine().instance(incident.instance_key)
    return {
        "number": instance.business_key,
        "definition": instance.definition_key,
        "process": instance.process_name or instance.process_id,
    }
