"""What somebody with a card sees: the privacy notice first, then the questions, then a thank-you. No account, no cookie, no script."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from engine.errors import Conflict, EngineError, InvalidInput, NotFound
from procurement.surveys.answering import CHILD, CONSENT, GUARDIAN, GUARDIAN_CONSENT, LONGEST_TEXT, SELF, WHO
from web.pages.errors import field_sentences, sentence
from web.pages.services import office

blueprint = Blueprint("surveys", __name__, url_prefix="/s")
NAMES = {"WHO": WHO, "SELF": SELF, "GUARDIAN": GUARDIAN, "CHILD": CHILD, "CONSENT": CONSENT, "GUARDIAN_CONSENT": GUARDIAN_CONSENT}
Page = Answer | tuple[str, int]


@blueprint.get("/thanks")
def thanks() -> Response:
    return _private(render_template("surveys/thanks.html"))


@blueprint.get("/<token>")
def notice(token: str) -> Page:
    try:
        asked = office().surveys.asked(token)
    except (NotFound, Conflict) as error:
        return _closed(error)
    return _private(render_template("surveys/notice.html", asked=asked, survey=asked.survey, token=token))


@blueprint.get("/<token>/questions")
def questions(token: str) -> Page:
    return _sheet(token, {}, {})


@blueprint.post("/<token>/questions")
def answer(token: str) -> Page:
    """Exempt from the CSRF check: the link itself is the right to answer, and no cookie is wanted here."""
    sent = {name: list(values) for name, values in request.form.lists()}
    try:
        office().surveys.answer(token, sent, address=request.remote_addr or "")
    except InvalidInput as error:
        return _sheet(token, sent, field_sentences(error), 422)
    except (NotFound, Conflict) as error:
        return _closed(error)
    return redirect(url_for("surveys.thanks"), 303)


def _sheet(token: str, sent: Mapping[str, list[str]], errors: Mapping[str, list[str]], status: int = 200) -> Page:
    try:
        asked = office().surveys.asked(token)
    except (NotFound, Conflict) as error:
        return _closed(error)
    page = render_template(
        "surveys/questions.html",
        asked=asked,
        survey=asked.survey,
        token=token,
        sent=sent,
        errors=errors,
        longest=LONGEST_TEXT,
        plain=[question for question in asked.questions if not question.sensitive],
        sensitive=[question for question in asked.questions if question.sensitive],
        **NAMES,
    )
    return _private(page, status)


def _closed(error: EngineError) -> Response:
    """A link that opens nothing: one page for all, with what to do."""
    status = 404 if isinstance(error, NotFound) else 410
    return _private(render_template("surveys/closed.html", text=sentence(error)), status)


def _private(page: str, status: int = 200) -> Response:
    """The address is a secret: no other site is told it, and no cache or search engine keeps the page."""
    response = make_response(page, status)
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response
