"""How long an answer may be kept, and asking whether it is still the same.

A page carries a countdown, so it is asked for again after half a minute; its ETag is over what was sent. Somebody logged in
sees the same pages, but theirs are never kept.
"""

from __future__ import annotations

import datetime as dt

from flask import Response, request

from web.auth.people import current_person

SECONDS = 30


def kept(response: Response) -> Response:
    """Cache-Control, ETag and 304 for a visitor's answers; others are left alone."""
    if request.method not in ("GET", "HEAD") or response.status_code != 200 or response.is_streamed or current_person():
        return response
    response.headers.setdefault("Cache-Control", f"public, max-age={SECONDS}")
    response.add_etag(weak=True)
    response.make_conditional(request)
    response.headers.pop("Date", None)  # the server writes it
    return response


def dated(response: Response, changed: dt.datetime | None) -> Response:
    """Say when the contents last changed, if that is known."""
    if changed is not None:
        response.last_modified = changed
    return response
