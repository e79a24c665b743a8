"""How far the panel is, without a number; then every number with its reason, and the report to print."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, render_template
from flask_babel import gettext as _

from procurement.office.scored import Result
from procurement.registers.score_runs import SheetsOpen
from web.auth.people import acting, me
from web.pages.scoring import words
from web.pages.services import engine, office, services
from web.pages.show import moment

blueprint = Blueprint("scores", __name__)


@blueprint.get("/scoring/<number>/progress")
def progress(number: str) -> str:
    found = office().scoring.progress(number, actor=acting())
    tasks = engine().tasks(business_key=number, candidate_of=acting(), order="due", limit=20).items
    return render_template("scoring/progress.html", it=found, words=words, tasks=tasks)


@blueprint.get("/scoring/<number>/result")
def result(number: str) -> str:
    try:
        found = office().scoring.result(number, actor=acting())
    except SheetsOpen:
        return progress(number)
    return render_template("scoring/result.html", it=found, words=words, why=why, cause=cause)


@blueprint.get("/scoring/<number>/report")
def report(number: str) -> str:
    """The evaluation report with every sheet, to read or print."""
    found = office().scoring.result(number, actor=acting())
    dossier = office().purchases.dossier(number)
    text = _value(found, "report_text")
    signatures = _value(found, "signatures") or []
    return render_template(
        "scoring/report.html",
        it=found,
        words=words,
        why=why,
        cause=cause,
        text=text,
        signatures=signatures,
        dossier=dossier,
        printed_at=moment(services().clock.now()),
    )


@blueprint.get("/portal/<number>/score")
def own(number: str) -> str:
    """A bidder's own score, rank and reason, once the result is published."""
    organisation = me().party("organisation") or ""
    purchase = office().portal.purchase(number, organisation, actor=acting()).purchase
    found = office().scoring.own_result(number, organisation, actor=acting())
    return render_template("scoring/own.html", it=found, purchase=purchase, words=words)


def why(row: Mapping[str, Any], names: Mapping[str, str]) -> str:
    """One sentence with the inputs of one number."""
    source = row["from"]
    if row["kind"] == "price":
        return _("%(formula)s（%(article)s）", formula=source.get("formula") or "—", article=source.get("article") or "—")
    if row["kind"] == "objective":
        text = _("核对为 %(value)s %(unit)s", value=_shown(source["value"]), unit=source.get("unit") or "")
        if source.get("counted") != source.get("value"):
            text += _("，最多计 %(n)s", n=_shown(source["counted"]))
        reached = source.get("at_least")
        return text + (_("，达到“至少 %(n)s”一档", n=_shown(reached)) if reached is not None else _("，没有达到任何一档"))
    given = "、".join(f"{names.get(expert, expert)} {_shown(points)}" for expert, points in source["experts"].items())
    return _("%(given)s 的平均，不去掉最高最低", given=given)


def cause(text: str) -> str:
    """``drift：reason`` in the reader's words."""
    code, _colon, reason = text.partition("：")
    return f"{words.CAUSES.get(code, code)}：{reason}" if reason else str(words.CAUSES.get(code, code))


def _value(found: Result, name: str) -> Any:
    """The newest value of a variable of the case."""
    if found.purchase.process_key is None:
        return None
    values = engine().variables(found.purchase.process_key, name=name).items
    return values[-1].value if values else None


def _shown(number: Any) -> str:
    return "—" if number is None else f"{number:f}".rstrip("0").rstrip(".") if "." in f"{number:f}" else f"{number:f}"
