"""The index of ledgers; one ledger as a list, as of a day, with its figures; an entry with its versions; two days compared."""

from __future__ import annotations

from itertools import groupby

from flask import Blueprint, abort, render_template
from werkzeug.wrappers import Response

from procurement.ledgers.definitions import Ledger
from web.auth.people import acting
from web.pages import filters
from web.pages.cases.names import learn, person_name
from web.pages.ledgers.reading import after, asked, day, rows_of, table, view
from web.pages.services import office, services

blueprint = Blueprint("ledgers", __name__, url_prefix="/ledgers")
PAGE_SIZE = 50


@blueprint.get("")
def index() -> str:
    kept = filters.read(("words",))
    found = [pair for pair in office().ledgers.open_to(acting()) if _speaks_of(pair[0], kept["words"])]
    folders = [(title, list(group)) for title, group in groupby(found, key=lambda pair: pair[0].system)]
    return render_template("ledgers/index.html", folders=folders, kept=kept)


def _speaks_of(ledger: Ledger, words: str) -> bool:
    said = f"{ledger.title} {ledger.system} {ledger.about} {ledger.source}".casefold()
    return all(word in said for word in words.casefold().split())


@blueprint.get("/<id_>")
def show(id_: str) -> str:
    shown = view(id_, acting())
    query, kept = asked(shown)
    page = office().ledgers.search(query, actor=acting(), limit=PAGE_SIZE, after=after())
    return render_template(
        "ledgers/show.html",
        shown=shown,
        page=page,
        kept=kept,
        query=query,
        charts=office().ledgers.charts(query, actor=acting()) if after() is None else [],
        filters=[(name, shown.labels[name], shown.choices(name)) for name in shown.ledger.filters],
        may_keep=shown.ledger.may_keep(acting().groups),
        today=services().clock.now().date(),
    )


@blueprint.get("/<id_>/table.<kind>")
def download(id_: str, kind: str) -> Response:
    if kind not in ("xlsx", "csv"):
        abort(404)
    shown = view(id_, acting())
    query, _kept = asked(shown)
    return table(shown, office().ledgers.export(query, actor=acting()), kind)


@blueprint.get("/<id_>/<number>")
def entry(id_: str, number: str) -> str:
    shown = view(id_, acting())
    found = office().ledgers.entry(id_, number, actor=acting())
    versions = office().ledgers.versions(found, actor=acting())
    learn(one.recorded_by for one in versions)
    learn(one.closed_by for one in versions)
    matter = office().matters.by_ids([found.matter]) if found.matter else {}
    return render_template(
        "ledgers/entry.html",
        shown=shown,
        entry=found,
        versions=versions,
        is_matter=bool(matter),
        sees_matter=found.matter is not None and office().matters.may_see(acting(), found.matter),
        sees_purchase=found.purchase_id is not None and office().purchases.may_see(acting(), found.purchase_id),
        called=person_name,
        rows_of=rows_of,
        today=services().clock.now().date(),
    )


@blueprint.get("/<id_>/compare")
def compare(id_: str) -> str:
    shown = view(id_, acting())
    today = services().clock.now().date()
    first, second = day("first") or today.replace(month=1, day=1), day("second") or today
    found, more = office().ledgers.compare(id_, first, second, actor=acting())
    return render_template("ledgers/compare.html", shown=shown, found=found, more=more, first=first, second=second)
