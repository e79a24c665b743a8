"""Upload, check, deploy: a wrong file changes nothing. The other addresses below /designer lead into the studio."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response

from engine.errors import DefinitionInvalid, Problem
from engine.model import Resource
from web.auth.people import acting
from web.pages.services import engine
from web.resources import KINDS

blueprint = Blueprint("designer", __name__, url_prefix="/designer")
Answer = Response | str | tuple[str, int]


@blueprint.get("")
def index() -> Response:
    """The studio has taken this page's place."""
    return redirect(url_for("studio.index"), 301)


@blueprint.get("/definitions/<int:key>")
def definition(key: int) -> Response:
    return redirect(url_for("studio_shelf.definition", key=key), 301)


@blueprint.get("/definitions/<int:key>/file")
def file(key: int) -> Response:
    return redirect(url_for("studio_shelf.file", key=key), 301)


@blueprint.route("/deploy", methods=["GET", "POST"])
def deploy() -> Answer:
    """Check or deploy the uploaded files together: all or none."""
    if request.method == "GET":
        return _deploy_page()
    resources = [_resource(upload) for upload in request.files.getlist("files") if upload.filename]
    note = request.form.get("note", "").strip()
    wrong = [resource.name for resource in resources if not any(resource.name.endswith(kind) for kind in KINDS)]
    if not resources or wrong:
        told = _("不是 .bpmn、.dmn 或 .form 文件：%(names)s", names="、".join(wrong)) if wrong else _("请选择要部署的文件。")
        return _deploy_page(problem=told, note=note), 422
    if request.form.get("_action") == "check":
        problems = engine().check(resources)
        return _deploy_page(problems=problems, checked=[resource.name for resource in resources], note=note)
    try:
        deployment = engine().deploy(resources, actor=acting(), note=note)
    except DefinitionInvalid as error:
        return _deploy_page(problems=error.problems, note=note, refused=True), 422
    flash(
        _("已部署 %(n)s 个定义。已经开始的步骤仍按原来的版本办完，之后开始的步骤用新版本。", n=len(deployment.definitions)), "ok"
    )
    return redirect(url_for("studio.index"), 303)


def _resource(upload: FileStorage) -> Resource:
    name = (upload.filename or "").replace("\\", "/").rsplit("/", 1)[-1]
    return Resource(name, upload.stream.read())


def _deploy_page(
    *,
    problem: str = "",
    problems: tuple[Problem, ...] | None = None,
    checked: list[str] | None = None,
    note: str = "",
    refused: bool = False,
) -> str:
    return render_template(
        "designer/deploy.html", problem=problem, problems=problems, checked=checked, note=note, refused=refused
    )
