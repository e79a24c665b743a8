"""Telling the office something without an account, and reading the answer by its code. Never kept by caches: each page has a code."""

from __future__ import annotations

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from engine.errors import Conflict, EngineError, InvalidInput
from procurement.office.feedback import CODE, KINDS, LONGEST
from web.pages.errors import field_sentences, sentence, status_of
from web.pages.services import office

blueprint = Blueprint("feedback", __name__, url_prefix="/public/feedback")
TYPED = ("kind", *LONGEST)


@blueprint.get("")
def show() -> Response:
    return _page(office().feedback.new_code(), {"purchase": request.args.get("purchase", "")})


@blueprint.post("")
def give() -> Answer:
    code, typed = request.form.get("code", ""), {name: request.form.get(name, "") for name in TYPED}
    try:
        office().feedback.give(code, typed, address=request.remote_addr or "")
    except (InvalidInput, Conflict) as error:
        return _page(code if CODE.fullmatch(code) else office().feedback.new_code(), typed, error)
    return redirect(url_for("feedback.answer", code=code), 303)


@blueprint.get("/answer")
def answer() -> Response:
    """What became of it; an unknown code gets the same page, with what to do."""
    code = request.args.get("code", "").strip().upper()
    found = office().feedback.found(code) if CODE.fullmatch(code) else None
    return _private(render_template("public/feedback_answer.html", code=code, found=found), 200 if found or not code else 404)


def _page(code: str, typed: dict[str, str], error: EngineError | None = None) -> Response:
    errors = field_sentences(error) if isinstance(error, InvalidInput) else {}
    page = render_template(
        "public/feedback.html",
        code=code,
        typed=typed,
        errors=errors,
        kinds=KINDS,
        longest=LONGEST,
        problem=sentence(error) if error else "",
    )
    return _private(page, status_of(error) if error else 200)


def _private(page: str, status: int = 200) -> Response:
    """The code opens the answer: no other site is told the address, and no cache keeps the page."""
    response = make_response(page, status)
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response
