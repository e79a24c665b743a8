"""The addresses below /designer lead into the studio, which has taken their place."""

from __future__ import annotations

from flask import Blueprint, redirect, url_for
from werkzeug.wrappers import Response

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


@blueprint.get("/deploy")
def deploy() -> Response:
    """Files are brought into a draft now; nothing comes into force without a second person."""
    return redirect(url_for("studio_packing.bring"), 301)
