"""What is in force, to look at: any deployed version of a diagram, table or form, and the READMEs and cases beside them."""

from __future__ import annotations

from flask import Blueprint, Response, render_template, request

from engine.errors import NotFound
from procurement.studio import layout
from procurement.studio.titles import title_of
from web.pages.forms.view import FormView
from web.pages.services import engine, services
from web.pages.studio.tables_shown import shown_tables

blueprint = Blueprint("studio_shelf", __name__, url_prefix="/studio")


@blueprint.get("/definitions/<int:key>")
def definition(key: int) -> str:
    """One version: the diagram drawn, the tables as tables, the form as people see it."""
    found = engine().definition(key)
    versions = engine().definitions(kind=found.kind, id=found.id, order="-version", limit=100).items
    view = tables = None
    if found.kind == "form":
        view = FormView(engine().form(key).state({}, now=services().clock.now()), locked=True)
    elif found.kind == "decision":
        tables = shown_tables(engine().resource(key), found.resource_name, found.id)
    running = engine().instances(definition_key=key, state="active", limit=1).total if found.kind == "process" else 0
    path = services().studio.shelf.path_of(key)
    return render_template(
        "studio/definition.html",
        it=found,
        versions=versions,
        view=view,
        tables=tables,
        running=running,
        path=path,
        folder=layout.folder_of(path),
    )


@blueprint.get("/definitions/<int:key>/file")
def file(key: int) -> Response:
    """The file exactly as it was deployed."""
    name = services().studio.shelf.path_of(key).rsplit("/", 1)[-1]
    return _download(engine().resource(key), name)


@blueprint.get("/folders/<folder>/text")
def text(folder: str) -> Response | str:
    """?path=: a README or case in force; &download=1 as a file. A diagram or form is shown by its version."""
    path = request.args.get("path", "")
    if layout.folder_of(path) != folder:
        raise NotFound(kind="File", key=path)
    content = services().studio.shelf.content(path)
    if request.args.get("download"):
        return _download(content, path.rsplit("/", 1)[-1])
    title = title_of(path, content) or path.rsplit("/", 1)[-1]
    return render_template("studio/text.html", path=path, folder=folder, title=title, text=content.decode("utf-8", "replace"))


def _download(content: bytes, name: str) -> Response:
    """Never shown by the browser itself, whatever is in it. Names are of the layout: letters, digits, _ and -."""
    answer = Response(content, mimetype="application/octet-stream")
    answer.headers.set("Content-Disposition", "attachment", filename=name)
    return answer
