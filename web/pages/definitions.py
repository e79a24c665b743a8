"""The deployed diagrams: as they were uploaded, for the viewer, and as pictures for print, PDF and browsers without scripts."""

from __future__ import annotations

from flask import Blueprint, Response

from engine.errors import NotFound
from web.pages.services import engine

blueprint = Blueprint("definitions", __name__)
# opened on its own, such a file may load and run nothing, whatever it contains
INERT = "default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'none'"


@blueprint.get("/definitions/<int:key>/xml")
def xml(key: int) -> Response:
    """BPMN and DMN only: forms are not for reading here."""
    if engine().definition(key).kind == "form":
        raise NotFound(kind="Diagram", key=key)
    return inert(engine().resource(key), "application/xml", "private, max-age=86400")  # a definition never changes


@blueprint.get("/definitions/<int:key>/diagram.svg")
def picture(key: int) -> Response:
    return inert(engine().picture(key), "image/svg+xml", "private, max-age=86400")


def inert(content: bytes, kind: str, keep: str = "no-store") -> Response:
    """A file for the viewer or an ``<img>``, harmless when somebody opens it on its own. ``keep`` is its Cache-Control."""
    answer = Response(content, mimetype=kind)
    answer.headers["Content-Security-Policy"] = INERT
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Cache-Control"] = keep
    return answer
