"""Giving files out: only to whom the office lets read them, and never as something a browser would run."""

from __future__ import annotations

from urllib.parse import quote

from flask import Blueprint, Response, render_template, request

from web.auth.people import acting
from web.pages.services import office

blueprint = Blueprint("files", __name__)
SHOWN_IN_PLACE = {"application/pdf", "image/png", "image/jpeg"}


@blueprint.get("/files/<number>/<sha256>")
def download(number: str, sha256: str) -> Response:
    findings = office().files.findings(sha256, actor=acting())
    if findings and request.args.get("accepted") != "1":
        return Response(render_template("sealed/quarantine.html", number=number, sha256=sha256, findings=findings))
    reference, content = office().files.open(sha256, actor=acting())
    place = "inline" if reference.media_type in SHOWN_IN_PLACE and not findings else "attachment"
    answer = Response(content, mimetype=reference.media_type if place == "inline" else "application/octet-stream")
    answer.headers["Content-Disposition"] = f"{place}; filename*=UTF-8''{quote(reference.name)}"
    answer.headers["Content-Length"] = str(reference.size)
    answer.headers["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    answer.headers["Cache-Control"] = "private, no-cache"
    answer.set_etag(sha256)
    return answer
