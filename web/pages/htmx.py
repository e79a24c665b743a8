"""The one place that touches htmx-flask, because its 0.1.0 has sharp edges.

``make_response`` refuses reswap "beforebegin" and "afterbegin", and a Chinese ``trigger`` text breaks the header: give
triggers as a dict, and set no swap from the server. ``init_app`` replaces ``request_class``; nothing else may do so.
"""

from __future__ import annotations

from typing import Any, cast
from urllib.parse import unquote

import htmx_flask
from flask import Flask, Response, redirect


def install(pages: Flask) -> None:
    htmx_flask.Htmx(pages)


def _details() -> Any:
    """What htmx says of the request; the extension's own request class has it, Flask's type does not."""
    return cast(Any, htmx_flask.request).htmx


def is_fragment_request() -> bool:
    """Whether htmx asks for a part of a page (a boosted or restored page wants the whole)."""
    htmx = _details()
    return bool(htmx) and not htmx.boosted and not htmx.history_restore_request


def trigger_name() -> str:
    """The name of the field that caused the request; Chinese names arrive percent-encoded."""
    return unquote(_details().trigger_name or "")


def fragment(html: str, status: int = 200, *, events: dict[str, Any] | None = None) -> Response:
    return htmx_flask.make_response(html, status, trigger=events)


def go_to(address: str) -> Response:
    """Send the browser to another page, after a form post with or without htmx."""
    if is_fragment_request():
        return htmx_flask.make_response("", 200, redirect=address)
    return cast(Response, redirect(address, 303))
