"""Diagrams, tables and forms as deployed: look, upload, check, deploy. A wrong file changes nothing."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response

from engine.errors import DefinitionInvalid, Problem
from engine.model import Resource
from web.auth.people import acting
from web.pages import filters
from web.pages.forms.view import FormView
from web.pages.services import engine, services
from web.resources import KINDS

blueprint = Blueprint("designer", __name__, url_prefix="/designer")
PAGE_SIZE = 60
Answer = Response | str | tuple[str, int]


@blueprint.get("")
def index() -> str:
    kept = filters.read(("kind", "words"))
    kind = kept["kind"] if kept["kind"] in ("process", "decision", "form") else "process"
    page = engine().definitions(
        kind=kind, latest=True, words=kept["words"] or None, order="id", limit=PAGE_SIZE, after=request.args.get("after")
    )
    return render_template("designer/index.html", page=page, kept=kept, kind=kind)


@blueprint.get("/definitions/<int:key>")
def definition(key: int) -> str:
    found = engine().definition(key)
    versions = engine().definitions(kind=found.kind, id=found.id, order="-version", limit=100).items
    view = None
    text = ""
    if found.kind == "form":
        form = engine().form(key)
        view = FormView(form.state({}, now=services().clock.now()), locked=True)
    elif found.kind == "decision":
        text = engine().resource(key).decode()
    running = engine().instances(definition_key=key, state="active", limit=1).total if found.kind == "process" else 0
    return render_template("designer/definition.html", it=found, versions=versions, view=view, text=text, running=running)


@blueprint.get("/definitions/<int:key>/marks")
def marks(key: int) -> dict[str, Any]:
    """What the viewer asks of a case, for a diagram on which nobody has walked yet."""
    return {"definition": key, "done": [], "waiting": [], "incident": [], "counts": {}, "called": {}}


@blueprint.get("/definitions/<int:key>/file")
def file(key: int) -> Response:
    """The file exactly as it was deployed."""
    found = engine().definition(key)
    name = found.resource_name.rsplit("/", 1)[-1]
    answer = Response(engine().resource(key), mimetype="application/octet-stream")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


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
    return redirect(url_for("designer.index"), 303)


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
