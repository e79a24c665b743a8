"""One task: its form, draft, claim, return, and what came of it."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from engine.errors import Conflict, InvalidInput
from engine.model import UserTask
from web.auth.people import acting, me
from web.pages import colleagues, command_ids, outcome
from web.pages.cases import reasons, sight
from web.pages.cases.drawing import note_of
from web.pages.errors import field_sentences, sentence, status_of
from web.pages.forms import desk, posted
from web.pages.forms.desk import OpenTask
from web.pages.htmx import fragment, is_fragment_request
from web.pages.services import engine

blueprint = Blueprint("tasks", __name__, url_prefix="/tasks/<int:key>")
OWN_PAGES = {("panel_scoring", "score_bids"): "scoring.sheet"}  # tasks whose work is done on a page of their own


@blueprint.get("")
def show(key: int) -> str | Response:
    task = _seen(key)
    if task.state == "created" and task.assignee == me().login and (task.process_id, task.element_id) in OWN_PAGES:
        return redirect(url_for(OWN_PAGES[task.process_id, task.element_id], number=task.business_key), 303)
    if task.state != "created":
        return render_template("task/closed.html", **outcome.of_task(task))
    return _page(desk.open_task(task))


@blueprint.post("/save")
def save(key: int) -> Response | str | tuple[str, int]:
    """Keep the draft, after doing what the pressed button says: add or drop a row, attach or remove a file."""
    task = desk.open_task(engine().task(key))
    change = desk.apply(task)
    if not change.errors:
        engine().save_draft(key, posted.tree(change.values), actor=acting())
    view = task.view(change.values, change.errors)
    if is_fragment_request():
        seen = posted.seen(request.form)
        html = render_template("task/changes.html", view=view, changed=view.changed(seen), errors=change.errors)
        return fragment(html, events={"form-changed": True} if change.stored_files else None)
    if change.errors:
        return _page(task, change.values, change.errors), 422
    flash(_("草稿已保存。"), "ok")
    return redirect(url_for("tasks.show", key=key), 303)


@blueprint.post("/complete")
def complete(key: int) -> Response | tuple[str, int]:
    """Hand the form in. A second press with the same ``command_id`` is answered like the first."""
    command_id = command_ids.sent()
    given: tuple[OpenTask, dict[str, Any]] | None = None
    try:
        if not outcome.already_done(key, acting(), command_id):
            task = desk.open_task(engine().task(key))
            change = desk.apply(task)
            given = (task, change.values)
            if change.errors:
                return _page(task, change.values, change.errors), 422
            engine().complete_task(
                key, posted.tree(change.values), actor=acting(), command_id=command_id, files=change.known_files
            )
    except (InvalidInput, Conflict) as error:
        if given is None or not desk.still_open(key):
            raise
        errors = field_sentences(error) if isinstance(error, InvalidInput) else {}
        return _page(*given, errors, sentence(error)), status_of(error)
    return redirect(url_for("tasks.show", key=key), 303)


@blueprint.post("/claim")
def claim(key: int) -> Response:
    _seen(key)
    engine().claim_task(key, actor=acting())
    return redirect(url_for("tasks.show", key=key), 303)


@blueprint.post("/release")
def release(key: int) -> Response:
    _seen(key)
    engine().unclaim_task(key, actor=acting())
    flash(_("已退回待认领，同组人员可以办理。"), "ok")
    return redirect(url_for("inbox.index"), 303)


@blueprint.post("/assign")
def assign(key: int) -> Response:
    login = request.form.get("assignee", "").strip()
    colleagues.check(_seen(key), login)
    engine().assign_task(key, login, actor=acting())
    flash(_("已转交。"), "ok")
    return redirect(url_for("inbox.index"), 303)


def _seen(key: int) -> UserTask:
    """Raises NotFound for a task of a case the person may not look into, as for one that is not there."""
    task = engine().task(key)
    sight.require(task.business_key, task)
    return task


def _page(
    task: OpenTask, values: dict[str, Any] | None = None, errors: dict[str, list[str]] | None = None, problem: str = ""
) -> str:
    return render_template(
        "task/open.html",
        open=task,
        task=task.task,
        view=task.view(values, errors or {}),
        problem=problem,
        wrong=len(errors or {}),
        command_id=uuid.uuid4().hex,
        reasons=reasons.of_task(task.task),
        note=note_of(task.task),
        root=engine().instance(task.task.root_key),
        colleagues=[] if task.locked else colleagues.of_task(task.task),
    )
