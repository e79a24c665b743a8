"""The folder layout as a zip file: out, and in again as a draft."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from engine.errors import InvalidInput, Problem
from procurement.studio import layout, packing
from procurement.studio.importing import into_draft, with_these
from procurement.studio.model import Files
from procurement.studio.release.gate import resources
from web.auth.people import acting
from web.pages.errors import field_sentences, sentence
from web.pages.services import engine, services

blueprint = Blueprint("studio_packing", __name__, url_prefix="/studio")
Answer = Response | str | tuple[str, int]


@blueprint.get("/export")
def everything() -> Response:
    """All that is in force."""
    return _zip("bixuan", services().studio.shelf.files())


@blueprint.get("/folders/<folder>/export")
def one_folder(folder: str) -> Response:
    services().studio.shelf.folder(folder)
    files = services().studio.shelf.files()
    return _zip(folder, {path: content for path, content in files.items() if layout.folder_of(path) == folder})


@blueprint.get("/drafts/<int:draft>/export")
def draft(draft: int) -> Response:
    """All that would be in force."""
    return _zip(f"draft-{draft}", services().studio.drafts.workspace(draft))


@blueprint.route("/import", methods=["GET", "POST"])
def bring() -> Answer:
    """A zip file, or single files of the layout's kinds, becomes a draft; nothing comes into force. Or they are checked only."""
    if request.method == "GET":
        return _page()
    title, reason = request.form.get("title", "").strip(), request.form.get("reason", "").strip()
    uploads = [(upload.filename or "", upload.stream.read(packing.PACKED_LIMIT + 1)) for upload in request.files.getlist("files")]
    studio = services().studio
    if request.form.get("_action") == "check":
        return _checked(uploads, title, reason)
    try:
        made = into_draft(studio, [one for one in uploads if one[0]], title=title, reason=reason, actor=acting())
    except InvalidInput as error:
        lines = [line for lines in field_sentences(error).values() for line in lines]
        return _page(title, reason, [sentence(error), *lines]), 422
    flash(_("已导入到草稿；发布之前不影响任何案件。"), "ok")
    return redirect(url_for("studio.edit", draft=made.key), 303)


def _checked(uploads: list[tuple[str, bytes]], title: str, reason: str) -> Answer:
    """What a release of the files beside those in force would say, and what running cases would miss, one line for each fault."""
    studio = services().studio
    try:
        files = with_these(studio, [one for one in uploads if one[0]])
    except InvalidInput as error:
        return _page(title, reason, [sentence(error)]), 422
    shelf = studio.shelf.files()
    found = engine().check(resources(files))
    told = [one for one in found if one.severity == "error" or files.get(one.file) != shelf.get(one.file)]
    return _page(title, reason, found=(*told, *(one.as_problem() for one in studio.checks.for_running_cases(files))))


def _page(title: str = "", reason: str = "", problems: list[str] | None = None, found: tuple[Problem, ...] | None = None) -> str:
    return render_template("studio/import.html", title=title, reason=reason, problems=problems or [], found=found)


def _zip(name: str, files: Files) -> Response:
    answer = Response(packing.pack(files), mimetype="application/zip")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.zip"'
    return answer
