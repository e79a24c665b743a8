"""红头文件: minutes, results and awards as Word or PDF, made when somebody asks for them."""

from __future__ import annotations

from urllib.parse import quote

from flask import Blueprint, Response

from web.auth.people import acting
from web.pages.services import office

blueprint = Blueprint("red_papers", __name__, url_prefix="/purchases/<number>/papers")
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@blueprint.get("/<kind>/<paper>.docx")
def word(number: str, kind: str, paper: str) -> Response:
    return _given(office().documents.word(number, kind, paper, actor=acting()), f"{paper}.docx", WORD, "attachment")


@blueprint.get("/<kind>/<paper>.pdf")
def pdf(number: str, kind: str, paper: str) -> Response:
    """Printed in the request: one or two pages take half a second, and a page asked for again is there."""
    return _given(office().documents.pdf(number, kind, paper, actor=acting()), f"{paper}.pdf", "application/pdf", "inline")


def _given(content: bytes, name: str, media_type: str, place: str) -> Response:
    answer = Response(content, mimetype=media_type)
    answer.headers["Content-Disposition"] = f"{place}; filename*=UTF-8''{quote(name)}"
    answer.headers["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    answer.headers["Cache-Control"] = "private, no-cache"
    return answer
