"""How the studio's routes answer: JSON for the editors in the page, and pages that may style what the editors draw."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec

from flask import Response, jsonify, make_response, request

from engine.errors import EngineError, FieldError, InvalidInput, Unavailable
from procurement.studio.model import EditConflict
from web.auth.people import current_person
from web.pages.cases.names import person_name
from web.pages.errors import sentence, status_of
from web.security import CONTENT_POLICY

P = ParamSpec("P")
# the editors set style attributes on what they draw; scripts stay as strict as everywhere
EDITOR_POLICY = CONTENT_POLICY.replace("style-src 'self'", "style-src 'self' 'unsafe-inline'").replace(
    "font-src 'self'", "font-src 'self' data:"
)


def editor_page(view: Callable[P, Any]) -> Callable[P, Response]:
    """For pages with one of the editors in them: inline styles are allowed there, and nowhere else."""

    @wraps(view)
    def answered(*args: P.args, **kwargs: P.kwargs) -> Response:
        response = make_response(view(*args, **kwargs))
        response.headers["Content-Security-Policy"] = EDITOR_POLICY
        return response

    return answered


def json_answers(view: Callable[P, Any]) -> Callable[P, Response]:
    """The view's value as JSON; an error as ``{"problem": sentence}`` with the status of its family."""

    @wraps(view)
    def answered(*args: P.args, **kwargs: P.kwargs) -> Response:
        try:
            return jsonify(view(*args, **kwargs))
        except EngineError as error:
            response = jsonify({"problem": _told(error)} | _theirs(error))
            response.status_code = 503 if isinstance(error, Unavailable) else status_of(error)
            return response

    return answered


def sent() -> dict[str, Any]:
    """The JSON object in the request's body. Raises InvalidInput."""
    body = request.get_json(silent=True)
    if not isinstance(body, dict):
        raise InvalidInput("What the page sent cannot be read. Reload the page and try again.")
    return body


def text_in(body: dict[str, Any], name: str) -> str:
    """A text of the body, empty when it is not there. Raises InvalidInput for anything but text."""
    value = body.get(name, "")
    if not isinstance(value, str):
        raise InvalidInput(fields=(FieldError(name, "Send {name} as text.", {"name": name}),))
    return value


def _told(error: EngineError) -> str:
    fields = error.fields if isinstance(error, InvalidInput) else ()
    return " ".join([sentence(error), *map(sentence, fields)])


def _theirs(error: EngineError) -> dict[str, Any]:
    if not isinstance(error, EditConflict):
        return {}
    person, at = current_person(), error.at.isoformat() if error.at else None
    own = person is not None and person.login == error.by
    return {"theirs": {"sha256": error.theirs, "by": person_name(error.by), "self": own, "at": at}}
