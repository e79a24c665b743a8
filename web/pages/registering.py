"""Registering an organisation without an account: begin, hand in evidence, send, follow, put right, take back.

Number and password open a registration again; the session then remembers its number, and nothing else of it.
"""

from __future__ import annotations

import datetime as dt
from typing import Any
from urllib.parse import quote

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as Answer

from engine.errors import Conflict, EngineError, FieldError, InvalidInput, NotPermitted, Unavailable
from procurement.registers.evidence import CONDITIONS
from procurement.registers.registering import DRAFT, SENT, SUPPLEMENT, Registration
from web.auth.visitors import leave_registration, open_registration, registration_number
from web.pages.errors import field_sentences, sentence, status_of
from web.pages.services import engine, office

blueprint = Blueprint("registering", __name__, url_prefix="/register")
SHOWN_IN_PLACE = {"application/pdf", "image/png", "image/jpeg"}
REFUSED = (InvalidInput, Conflict, NotPermitted, Unavailable)
Page = Answer | str | tuple[str, int]


@blueprint.route("", methods=["GET", "POST"])
def begin() -> Page:
    if request.method == "GET":
        return _begin_page({})
    typed = {name: value for name, value in request.form.items() if not name.startswith("password")}
    errors: dict[str, list[str]] = {}
    try:
        password = request.form.get("password", "")
        if password != request.form.get("password_again", ""):
            raise InvalidInput(fields=(FieldError("password_again", "The two passwords differ. Type both again."),))
        row = office().registrations.begin(request.form, password, address=request.remote_addr or "")
    except REFUSED as error:
        if isinstance(error, InvalidInput):
            errors = field_sentences(error) or {"password": [sentence(error)]}
        return _begin_page(typed, errors, sentence(error)), status_of(error)
    open_registration(row.id)
    flash(_("注册编号 %(n)s 已建立。请记下编号：凭编号和密码随时可以回到这里。", n=row.id), "ok")
    return redirect(url_for("registering.show", number=row.id), 303)


@blueprint.post("/enter")
def enter() -> Page:
    number = request.form.get("number", "").strip()
    try:
        row = office().registrations.enter(number, request.form.get("password", ""), address=request.remote_addr or "")
    except NotPermitted as error:
        return _begin_page({}, {}, "", number, sentence(error)), status_of(error)
    open_registration(row.id)
    return redirect(url_for("registering.show", number=row.id), 303)


@blueprint.post("/leave")
def leave() -> Answer:
    leave_registration()
    return redirect(url_for("registering.begin"), 303)


@blueprint.get("/<number>")
def show(number: str) -> Page:
    row = _own(number)
    return _page(row) if row else redirect(url_for("registering.begin"), 303)


@blueprint.post("/<number>")
def save(number: str) -> Page:
    """Keep what was typed and attached; with the button that sends, hand it in."""
    row = _own(number)
    if row is None:
        return redirect(url_for("registering.begin"), 303)
    errors = _keep(row)
    problem = ""
    sending = request.form.get("_action") == "send"
    try:
        if errors:
            raise InvalidInput
        if sending and row.status == SUPPLEMENT:
            office().registrations.supplement(number, request.form.get("note", ""))
            flash(_("补正已提交，核验继续。"), "ok")
        elif sending:
            office().registrations.send(number)
            flash(_("已提交便民服务中心核验，进展显示在这里。"), "ok")
        else:
            flash(_("已保存。"), "ok")
    except REFUSED as error:
        if isinstance(error, InvalidInput):
            errors = errors or field_sentences(error)
        elsewhere = [one for name, many in errors.items() if name not in (*CONDITIONS, "note") for one in many]
        problem = " ".join(elsewhere) or sentence(error)  # a code or a login that was taken meanwhile stands beside no field here
        return _page(office().registrations.get(number), dict(request.form), errors, problem), status_of(error)
    return redirect(url_for("registering.show", number=number), 303)


@blueprint.post("/<number>/withdraw")
def withdraw(number: str) -> Page:
    row = _own(number)
    if row is None:
        return redirect(url_for("registering.begin"), 303)
    try:
        office().registrations.withdraw(number, request.form.get("reason", ""))
    except REFUSED as error:
        return _page(row, {}, {"reason": [sentence(error)]}, sentence(error)), status_of(error)
    flash(_("注册申请已撤回，以后可以重新申请。"), "ok")
    return redirect(url_for("registering.show", number=number), 303)


@blueprint.get("/<number>/files/<sha256>")
def file(number: str, sha256: str) -> Response:
    if _own(number) is None:
        abort(404)
    reference, content = office().registrations.file(number, sha256)
    place = "inline" if reference.media_type in SHOWN_IN_PLACE else "attachment"
    answer = Response(content, mimetype=reference.media_type if place == "inline" else "application/octet-stream")
    answer.headers["Content-Disposition"] = f"{place}; filename*=UTF-8''{quote(reference.name)}"
    answer.headers["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    answer.headers["Cache-Control"] = "private, no-cache"
    return answer


def _own(number: str) -> Registration | None:
    """The registration, if this browser opened it with its password; anybody else does not learn whether it exists."""
    return office().registrations.get(number) if registration_number() == number else None


def _keep(row: Registration) -> dict[str, list[str]]:
    """Every condition that may be changed now; sentences by condition for what was refused, the others are kept."""
    desk, errors = office().registrations, dict[str, list[str]]()
    for name in _editable(row):
        try:
            if f"{name}-note" in request.form:
                until = _day(request.form.get(f"{name}-until", ""))
                drop = request.form.getlist(f"{name}-drop")
                desk.keep(row.id, name, note=request.form[f"{name}-note"], valid_until=until, drop=drop)
        except (InvalidInput, Conflict) as error:
            errors[name] = _sentences(error)
        for upload in request.files.getlist(f"{name}-files"):
            if not upload.filename:
                continue
            try:
                desk.attach(row.id, name, upload.stream, upload.filename.replace("\\", "/").rsplit("/", 1)[-1])
            except (InvalidInput, Conflict, Unavailable) as error:
                errors.setdefault(name, []).extend(_sentences(error))
    return errors


def _sentences(error: EngineError) -> list[str]:
    found = [one for many in field_sentences(error).values() for one in many] if isinstance(error, InvalidInput) else []
    return found or [sentence(error)]


def _editable(row: Registration) -> list[str]:
    if row.status == DRAFT:
        return list(CONDITIONS)
    if row.status != SUPPLEMENT:
        return []
    asked = office().registrations.supplements(row.id)
    return [item["condition"] for item in asked[-1].items] if asked else []


def _day(text: str) -> dt.date | None:
    if not text.strip():
        return None
    try:
        return dt.date.fromisoformat(text.strip())
    except ValueError:
        raise InvalidInput(fields=(FieldError("valid_until", "Enter a date such as 2026-03-02."),)) from None


def _begin_page(
    typed: dict[str, Any], errors: dict[str, list[str]] | None = None, problem: str = "", number: str = "", closed: str = ""
) -> str:
    return render_template("register/begin.html", typed=typed, errors=errors or {}, problem=problem, number=number, closed=closed)


def _page(
    row: Registration, typed: dict[str, Any] | None = None, errors: dict[str, list[str]] | None = None, problem: str = ""
) -> str:
    asked = office().registrations.supplements(row.id)
    tasks = engine().tasks(business_key=row.id, state="created", limit=1).items if row.status == SENT else ()
    return render_template(
        "register/show.html",
        row=row,
        asked=asked,
        editable=_editable(row),
        due=tasks[0].due if tasks else None,
        typed=typed or {},
        errors=errors or {},
        problem=problem,
    )
