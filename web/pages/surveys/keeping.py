"""The office's side: how far a survey has come, cards and posters to print, results, what people wrote."""

from __future__ import annotations

import io
from typing import Any

import segno
from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from markupsafe import Markup
from werkzeug.wrappers import Response as Answer

from engine.errors import Conflict, InvalidInput
from procurement.office.surveys import KEEPERS
from procurement.registers.surveys import Survey
from procurement.spreadsheets import Cell, csv_of, xlsx_of
from procurement.surveys.tokens import new_secret
from web.auth.people import acting, me
from web.pages import filters
from web.pages.cases.names import person_name
from web.pages.discretion import XLSX
from web.pages.errors import field_sentences, sentence, status_of
from web.pages.services import office, services

blueprint = Blueprint("survey_desk", __name__, url_prefix="/surveys")
PAGE_SIZE = 40
FORMS = ("sheet", "xlsx", "csv")


@blueprint.get("")
def index() -> str:
    kept = filters.read(("state",))
    page = office().surveys.listed(actor=acting(), state=kept["state"], limit=PAGE_SIZE, after=request.args.get("after"))
    return render_template("surveys/index.html", page=page, kept=kept)


@blueprint.get("/<number>")
def show(number: str) -> str:
    return _page(number)


@blueprint.post("/<number>/cards")
def cards(number: str) -> Answer | str | tuple[str, int]:
    """The cards are seen this once; the same form sent again shows the same ones."""
    stratum, kind = request.form.get("stratum", ""), request.form.get("as", FORMS[0])
    count = request.form.get("cards", "").strip()
    try:
        secret = request.form.get("secret", "")
        if len(secret) != len(new_secret()):
            raise InvalidInput
        wanted = int(count) if count.isdecimal() and len(count) < 6 else 0
        tokens = office().surveys.make_cards(number, secret, stratum, wanted, actor=acting())
    except (InvalidInput, Conflict) as error:
        errors = field_sentences(error) if isinstance(error, InvalidInput) else {}
        return _page(number, errors, sentence(error)), status_of(error)
    links = [_outside("surveys.notice", token) for token in tokens]
    if kind in ("xlsx", "csv"):
        return _list_of(number, stratum, links, kind)
    it = office().surveys.progress(number, actor=acting())
    return render_template("surveys/cards.html", survey=it.survey, stratum=stratum, cards=[(link, _code(link)) for link in links])


@blueprint.post("/<number>/batches/<batch>/void")
def void(number: str, batch: str) -> Answer:
    gone = office().surveys.void_batch(number, batch, actor=acting())
    flash(_("已作废 %(n)s 张没有用过的邀请卡，它们的链接不再有效。", n=gone), "ok")
    return redirect(url_for("survey_desk.show", number=number), 303)


@blueprint.get("/<number>/poster")
def poster(number: str) -> str:
    it = office().surveys.progress(number, actor=acting())
    link = _outside("surveys.notice", it.survey.poster) if it.survey.poster else ""
    return render_template("surveys/poster.html", survey=it.survey, link=link, code=_code(link, 9) if link else "")


@blueprint.get("/<number>/results.xlsx")
def results(number: str) -> Response:
    survey = office().surveys.progress(number, actor=acting()).survey
    sheets = [(_("题目"), [_("题目"), _("份数"), _("得分"), _("回答"), _("占比") + "（%）"], list(_answers(survey)))]
    rows: list[list[Cell]] = [
        [str(by["by"]), str(row["name"]), *(_cell(row[key]) for key in ("count", "score", "share"))]
        for by in survey.results.get("groups", ())
        for row in by["rows"]
    ]
    sheets.append((_("分组"), [_("按什么分"), _("组"), _("份数"), _("得分"), _("满意率") + "（%）"], rows))
    return _file(xlsx_of(sheets), f"{number}.xlsx", XLSX)


def _answers(survey: Survey) -> list[list[Cell]]:
    return [
        [str(one["text"]), _cell(one["count"]), _cell(one["score"]), str(share["label"]), _cell(share["share"])]
        for one in survey.results.get("questions", ())
        for share in one["shares"] or ({"label": "", "share": None},)
    ]


def _cell(value: Any) -> Cell:
    return "—" if value is None else value


def _page(number: str, errors: dict[str, list[str]] | None = None, problem: str = "") -> str:
    it = office().surveys.progress(number, actor=acting())
    return render_template(
        "surveys/show.html",
        it=it,
        survey=it.survey,
        remarks=office().surveys.remarks(number, actor=acting()) if "agency" not in me().roles else {},
        called=person_name,
        may_make=bool(KEEPERS & me().roles) and it.runs,
        secret=request.form.get("secret") or new_secret(),
        typed=request.form,
        errors=errors or {},
        problem=problem,
    )


def _outside(endpoint: str, token: str) -> str:
    """The address as it is reached from a phone in the street."""
    base = services().settings.public_url or request.url_root.rstrip("/")
    return base + url_for(endpoint, token=token)


def _code(link: str, scale: int = 4) -> Markup:
    out = io.BytesIO()
    segno.make(link, error="m", micro=False).save(out, kind="svg", scale=scale, border=3, xmldecl=False, svgns=True, nl=False)
    return Markup(out.getvalue().decode())  # noqa: S704 - drawn by us: squares, no text


def _list_of(number: str, stratum: str, links: list[str], kind: str) -> Response:
    head = [_("序号"), _("分组"), _("链接")]
    rows: list[list[Cell]] = [[n, stratum, link] for n, link in enumerate(links, 1)]
    if kind == "csv":
        return _file(csv_of(head, rows), f"{number}.csv", "text/csv")
    return _file(xlsx_of([(_("邀请卡"), head, rows)]), f"{number}.xlsx", XLSX)


def _file(content: bytes, name: str, media_type: str) -> Response:
    answer = Response(content, mimetype=media_type)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["Cache-Control"] = "no-store"
    return answer
