"""Forms filled in on site: a page a phone keeps and opens without a network, and where it sends what was filled in.

A task whose header ``onsite`` is ``true`` has such a page. ``static/onsite.js`` keeps what is typed and photographed on the phone
and sends it here, again and again under one command id, until it is told what became of it; ``static/onsite-worker.js`` opens the
page when there is no network.
"""

from __future__ import annotations

import uuid
from dataclasses import replace
from typing import Any

from flask import Blueprint, Response, redirect, render_template, url_for
from flask_wtf.csrf import generate_csrf
from werkzeug.wrappers import Response as AnyResponse

from engine.errors import Conflict, InvalidInput, NotFound, NotPermitted
from engine.model import UserTask
from web import static_files
from web.auth.people import acting, me
from web.pages import command_ids, outcome
from web.pages.cases import sight
from web.pages.errors import field_sentences, sentence, status_of
from web.pages.forms import desk, posted
from web.pages.forms.desk import OpenTask
from web.pages.services import engine

blueprint = Blueprint("onsite", __name__, url_prefix="/onsite")
LONGEST_EDGE = 1600  # pixels of a photo after the phone made it smaller: a page of small print can still be read
PHOTO_BYTES = 400 * 1024
LISTED = 200  # open tasks looked through for those done on site


@blueprint.get("/")
def index() -> str:
    """What waits to be done on site, and, drawn by the script, what this phone keeps."""
    tasks = [task for task in engine().tasks(candidate_of=acting(), order="due", limit=LISTED).items if is_onsite(task)]
    lines = [(task, _about(desk.open_task(task))) for task in tasks]
    return render_template("onsite/index.html", lines=lines, edge=LONGEST_EDGE, bytes=PHOTO_BYTES)


@blueprint.get("/<int:key>")
def show(key: int) -> str | AnyResponse:
    task = engine().task(key)
    sight.require(task.business_key, task)
    if task.state != "created":
        return redirect(url_for("onsite.index"), 303)
    opened = desk.open_task(task)
    if opened.locked or not is_onsite(task):
        return redirect(url_for("tasks.show", key=key), 303)
    view = replace(opened.view(), save_address="")  # the script keeps the draft, on the phone
    return render_template(
        "onsite/form.html",
        open=opened,
        task=task,
        about=_about(opened),
        view=view,
        command_id=uuid.uuid4().hex,
        edge=LONGEST_EDGE,
        bytes=PHOTO_BYTES,
    )


@blueprint.get("/me")
def whoami() -> dict[str, Any]:
    """Who is logged in now: a phone sends nothing under another name than it was filled in under."""
    token: Any = generate_csrf  # it carries no types
    return {"login": me().login, "name": me().name, "csrf": token()}


@blueprint.post("/<int:key>")
def send(key: int) -> tuple[dict[str, Any], int]:
    """Arrived (also the second time), refused with sentences by field while the task is still open, or gone."""
    command_id = command_ids.sent()
    try:
        if not outcome.already_done(key, acting(), command_id):
            task = desk.open_task(engine().task(key))
            change = desk.apply(task)
            if change.errors:
                return {"state": "refused", "errors": change.errors}, 422
            engine().complete_task(
                key, posted.tree(change.values), actor=acting(), command_id=command_id, files=change.known_files
            )
    except InvalidInput as error:
        return {"state": "refused", "text": sentence(error), "errors": field_sentences(error)}, status_of(error)
    except (Conflict, NotFound, NotPermitted) as error:
        return {"state": "refused" if _is_open(key) else "gone", "text": sentence(error), "errors": {}}, status_of(error)
    return {"state": "arrived", "address": url_for("tasks.show", key=key)}, 200


@blueprint.get("/worker.js")
def worker() -> Response:
    """The service worker; its address makes its reach: the pages below /onsite/ and nothing else."""
    script = (static_files.FOLDER / "onsite-worker.js").read_bytes()
    return Response(script, mimetype="text/javascript", headers={"Cache-Control": "no-cache"})


def is_onsite(task: UserTask) -> bool:
    return task.headers.get("onsite") == "true"


def _about(opened: OpenTask) -> str:
    """The first line of the form as HTML, which says what it is about: tasks of one name are told apart by it."""
    first = next((state.html for state in opened.view().state.components if state.type == "text"), "")
    return first.partition("</p>")[0]


def _is_open(key: int) -> bool:
    try:
        return desk.still_open(key)
    except NotFound:
        return False
