"""The page for when the database is away. It needs no database itself, and brings back what was about to be sent."""

from __future__ import annotations

from flask import Response, current_app, request
from flask_babel import get_locale
from flask_babel import gettext as _

from web import static_files
from web.pages.htmx import fragment, is_fragment_request

STATUS = 503
RETRY_AFTER_S = 10


def page(text: str) -> Response:
    """For htmx a note: the page with everything typed stays as it is. Else a page whose button sends the same again."""
    # rendered past the context every other page gets, which asks the database who is looking and what time it is
    template = current_app.jinja_env.get_template("error_note.html" if is_fragment_request() else "away.html")
    html = template.render(
        title=_("暂时无法办理"),
        text=text,
        fields={},
        language=str(get_locale()),
        static=static_files.address,
        address=_address(),
        again=_again(),
        lost_files=_had_files(),
    )
    answer = fragment(html, STATUS) if is_fragment_request() else Response(html, STATUS)
    answer.headers["Retry-After"] = str(RETRY_AFTER_S)
    return answer


def _address() -> str:
    """Where the same is to be asked again; a post that cannot be repeated begins anew at home."""
    return request.full_path.rstrip("?") if request.method == "GET" or _again() is not None else "/"


def _again() -> list[tuple[str, str]] | None:
    """The fields of the post, to be sent once more under the same command id; None when there was none to repeat."""
    if request.method != "POST" or any("password" in name for name in request.form):
        return None
    return [(name, value) for name, value in request.form.items(multi=True)]


def _had_files() -> bool:
    return request.method == "POST" and any(upload.filename for upload in request.files.values())
