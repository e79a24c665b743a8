"""The dashboards, each number's list of cases, and both as tables to go on with."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as Answer

from engine.errors import FieldError, InvalidInput, NotFound
from engine.model import Comparisons, UserTask
from procurement.office.ledgers import Query
from procurement.office.reports import MOST_LISTED, Board, Drawn, Wanted
from procurement.reports import words
from procurement.reports.counting import Case
from procurement.spreadsheets import Cell, csv_of, xlsx_of
from web.auth import access
from web.auth.people import acting, me
from web.pages import filters
from web.pages.addresses import case_address
from web.pages.cases import names
from web.pages.dashboards.table import MOST_ROWS, Table, axis, sheet, table, title
from web.pages.services import engine, office, services
from web.pages.show import day, moment

blueprint = Blueprint("dashboards", __name__, url_prefix="/dashboards")
FILTERS = ("year", "unit", "community")
EVERY_YEAR = "all"
REPORTS, REPORTING = "office_reports", "office_report"  # the ledger of yearly reports, and the process that makes one
PAGE_SIZE = 50
TYPES = {"xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "csv": "text/csv; charset=utf-8"}


@blueprint.get("")
def index() -> Answer:
    boards = office().reports.boards(actor=acting())
    return redirect(url_for("dashboards.board", board=boards[0].id))


@blueprint.get("/reports")
def reports() -> str:
    """The yearly reports that were approved, to take away, and where a new one is ordered."""
    actor = acting()
    page = office().ledgers.search(Query(REPORTS), actor=actor, limit=PAGE_SIZE)
    may_order = any(one.process_id == REPORTING for one in office().matters.startable(actor))
    running = office().matters.search(actor=actor, process_id=REPORTING, open_=True, limit=PAGE_SIZE).items
    return render_template("dashboards/reports.html", page=page, running=running, order=REPORTING if may_order else "")


@blueprint.get("/<board>")
def board(board: str) -> str:
    shown, (kept, wanted) = _board(board), _asked()
    drawn = office().reports.draw(shown, wanted, actor=acting())
    tables = [table(one, shown.id, kept, most=MOST_ROWS) for one in drawn]
    years, units, communities = office().reports.choices(actor=acting())
    return render_template(
        "dashboards/board.html",
        board=shown,
        boards=office().reports.boards(actor=acting()),
        may_report=access.allowed("dashboards.reports", me().roles),
        figures=[(one, title(one), rows) for one, rows in zip(drawn, tables, strict=True)],
        kept=kept,
        narrowed={name: text for name, text in kept.items() if name != "year"},
        year=kept["year"] or str(services().clock.now().year),
        years=[*((str(year), str(year)) for year in years), (EVERY_YEAR, _("历年"))],
        units=[(one, one) for one in units if one],
        communities=[(one, one) for one in communities if one],
        tiles=[(one, _tile(one, rows)) for one, rows in zip(drawn, tables, strict=True) if one.figure.tile],
    )


@blueprint.get("/<board>/table.xlsx")
def book(board: str) -> Response:
    """Every figure of the dashboard, a sheet each."""
    shown, (kept, wanted) = _board(board), _asked()
    drawn = office().reports.draw(shown, wanted, actor=acting())
    sheets = [(_sheet_name(number, one), *sheet(table(one, shown.id, kept))) for number, one in enumerate(drawn, 1)]
    return _file(xlsx_of(sheets), f"dashboard-{shown.id}", "xlsx")


@blueprint.get("/<board>/<figure>/table.<kind>")
def figure_table(board: str, figure: str, kind: str) -> Response:
    shown, (kept, wanted) = _board(board), _asked()
    drawn = office().reports.draw(shown, wanted, actor=acting(), only=figure)[0]
    return _spreadsheet(title(drawn), *sheet(table(drawn, shown.id, kept)), figure, kind)


@blueprint.get("/<board>/<figure>/cases")
def cases(board: str, figure: str) -> str:
    """The cases one number counts."""
    shown, (kept, wanted) = _board(board), _asked()
    one, source = office().reports.figure(shown, figure, actor=acting())
    chosen = _chosen()
    page = office().reports.cases(
        shown, figure, wanted, actor=acting(), limit=PAGE_SIZE, after=request.args.get("after"), **chosen
    )
    said = {(one.by, chosen["value"])} if "value" in chosen else set()
    said |= {(one.split, chosen["split"])} if "split" in chosen and one.split else set()
    codes = said | {(one.by, row.value) for row in page.items} | {(one.split, row.split) for row in page.items if one.split}
    labels = office().reports.labels(source, codes)
    return render_template(
        "dashboards/cases.html",
        board=shown,
        figure=one,
        source=source,
        page=page,
        kept=kept,
        chosen={**kept, **chosen},
        said=[(axis(by), _(labels[by, code])) for by, code in sorted(said)],
        labels=labels,
        tasks=_tasks(page.items),
        doers=names.doers,
        address=_address,
        amounts=[_(words.AMOUNTS.get(name, "金额")) for name in one.sums],
        by=axis(one.by),
        across=axis(one.split) if one.split else "",
    )


@blueprint.get("/<board>/<figure>/cases.<kind>")
def cases_table(board: str, figure: str, kind: str) -> Response:
    shown, (_kept, wanted) = _board(board), _asked()
    one, source = office().reports.figure(shown, figure, actor=acting())
    rows = office().reports.cases(shown, figure, wanted, actor=acting(), limit=MOST_LISTED, **_chosen()).items
    labels = office().reports.labels(source, {(one.by, row.value) for row in rows} | {(one.split, row.split) for row in rows})
    tasks = _tasks(rows)
    head = [_("编号"), _("名称"), *([_("任务"), _("办理人")] if tasks else []), _("单位"), _("社区"), _("时间"), axis(one.by)]
    head += [axis(one.split)] if one.split else []
    head += [_("%(amount)s（元）", amount=_(words.AMOUNTS.get(name, "金额"))) for name in one.sums]
    lines: list[list[Cell]] = []
    for row in rows:
        groups = [_(labels[one.by, row.value])] + ([_(labels[one.split, row.split])] if one.split else [])
        amounts: list[Cell] = ["" if amount is None else amount for amount in row.amounts]
        task = [tasks[row.key].name, names.doers(tasks[row.key])] if tasks else []
        lines.append([row.target, row.name, *task, row.unit, row.community, _when(row), *groups, *amounts])
    return _spreadsheet(_(one.title), head, lines, f"{figure}-cases", kind)


def _board(id_: str) -> Board:
    return office().reports.board(id_, actor=acting())


def _asked() -> tuple[filters.Filters, Wanted]:
    """The filters the address names, and what they mean; without a year this one."""
    kept = filters.read(FILTERS)
    year = kept["year"]
    if year not in ("", EVERY_YEAR) and not (year.isdecimal() and 1990 <= int(year) <= 2999):
        raise InvalidInput(fields=(FieldError("year", "Enter a year such as 2026."),))
    counted = None if year == EVERY_YEAR else int(year) if year else services().clock.now().year
    return kept, Wanted(counted, kept["unit"], kept["community"])


def _chosen() -> dict[str, Any]:
    """The number that was clicked: an empty value is one too."""
    chosen: dict[str, Any] = {name: request.args[name] for name in ("value", "split") if name in request.args}
    beyond = request.args.get("beyond", "")
    return {**chosen, "beyond": int(beyond)} if re.fullmatch(r"[0-9]{1,4}", beyond) else chosen


def _tile(drawn: Drawn, shown: Table) -> tuple[str, Any]:
    """What the figure comes to, and what it is called."""
    amounts = [value for value in shown.total.values if value.column.money]
    return _(drawn.figure.tile), amounts[0] if amounts else shown.total.values[-1]


def _tasks(rows: Sequence[Case]) -> dict[str, UserTask]:
    """By key, where the rows are tasks, as the person in front may see them; none elsewhere."""
    keys = tuple(int(row.key) for row in rows if row.kind == "case")
    if not keys:
        return {}
    found = engine().tasks(key=Comparisons((("in", keys),)), state=None, limit=None, counted=False).items
    names.learn(login for task in found for login in (task.completed_by, task.assignee, *task.candidate_users) if login)
    names.learn_parties(group for task in found for group in task.candidate_groups)
    return {str(task.key): task for task in found}


def _address(row: Case) -> str | None:
    """The page that shows a row; None where the person may open none."""
    kind, _colon, ledger = row.kind.partition(":")
    known: dict[str, tuple[str, dict[str, Any]]] = {
        "purchase": ("cases.show", {"number": row.target}),
        "contract": ("contracts.show", {"contract": row.target}),
        "budget": ("registers.budgets_card", {"key": row.target}),
        "organisation": ("registers.organisations_card", {"key": row.target}),
        "flag": ("flags.show", {"flag": row.target}),
        "matter": ("matters.show", {"number": row.target}),
        "ledger": ("ledgers.entry", {"id_": ledger, "number": row.target}),
        "discretion": ("discretion.index", {"purchase_id": row.target}),
    }
    if kind == "case":
        return case_address(row.target)
    endpoint, arguments = known[kind]
    return url_for(endpoint, **arguments) if access.allowed(endpoint, me().roles) else None


def _when(row: Case) -> str:
    return moment(row.at) if hasattr(row.at, "hour") else day(row.at)


def _spreadsheet(name: str, headings: Sequence[str], rows: Sequence[Sequence[Cell]], file: str, kind: str) -> Response:
    if kind not in TYPES:
        raise NotFound(kind="Table", key=kind)
    return _file(csv_of(headings, rows) if kind == "csv" else xlsx_of([(_plain(name), headings, rows)]), file, kind)


def _file(content: bytes, name: str, kind: str) -> Response:
    answer = Response(content, mimetype=TYPES[kind])
    stamp = f"{services().clock.now():%Y%m%d-%H%M}"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}-{stamp}.{kind}"'
    return answer


def _sheet_name(number: int, drawn: Drawn) -> str:
    return _plain(f"{number} {title(drawn)}")


def _plain(name: str) -> str:
    """A sheet's name may hold none of these, and 31 signs."""
    return "".join("·" if sign in "[]:*?/\\'" else sign for sign in name)[:31]
