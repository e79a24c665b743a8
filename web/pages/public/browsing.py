"""The front page and the lists."""

from __future__ import annotations

from flask import abort, redirect, render_template, request, session
from werkzeug.wrappers import Response

from web.pages import filters
from web.pages.addresses import own_address
from web.pages.notice_words import KINDS
from web.pages.public.counting import publicity
from web.pages.services import office, services

PAGE_SIZE = 30
NEWEST = 8


def index() -> str:
    public = office().public
    calendar, today = services().calendar, services().clock.now().date()
    return render_template(
        "public/index.html",
        running=public.open_comparisons(),
        periods=[(notice, publicity(notice, (), calendar, today)) for notice in public.publicity_periods()],
        newest=public.notices(limit=NEWEST),
        communities=public.communities(),
        kinds=KINDS,
        kept=filters.Filters(),
    )


def notices() -> str:
    kept = filters.read(("words", "kind", "community", "organisation", "open"))
    page = office().public.notices(
        words=kept["words"],
        kinds=(kept["kind"],) if kept["kind"] in KINDS else (),
        community=kept["community"],
        organisation=kept["organisation"],
        open_only=kept["open"] == "yes",
        limit=PAGE_SIZE,
        after=request.args.get("after"),
    )
    return render_template("public/notices.html", page=page, kept=kept, kinds=KINDS, communities=office().public.communities())


def results() -> str:
    kept = filters.read(("words",))
    page = office().public.results(words=kept["words"], limit=PAGE_SIZE, after=request.args.get("after"))
    return render_template("public/results.html", page=page, kept=kept, kinds=KINDS)


def catalogue() -> str:
    return render_template("public/catalogue.html", items=office().public.catalogue())


def language(code: str) -> Response:
    """By a link, so that reading the public pages needs no cookie until somebody asks for another language."""
    if code not in ("zh_Hans", "en"):
        abort(404)
    session["language"] = code
    return redirect(own_address(request.args.get("next"), "/public"), 303)
