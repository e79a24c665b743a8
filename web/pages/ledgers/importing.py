"""Bringing a file into a ledger: row by row against its form, with progress and a report; a process puts it into force."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from engine.errors import FieldError, InvalidInput
from procurement.ledgers import batches
from procurement.registers.ledgers import APPLIED, DROPPED, FAULTY, READ, READING, LedgerBatchRow
from procurement.spreadsheets import Cell
from web.auth.people import acting
from web.pages.errors import field_sentences, sentence
from web.pages.htmx import is_fragment_request
from web.pages.ledgers.reading import View, day, spreadsheet, view
from web.pages.services import office, services

blueprint = Blueprint("ledger_imports", __name__, url_prefix="/ledgers")
SHOWN = 200
STATES = {
    READING: _l("正在逐行核对"),
    READ: _l("没有错行，等待批准"),
    FAULTY: _l("有错行，不能生效"),
    APPLIED: _l("已生效"),
    DROPPED: _l("已放弃"),
}
STATE_KINDS = {READING: "info", READ: "warn", FAULTY: "bad", APPLIED: "ok", DROPPED: ""}


@blueprint.get("/<id_>/import")
def begin(id_: str) -> str:
    return _page(view(id_, acting()), {})


@blueprint.post("/<id_>/import")
def take(id_: str) -> Response | tuple[str, int]:
    shown = view(id_, acting())
    file = request.files.get("file")
    try:
        if file is None or not file.filename:
            raise InvalidInput(fields=(FieldError("file", "Choose a file."),))
        batch = office().ledgers.begin_import(
            id_,
            content=file.read(),
            file_name=file.filename,
            valid_from=day("valid_from") or services().clock.now().date(),
            replaces_all=request.form.get("replaces_all") == "true",
            actor=acting(),
        )
    except InvalidInput as wrong:
        errors = field_sentences(wrong) or {"file": [sentence(wrong)]}
        return _page(shown, errors), 422
    return redirect(url_for("ledger_imports.batch", id_=id_, number=batch.number), 303)


@blueprint.get("/<id_>/import/empty.xlsx")
def empty(id_: str) -> Response:
    """A table with the headings only, to fill in."""
    shown = view(id_, acting())
    office().ledgers.batches(id_, actor=acting())
    return spreadsheet("xlsx", _("%(title)s-空表", title=shown.ledger.title), shown.ledger.title, _headings(shown), [])


@blueprint.get("/<id_>/import/<number>")
def batch(id_: str, number: str) -> str:
    return _batch_page(id_, number)


@blueprint.post("/<id_>/import/<number>")
def go_on(id_: str, number: str) -> Response | str:
    """Look at some more rows; the page asks again until all were looked at."""
    found = office().ledgers.go_on(id_, number, actor=acting())
    if is_fragment_request():
        return render_template("ledgers/progress.html", shown=view(id_, acting()), it=found, states=STATES)
    return redirect(url_for("ledger_imports.batch", id_=id_, number=number), 303)


@blueprint.post("/<id_>/import/<number>/drop")
def drop(id_: str, number: str) -> Response:
    office().ledgers.drop(id_, number, actor=acting())
    flash(_("已放弃这批导入，台账没有改动。"), "ok")
    return redirect(url_for("ledger_imports.begin", id_=id_), 303)


@blueprint.get("/<id_>/import/<number>/report.<kind>")
def report(id_: str, number: str, kind: str) -> Response:
    """Every row that does not fit: its number, the field, what stood there, the reason."""
    if kind not in ("xlsx", "csv"):
        abort(404)
    shown, found = view(id_, acting()), office().ledgers.batch(id_, number, actor=acting())
    wrong = office().ledgers.wrong_rows(found, actor=acting(), limit=20_000)
    rows: list[list[Cell]] = [line for row in wrong for line in _lines(shown, row)]
    return spreadsheet(kind, _("%(number)s-错误清单", number=number), number, [_("行"), _("列"), _("内容"), _("原因")], rows)


def _page(shown: View, errors: dict[str, list[str]]) -> str:
    return render_template(
        "ledgers/import.html",
        shown=shown,
        errors=errors,
        headings=_headings(shown),
        batches=office().ledgers.batches(shown.ledger.id, actor=acting()),
        states=STATES,
        state_kinds=STATE_KINDS,
        today=services().clock.now().date(),
    )


def _batch_page(id_: str, number: str) -> str:
    shown, found = view(id_, acting()), office().ledgers.batch(id_, number, actor=acting())
    wrong = office().ledgers.wrong_rows(found, actor=acting(), limit=SHOWN)
    return render_template(
        "ledgers/batch.html",
        shown=shown,
        it=found,
        lines=[line for row in wrong for line in _lines(shown, row)][:SHOWN],
        states=STATES,
        state_kinds=STATE_KINDS,
    )


def _headings(shown: View) -> list[str]:
    return [shown.labels[name] for name in shown.exported]


def _lines(shown: View, row: LedgerBatchRow) -> list[list[Cell]]:
    found = batches.faults_of(row)
    return [[row.row, shown.labels.get(one.path, one.path), str(row.values.get(one.path, "")), sentence(one)] for one in found]
