"""The ledgers everybody may read, without login."""

from __future__ import annotations

from flask import abort, render_template
from werkzeug.wrappers import Response

from procurement.office.ledgers import VISITOR
from web.pages.ledgers.reading import after, asked, rows_of, table, view
from web.pages.services import office, services

PAGE_SIZE = 50


def ledgers() -> str:
    return render_template("public/ledgers.html", found=office().ledgers.open_to(VISITOR))


def ledger(id_: str) -> str:
    shown = view(id_, VISITOR)
    query, kept = asked(shown)
    return render_template(
        "public/ledger.html",
        shown=shown,
        page=office().ledgers.search(query, actor=VISITOR, limit=PAGE_SIZE, after=after()),
        kept=kept,
        query=query,
        charts=office().ledgers.charts(query, actor=VISITOR) if after() is None else [],
        filters=[(name, shown.labels[name], shown.choices(name)) for name in shown.ledger.filters],
        today=services().clock.now().date(),
    )


def ledger_entry(id_: str, number: str) -> str:
    shown = view(id_, VISITOR)
    entry = office().ledgers.entry(id_, number, actor=VISITOR)
    versions = office().ledgers.versions(entry, actor=VISITOR)
    return render_template("public/ledger_entry.html", shown=shown, entry=entry, versions=versions, rows_of=rows_of)


def ledger_table(id_: str, kind: str) -> Response:
    if kind not in ("xlsx", "csv"):
        abort(404)
    shown = view(id_, VISITOR)
    query, _kept = asked(shown)
    return table(shown, office().ledgers.export(query, actor=VISITOR), kind)
