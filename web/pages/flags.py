"""红旗: what looks odd in a purchase, with its evidence; who looked; what it turned out to be. Nobody is barred by a flag."""

from __future__ import annotations

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as Answer

from procurement.office.flags import SeenFlag
from procurement.registers.flags import VERDICTS
from procurement.spreadsheets import Cell, xlsx_of
from web.auth.people import acting
from web.pages import filters, flag_words
from web.pages.cases.names import learn, person_name
from web.pages.services import office, services
from web.pages.show import moment

blueprint = Blueprint("flags", __name__, url_prefix="/flags")
FILTERS = ("state", "kind", "purchase_id")
PAGE_SIZE, LONGEST = 50, 5_000
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@blueprint.get("")
def index() -> str:
    kept = filters.read(FILTERS)
    page = office().flags.search(actor=acting(), limit=PAGE_SIZE, after=request.args.get("after"), **kept)
    return render_template(
        "flags/index.html", page=page, kept=kept, figures=office().flags.figures(actor=acting()), words=flag_words
    )


@blueprint.get("/<int:flag>")
def show(flag: int) -> str:
    card = office().flags.card(flag, actor=acting())
    learn([*(look.login for look in card.looks), *(verdict.by for verdict in card.verdicts)])
    whose = {one["where"]: owner(card.seen, one["where"]) for one in card.seen.flag.evidence}
    return render_template("flags/card.html", card=card, words=flag_words, verdicts=VERDICTS, whose=whose, called=person_name)


@blueprint.post("/<int:flag>")
def judge(flag: int) -> Answer:
    office().flags.judge(flag, request.form.get("verdict", ""), request.form.get("reason", ""), actor=acting())
    flash(_("已登记您的结论。"), "ok")
    return redirect(url_for("flags.show", flag=flag), 303)


@blueprint.get("/table.xlsx")
def table() -> Response:
    """The same search as a table, one row per piece of evidence."""
    kept = filters.read(FILTERS)
    found = office().flags.search(actor=acting(), limit=LONGEST, **kept).items
    heading = [
        _("编号"),
        _("项目编号"),
        _("项目名称"),
        _("种类"),
        _("时间"),
        _("证据"),
        _("内容"),
        _("属于"),
        _("参数"),
        _("处理"),
    ]
    rows = [row for seen in found for row in _rows(seen)]
    answer = Response(xlsx_of([(_("红旗"), heading, rows)]), mimetype=XLSX)
    answer.headers["Content-Disposition"] = f'attachment; filename="red-flags-{services().clock.now():%Y%m%d-%H%M}.xlsx"'
    return answer


def _rows(seen: SeenFlag) -> list[list[Cell]]:
    flag = seen.flag
    first: list[Cell] = [flag.id, seen.purchase.id, seen.purchase.title, str(flag_words.KINDS[flag.kind]), moment(flag.found_at)]
    last: list[Cell] = [flag.rule_id, str(flag_words.STATES[flag.state])]
    return [
        [*first, str(flag_words.EVIDENCE.get(one["what"], one["what"])), one["value"], owner(seen, one["where"]), *last]
        for one in flag.evidence
    ]


def owner(seen: SeenFlag, where: str) -> str:
    """Whose a piece of evidence is: an organisation's name, a purchase's number, a limit's name."""
    return str(seen.names.get(where) or flag_words.LIMITS.get(where) or where)
