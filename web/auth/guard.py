"""The access table asked before every view, and how much a request may bring."""

from __future__ import annotations

from collections.abc import Iterator

from flask import Flask, abort, redirect, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from web.auth import access
from web.auth.people import current_person
from web.auth.visitors import registration_number
from web.pages.htmx import go_to, is_fragment_request
from web.request_log import known

TEXT_LIMIT = 4 * 1024 * 1024  # bytes of a form without files, which is read into memory as a whole


def install(pages: Flask) -> None:
    """Must come before whatever reads the body (the CSRF check does)."""

    @pages.before_request
    def limit_body() -> None:
        """Large bodies only from people we know, and only as files, which go to disk piece by piece."""
        known_visitor = current_person() is not None or registration_number() is not None
        if not known_visitor or request.mimetype != "multipart/form-data":
            request.max_content_length = TEXT_LIMIT

    @pages.before_request
    def refuse_strangers() -> Response | None:
        if request.endpoint is None:
            return None  # an unknown address becomes a 404 page
        person = current_person()
        known(route=str(request.url_rule), user=person.login if person else None)
        if access.allowed(request.endpoint, person.roles if person else None):
            return None
        if person is not None:
            abort(403)
        return _to_login()


def refuse_unreadable(pages: Flask) -> None:
    """No keyboard types a zero byte and the database cannot hold one: an address or a form that carries one is not looked at.

    Must come after whatever chooses how the body is read.
    """

    @pages.before_request
    def refuse_zero_bytes() -> None:
        texts = (request.path, *_texts(request.args), *_texts(request.form))
        if any("\0" in text for text in texts):
            abort(400)


def _texts(sent: MultiDict[str, str]) -> Iterator[str]:
    for name, values in sent.lists():
        yield from (name or "", *values)  # a part without a name has none


def _to_login() -> Response:
    """Remember where the visitor wanted to go, unless that was a form post that cannot be repeated by a link."""
    wanted = request.full_path.rstrip("?") if request.method == "GET" and not is_fragment_request() else None
    address = url_for("login.show", next=wanted)
    return go_to(address) if is_fragment_request() else redirect(address, 303)
