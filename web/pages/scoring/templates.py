"""Templates of score sheets: the newest of each, every version readable for ever, a new version checked by the rules."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from engine.errors import FieldError, InvalidInput, NotFound
from engine.model import Actor
from procurement.registers.score_sheets import ORGANISATIONS, Template
from procurement.scoring import sheets
from web.auth.people import acting, me
from web.pages.errors import field_sentences, sentence
from web.pages.scoring import words
from web.pages.services import engine, office

blueprint = Blueprint("score_sheets", __name__, url_prefix="/score-sheets")
KEEPERS = frozenset({"procurement_officer"})
EMPTY_ROWS = 2  # offered below the items that are there
MOST_ROWS = 200  # far beyond any sheet; a form may say any number
LEVELS = 4
ID = re.compile(r"[a-z][a-z0-9_]{1,40}")
CHECK = "score_sheet_check"


@dataclass(frozen=True)
class Checked:
    """What the rules say of a sheet: ``stops`` keep it from being saved, ``asks`` want a reason when it is used."""

    stops: list[Mapping[str, Any]]
    asks: list[Mapping[str, Any]]


@blueprint.get("")
def index() -> str:
    return render_template(
        "score_sheets/index.html", templates=office().scoring.templates(), words=words, may_keep=bool(me().roles & KEEPERS)
    )


@blueprint.get("/<name>")
def show(name: str) -> str:
    versions = office().scoring.versions(name)
    wanted = request.args.get("version", "")
    shown = next((one for one in versions if str(one.version) == wanted), None) if wanted else versions[0]
    if shown is None:
        raise NotFound(kind="Score sheet template", key=f"{name}@{wanted}")
    used = office().scoring.used_by(name)
    return render_template(
        "score_sheets/show.html",
        it=shown,
        sheet=shown.model,
        versions=versions,
        used=used,
        words=words,
        checked=check(shown.sheet, acting()),
        may_keep=bool(me().roles & KEEPERS),
    )


@blueprint.route("/<name>/edit", methods=["GET", "POST"])
def edit(name: str) -> Response | str | tuple[str, int]:
    newest = office().scoring.versions(name)[0]
    if request.method == "GET":
        return _form(newest, _content(newest))
    content = _posted(newest)
    try:
        checked = check(content["sheet"], acting())
        if checked.stops:
            raise InvalidInput(
                fields=tuple(FieldError("items", "{finding}", {"finding": one["finding"]}) for one in checked.stops)
            )
        if not content["note"].strip():
            raise InvalidInput(fields=(FieldError("note", "Say what this version changes, and why."),))
        base = request.form.get("base", 0, int)
        kept = office().scoring.keep_template(name, base, content, actor=acting())
    except InvalidInput as error:
        return _form(newest, content, field_sentences(error), sentence(error)), 422
    flash(_("已存为第 %(n)s 版；用旧版的比选不受影响。", n=kept.version), "ok")
    return redirect(url_for("score_sheets.show", name=name), 303)


def check(sheet: Mapping[str, Any], actor: Actor) -> Checked:
    """Ask the decision table; an unreadable sheet raises InvalidInput."""
    read = sheets.read(sheet).as_json()
    given = {"sheet": read, "scoring_basis": request.values.get("basis") or "comparison"}
    found = engine().evaluate_decision(CHECK, given, actor=actor).value or []
    return Checked([one for one in found if one["weight"] == "stop"], [one for one in found if one["weight"] != "stop"])


def _form(newest: Template, content: Mapping[str, Any], errors: dict[str, list[str]] | None = None, problem: str = "") -> str:
    return render_template(
        "score_sheets/edit.html",
        it=newest,
        content=content,
        errors=errors or {},
        problem=problem,
        organisations=[(key, words.ORGANISATIONS[key]) for key in ORGANISATIONS],
        kinds=list(words.KINDS.items()),
        levels=LEVELS,
        empty=EMPTY_ROWS,
    )


def _content(template: Template) -> dict[str, Any]:
    return {"name": template.name, "organisations": template.organisations, "note": "", "sheet": dict(template.sheet)}


def _posted(newest: Template) -> dict[str, Any]:
    """What was typed: one item per numbered group of fields; an item without a name is left out."""
    given = request.form
    items = []
    for n in range(min(request.form.get("count", 0, int), MOST_ROWS)):
        name = given.get(f"i{n}-name", "").strip()
        if not name:
            continue
        kind = given.get(f"i{n}-kind", sheets.SUBJECTIVE)
        item: dict[str, Any] = {
            "id": given.get(f"i{n}-id") or f"item_{n + 1}",
            "group": given.get(f"i{n}-group", "").strip(),
            "name": name,
            "kind": kind,
            "maximum": given.get(f"i{n}-maximum", "").strip(),
            "basis": given.get(f"i{n}-basis", "").strip(),
            "note": given.get(f"i{n}-note", "").strip(),
        }
        if kind == sheets.SUBJECTIVE:
            item["levels"] = [
                {
                    "label": given.get(f"i{n}-l{k}-label") or f"{k + 1}",
                    "points": points,
                    "takes": given.get(f"i{n}-l{k}-takes", "").strip(),
                }
                for k in range(LEVELS)
                if (points := given.get(f"i{n}-l{k}-points", "").strip())
            ]
        elif kind == sheets.OBJECTIVE:
            item["rule"] = _rule(given, n)
        items.append(item)
    sheet = {"name": given.get("name", newest.name), "method": given.get("method", "lowest"), "items": items}
    return {
        "name": given.get("name", "").strip() or newest.name,
        "organisations": given.get("organisations", "any"),
        "note": given.get("note", ""),
        "sheet": sheet,
    }


def _rule(given: Mapping[str, str], n: int) -> dict[str, Any]:
    steps = [
        {"at_least": at_least, "points": given.get(f"i{n}-s{k}-points", "").strip()}
        for k in range(LEVELS)
        if (at_least := given.get(f"i{n}-s{k}-at", "").strip())
    ]
    label = given.get(f"i{n}-fact-label", "").strip()
    fact = given.get(f"i{n}-fact", "").strip()
    return {
        "fact": fact if ID.fullmatch(fact) else f"fact_{n + 1}",
        "label": label,
        "unit": given.get(f"i{n}-unit", "").strip(),
        "steps": steps,
        "most": given.get(f"i{n}-most", "").strip() or None,
    }
