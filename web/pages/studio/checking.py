"""The problems of a draft, their rules, and what was silenced with a reason."""

from __future__ import annotations

import time
from collections import Counter
from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from engine.checks import SEVERITIES, Finding
from engine.errors import InvalidInput
from procurement.studio import layout
from procurement.studio.checks import CATALOGUE
from procurement.studio.checks import Problem as Found
from procurement.studio.checks.examples import EXAMPLES
from procurement.studio.checks.severities import CHOICES
from procurement.studio.checks.silences import Silence
from procurement.studio.model import Files
from web.auth.people import acting
from web.pages.cases.names import person_name
from web.pages.errors import sentence
from web.pages.services import services
from web.pages.studio.answering import json_answers, sent, text_in

blueprint = Blueprint("studio_checks", __name__, url_prefix="/studio")
Values = dict[str, Any]
LARGEST = 2_000_000  # bytes of one unsaved text, as much as a file may have
Place = tuple[str, str, str, str]


@blueprint.post("/drafts/<int:draft>/check")
@json_answers
def check(draft: int) -> Values:
    """{path: unsaved text} → the problems of the draft with these texts in it, how many of which severity, and how long it took."""
    unsaved = _unsaved(sent())
    began = time.perf_counter()
    found = _problems(draft, unsaved)
    took = round((time.perf_counter() - began) * 1000)
    return {"problems": [_shown(one) for one in found], "counts": _counts(found), "ms": took}


@blueprint.get("/drafts/<int:draft>/scope")
@json_answers
def scope(draft: int) -> list[Values]:
    """?path=&element=: the variables known there, for completion."""
    studio = services().studio
    files = studio.drafts.workspace(draft)
    known = studio.checks.scope(files, request.args.get("path", ""), request.args.get("element", ""))
    return [{"name": one.name, "type": one.type, "from": one.source, "sure": one.sure} for one in known]


@blueprint.get("/drafts/<int:draft>/problems")
def index(draft: int) -> str:
    """All problems by file; ?severity=, ?rule= and ?path= choose some of them."""
    studio = services().studio
    found = _problems(draft, {})
    wanted = {name: request.args.get(name, "") for name in ("severity", "rule", "path")}
    shown = [_shown(one) for one in found if _is_wanted(one, wanted)]
    by_file: dict[str, list[Values]] = {}
    for one in shown:
        by_file.setdefault(one["file"], []).append(one)
    return render_template(
        "studio/problems.html",
        draft=studio.drafts.draft(draft),
        by_file=by_file,
        counts=_counts(found),
        wanted=wanted,
        rules={one.finding.rule: _(CATALOGUE[one.finding.rule].title) for one in found},
        paths=sorted({one.finding.file for one in found}),
    )


@blueprint.post("/drafts/<int:draft>/problems/silence")
def silence(draft: int) -> Response:
    """Form fields rule, file, element, cell, reason; ``lift`` shows the problem again."""
    place = _place({name: request.form.get(name, "") for name in ("rule", "file", "element", "cell")})
    checks = services().studio.checks
    act = checks.lift if request.form.get("lift") else checks.silence
    act(draft, place, request.form.get("reason", ""), actor=acting())
    return redirect(url_for("studio_checks.index", draft=draft), 303)


@blueprint.post("/drafts/<int:draft>/silence")
@json_answers
def silence_here(draft: int) -> Values:
    """The same from the page in which the draft is edited: {rule, file, element, cell, reason}."""
    body = sent()
    services().studio.checks.silence(draft, _place(body), text_in(body, "reason"), actor=acting())
    return {}


@blueprint.get("/rules")
def rules() -> str:
    severities = services().studio.checks.severities
    decided, history = severities.now(), severities.history()
    return render_template(
        "studio/rules.html",
        rules=CATALOGUE.values(),
        examples=EXAMPLES,
        decided=decided,
        history=history,
        choices=CHOICES,
        severity_word=severity_word,
    )


@blueprint.post("/rules/<rule>/severity")
def set_severity(rule: str) -> Response:
    """For administrators: form fields severity (empty: as it came) and reason."""
    severity = request.form.get("severity") or None
    services().studio.checks.severities.set(rule, severity, request.form.get("reason", ""), actor=acting())
    return redirect(url_for("studio_checks.rules", _anchor=rule), 303)


def severity_word(severity: str) -> str:
    return {"error": _("错误"), "warning": _("提醒"), "hint": _("提示"), "off": _("不检查")}[severity]


def _problems(draft: int, unsaved: dict[str, bytes]) -> tuple[Found, ...]:
    studio = services().studio
    files: Files = {**studio.drafts.workspace(draft), **unsaved}
    changed = {one.path for one in studio.drafts.files(draft) if one.is_changed} | set(unsaved)
    return studio.checks.problems(files, changed, folder=studio.drafts.draft(draft).folder)


def _unsaved(body: Values) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    for path in body:
        content = text_in(body, path).encode("utf-8", "replace")
        if len(content) > LARGEST:
            raise InvalidInput(
                "{path} has more than {limit} bytes. Divide it into several files.", path=path[:200], limit=LARGEST
            )
        found[layout.checked(path)] = content
    return found


def _shown(one: Found) -> Values:
    finding = one.finding
    rule = CATALOGUE[finding.rule]
    return {
        "rule": rule.code,
        "title": _(rule.title),
        "severity": one.severity,
        "severity_word": severity_word(one.severity),
        "file": finding.file,
        "line": finding.line,
        "element": finding.element,
        "cell": finding.cell,
        "text": told(finding),
        "fix": _(rule.fix),
        "path": list(finding.path),
        "fixed": rule.fixed,
        "about": url_for("studio_checks.rules", _anchor=rule.code),
        "silenced": _silence(one.silenced),
        "outdated": _silence(one.outdated),
    }


def told(finding: Finding) -> str:
    """The finding in the reader's language."""
    return sentence(finding.as_problem())


def _silence(one: Silence | None) -> Values | None:
    return None if one is None else {"reason": one.reason, "by": person_name(one.by) if one.by else "", "at": one.at[:10]}


def _counts(found: tuple[Found, ...]) -> dict[str, int]:
    counted = Counter(one.severity for one in found if one.counts)
    silenced = sum(1 for one in found if not one.counts)
    return {severity: counted[severity] for severity in SEVERITIES} | {"silenced": silenced}


def _is_wanted(one: Found, wanted: dict[str, str]) -> bool:
    severity = "silenced" if one.silenced else one.severity
    fits = {"severity": severity, "rule": one.finding.rule, "path": one.finding.file}
    return all(not wanted[name] or wanted[name] == value for name, value in fits.items())


def _place(body: Values) -> Place:
    rule, file, element, cell = (
        text_in(body, name) if body.get(name) is not None else "" for name in ("rule", "file", "element", "cell")
    )
    return rule, file, element, cell
