"""One's own account: change the password, make and revoke API tokens."""

from __future__ import annotations

import datetime as dt
import re

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from engine.errors import EngineError, InvalidInput
from procurement.accounts.roles import OF_ONE_TYPE, SCOPES, scope_label
from web.auth import session as sessions
from web.auth.people import acting, me
from web.pages.errors import field_sentences, sentence, status_of
from web.pages.services import office, services

blueprint = Blueprint("account", __name__, url_prefix="/account")
Answer = Response | str | tuple[str, int]
LIFETIMES = {"30": 30, "90": 90, "365": 365}


@blueprint.get("")
def show() -> str:
    return _page()


@blueprint.post("/password")
def password() -> Answer:
    try:
        office().accounts.change_own_password(me().login, request.form.get("old", ""), request.form.get("new", ""))
    except EngineError as error:
        errors = field_sentences(error) if isinstance(error, InvalidInput) else {}
        return _page(errors=errors, problem=sentence(error)), status_of(error)
    if person := services().person(me().login):  # sessions begun with the old password are over, this one goes on
        sessions.remember(person)
    flash(_("密码已更换，别处的登录都已退出。"), "ok")
    return redirect(url_for("account.show"), 303)


@blueprint.post("/tokens")
def create_token() -> Answer:
    """The secret is shown on this answer only; reloading does not show it again."""
    days = LIFETIMES.get(request.form.get("days", ""), 90)
    try:
        _row, secret = office().accounts.create_token(
            me().login,
            request.form.get("label", "").strip(),
            _scopes(),
            actor=acting(),
            expires_at=services().clock.now() + dt.timedelta(days=days),
        )
    except InvalidInput as error:
        return _page(errors=field_sentences(error), problem=sentence(error)), 422
    return _page(secret=secret)


@blueprint.post("/tokens/<token>/revoke")
def revoke_token(token: str) -> Response:
    office().accounts.revoke_token(token, me().login, actor=acting())
    flash(_("令牌已吊销。"), "ok")
    return redirect(url_for("account.show"), 303)


def _scopes() -> list[str]:
    """Those ticked; with job types named, the scope for jobs is narrowed to these."""
    ticked, types = request.form.getlist("scopes"), re.split(r"[\s,，、;；]+", request.form.get("job_types", "").strip())
    narrowed = [OF_ONE_TYPE + job_type for job_type in types if job_type]
    return [scope for scope in ticked if scope != "jobs"] + narrowed if narrowed else ticked


def _page(*, errors: dict[str, list[str]] | None = None, problem: str = "", secret: str = "") -> str:
    tokens = office().accounts.tokens(me().login)
    return render_template(
        "account/show.html",
        tokens=tokens,
        scopes=SCOPES,
        scope_label=scope_label,
        lifetimes=LIFETIMES,
        errors=errors or {},
        problem=problem,
        secret=secret,
    )
