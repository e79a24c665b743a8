"""The deployed diagrams: as they were uploaded, for the viewer, and as pictures for print, PDF and browsers without scripts."""

from __future__ import annotations

from flask import Blueprint, Response

from engine.errors import NotFound
from web.pages.services import engine

blueprint = Blueprint("definitions", __name__)
# opened on its own, a picture may load and run nothing, whatever it were to contain
PICTURE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'none'"


@blueprint.get("/definitions/<int:key>/xml")
def xml(key: int) -> Response:
    """BPMN and DMN only: forms are not for reading here."""
    if engine().definition(key).kind == "form":
        raise NotFound(kind="Diagram", key=key)
    answer = Response(engine().resource(key), mimetype="application/xml")
    answer.headers["Cache-Control"] = "private, max-age=86400"  # a definition never changes
    return answer


@blueprint.get("/definitions/<int:key>/diagram.svg")
def picture(key: int) -> Response:
    return picture_answer(engine().picture(key), "private, max-age=86400")


def picture_answer(svg: bytes, keep: str = "no-store") -> Response:
    """An SVG that is only a picture. ``keep`` is its Cache-Control."""
    answer = Response(svg, mimetype="image/svg+xml")
    answer.headers["Content-Security-Policy"] = PICTURE_POLICY
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Cache-Control"] = keep
    return answer
