"""The studio's front: folders and drafts; begin, rename, discard, and the page in which a draft is edited."""

from __future__ import annotations

from typing import NamedTuple

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from engine.errors import NotPermitted
from engine.model import Definition
from procurement.studio import layout
from procurement.studio.model import UNDER_WAY, Folder
from procurement.studio.titles import title_of
from web.auth.people import acting
from web.pages.services import services
from web.pages.studio import shell
from web.pages.studio.answering import editor_page
from web.pages.studio.shell_words import shell_words

blueprint = Blueprint("studio", __name__, url_prefix="/studio")


class InForce(NamedTuple):
    """One file of the shelf as a list shows it; ``definition`` is None for what is never deployed."""

    path: str
    kind: str
    title: str
    definition: Definition | None


@blueprint.get("")
def index() -> str:
    """Every folder, and the drafts under way."""
    studio = services().studio
    return render_template("studio/index.html", folders=studio.shelf.folders(), drafts=studio.drafts.drafts(state=UNDER_WAY))


@blueprint.post("")
def create() -> Response:
    """A new process: a draft at home in a folder of its own, with an empty diagram."""
    return begin(request.form.get("folder", "").strip())


@blueprint.get("/folders/<folder>")
def folder(folder: str) -> str:
    """A folder that exists only in drafts yet has nothing in force to show."""
    studio = services().studio
    is_new = not any(layout.folder_of(path) == folder for path in studio.shelf.digests()) and studio.drafts.drafts(folder)
    found = Folder(folder, folder, 0, 0, 0, 0) if is_new else studio.shelf.folder(folder)
    return render_template(
        "studio/folder.html",
        folder=found,
        drafts=studio.drafts.drafts(folder),
        history=studio.shelf.history(folder)[:50],
        files=_in_force(folder),
    )


@blueprint.post("/folders/<folder>/drafts")
def begin(folder: str) -> Response:
    made = services().studio.drafts.begin(folder, request.form.get("title", ""), request.form.get("reason", ""), actor=acting())
    return redirect(url_for("studio.edit", draft=made.key), 303)


@blueprint.get("/drafts/<int:draft>")
@editor_page
def edit(draft: int) -> str:
    """?path= opens that file first."""
    studio = services().studio
    found, files = studio.drafts.draft(draft), studio.drafts.files(draft)
    changing = found.is_open and _may_edit(found.folder)
    settings = shell.settings(found, files, wanted=request.args.get("path", ""), changing=changing)
    first = next((bundle for bundle in settings["bundles"] if bundle == shell.BUNDLES.get(settings["kind"])), None)
    return render_template(
        "studio/edit.html",
        draft=found,
        files=files,
        changing=changing,
        first=first,
        shell_settings=settings,
        words=shell_words(),
    )


@blueprint.post("/drafts/<int:draft>/words")
def rename(draft: int) -> Response:
    services().studio.drafts.rename(draft, request.form.get("title", ""), request.form.get("reason", ""), actor=acting())
    return redirect(url_for("studio.edit", draft=draft), 303)


@blueprint.post("/drafts/<int:draft>/discard")
def discard(draft: int) -> Response:
    gone = services().studio.drafts.discard(draft, actor=acting())
    flash(_("草稿已放弃。其中保存过的内容都还在，可以重新打开。"), "ok")
    return redirect(url_for("studio.folder", folder=gone.folder), 303)


@blueprint.post("/drafts/<int:draft>/reopen")
def reopen(draft: int) -> Response:
    services().studio.drafts.reopen(draft, actor=acting())
    return redirect(url_for("studio.edit", draft=draft), 303)


def _may_edit(folder: str) -> bool:
    try:
        services().studio.rights.require(acting(), folder, "edit")
    except NotPermitted:
        return False
    return True


def _in_force(folder: str) -> list[InForce]:
    """The files of a folder, diagrams first; what was deployed with the key of its newest version."""
    shelf = services().studio.shelf
    found = {path: content for path, content in shelf.files().items() if layout.folder_of(path) == folder}
    newest = shelf.newest(folder)
    return [
        InForce(path, layout.kind_of(path), title_of(path, content), newest[path].definition if path in newest else None)
        for path, content in found.items()
    ]
