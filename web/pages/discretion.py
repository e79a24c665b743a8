"""裁量台账: where somebody decided otherwise than a rule says, why, and who approved it; by person, rule and quarter."""

from __future__ import annotations

import datetime as dt
from typing import Any

from flask import Blueprint, Response, render_template, request
from flask_babel import gettext as _

from engine.errors import FieldError, InvalidInput
from procurement.accounts.roles import ROLES
from procurement.registers.discretion import Discretion
from procurement.spreadsheets import Cell, xlsx_of
from web.auth.people import acting
from web.pages import filters
from web.pages.cases.names import learn, person_name
from web.pages.registers.rules import tables_in_force
from web.pages.services import office, services
from web.pages.show import moment

blueprint = Blueprint("discretion", __name__, url_prefix="/discretion")
FILTERS = ("person", "rule_id", "purchase_id", "first", "last")
PAGE_SIZE, LONGEST = 50, 5_000
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@blueprint.get("")
def index() -> str:
    kept = filters.read(FILTERS)
    page = office().discretion.ledger(actor=acting(), limit=PAGE_SIZE, after=request.args.get("after"), **_search(kept))
    period = {name: _day(kept, name) for name in ("first", "last")}
    shares = {by: office().discretion.shares(by, actor=acting(), **period) for by in ("person", "rule", "quarter")}
    learn([*(row.decided_by for row in page.items), *(row.approver for row in page.items), *(s.key for s in shares["person"])])
    return render_template(
        "discretion/index.html",
        page=page,
        kept=kept,
        shares=shares,
        called=person_name,
        texts=_rule_texts(),
        roles=ROLES,
        purchases=office().discretion.purchases(actor=acting()),
    )


@blueprint.get("/table.xlsx")
def table() -> Response:
    """The same search as a table, and the report by person, rule and quarter on further sheets."""
    kept = filters.read(FILTERS)
    rows = office().discretion.ledger(actor=acting(), limit=LONGEST, **_search(kept)).items
    period = {name: _day(kept, name) for name in ("first", "last")}
    learn([*(row.decided_by for row in rows), *(row.approver for row in rows)])
    head = [
        _("时间"), _("项目编号"), _("规则"), _("依据"), _("核实"), _("规则的值"), _("所用的值"), _("单位"), _("理由"), _("决定人"), _("批准人"),
    ]  # fmt: skip
    texts = _rule_texts()
    sheets = [(_("裁量台账"), head, [_row(row, texts) for row in rows])]
    for by, name in (("person", _("按人")), ("rule", _("按规则")), ("quarter", _("按季度"))):
        found = office().discretion.shares(by, actor=acting(), **period)
        lines: list[list[Cell]] = [[person_name(s.key) if by == "person" else s.key, s.count, f"{s.share:.1%}"] for s in found]
        sheets.append((name, [name, _("次数"), _("占比")], lines))
    answer = Response(xlsx_of(sheets), mimetype=XLSX)
    answer.headers["Content-Disposition"] = f'attachment; filename="discretion-{services().clock.now():%Y%m%d-%H%M}.xlsx"'
    return answer


def _row(row: Discretion, texts: dict[str, str]) -> list[Cell]:
    return [
        moment(row.at),
        row.purchase_id or "",
        f"{texts.get(row.rule_id, '')} {row.rule_id}".strip(),
        f"{row.document} {row.article}".strip(),
        row.mark,
        row.default,
        row.chosen,
        row.unit,
        row.reason,
        person_name(row.decided_by),
        person_name(row.approver),
    ]


def _search(kept: filters.Filters) -> dict[str, Any]:
    words = {name: kept[name] for name in ("person", "rule_id", "purchase_id")}
    return {**words, "first": _day(kept, "first"), "last": _day(kept, "last")}


def _day(kept: filters.Filters, name: str) -> dt.date | None:
    """Raises InvalidInput for something that is no date."""
    if not kept[name]:
        return None
    try:
        return dt.date.fromisoformat(kept[name])
    except ValueError:
        raise InvalidInput(fields=(FieldError(name, "Enter a date such as 2026-03-02."),)) from None


def _rule_texts() -> dict[str, str]:
    """What each rule is about, from the deployed tables."""
    return {number.id: number.text for table in tables_in_force() for number in table.numbers}
