"""The studio's front: folders and drafts; begin, rename, discard, and the page in which a draft is edited."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from engine.errors import NotPermitted
from procurement.studio.model import UNDER_WAY
from web.auth.people import acting
from web.pages.services import services
from web.pages.studio import shell
from web.pages.studio.answering import editor_page
from web.pages.studio.shell_words import shell_words

blueprint = Blueprint("studio", __name__, url_prefix="/studio")


@blueprint.get("")
def index() -> str:
    """Every folder, and the drafts under way."""
    studio = services().studio
    return render_template("studio/index.html", folders=studio.shelf.folders(), drafts=studio.drafts.drafts(state=UNDER_WAY))


@blueprint.get("/folders/<folder>")
def folder(folder: str) -> str:
    studio = services().studio
    found = studio.shelf.folder(folder)
    drafts = studio.drafts.drafts(folder)
    return render_template("studio/folder.html", folder=found, drafts=drafts, history=studio.shelf.history(folder))


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
