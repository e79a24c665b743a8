"""The deployed diagrams as they were uploaded, for the viewer."""

from __future__ import annotations

from flask import Blueprint, Response

from engine.errors import NotFound
from web.pages.services import engine

blueprint = Blueprint("definitions", __name__)


@blueprint.get("/definitions/<int:key>/xml")
def xml(key: int) -> Response:
    """BPMN and DMN only: forms are not for reading here."""
    if engine().definition(key).kind == "form":
        raise NotFound(kind="Diagram", key=key)
    answer = Response(engine().resource(key), mimetype="application/xml")
    answer.headers["Cache-Control"] = "private, max-age=86400"  # a definition never changes
    return answer
