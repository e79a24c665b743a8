"""What anybody may read without logging in: notices, results, one purchase's published side, the catalogue."""

from __future__ import annotations

from flask import Blueprint, render_template, request

from web.pages import filters
from web.pages.notice_words import KINDS, lines
from web.pages.services import office

blueprint = Blueprint("public", __name__, url_prefix="/public")
PAGE_SIZE = 30
RESULTS = "results"


@blueprint.get("")
def index() -> str:
    kept = filters.read(("words", "kind", "open"))
    kinds = (kept["kind"],) if kept["kind"] in KINDS else ()
    page = office().public.notices(
        words=kept["words"], kinds=kinds, open_only=kept["open"] == "yes", limit=PAGE_SIZE, after=request.args.get("after")
    )
    return render_template("public/index.html", page=page, kept=kept, kinds=KINDS)


@blueprint.get("/results")
def results() -> str:
    kept = filters.read(("words",))
    page = office().public.results(words=kept["words"], limit=PAGE_SIZE, after=request.args.get("after"))
    return render_template("public/results.html", page=page, kept=kept, kinds=KINDS)


@blueprint.get("/notices/<number>")
def notice(number: str) -> str:
    found = office().public.notice(number)
    return render_template("public/notice.html", notice=found, lines=lines(found.content), kinds=KINDS)


@blueprint.get("/purchases/<number>")
def purchase(number: str) -> str:
    return render_template("public/purchase.html", it=office().public.purchase(number), kinds=KINDS)


@blueprint.get("/catalogue")
def catalogue() -> str:
    return render_template("public/catalogue.html", items=office().public.catalogue())
