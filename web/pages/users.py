"""Accounts and roles, kept by the administrator. The first administrator is made on the command line."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from engine.errors import Conflict, FieldError, InvalidInput
from web.auth.people import acting, me
from web.pages import filters
from web.pages.errors import field_sentences, sentence, status_of
from web.pages.services import office

blueprint = Blueprint("users", __name__, url_prefix="/users")
PAGE_SIZE = 60
Answer = Response | str | tuple[str, int]


@blueprint.get("")
def index() -> str:
    kept = filters.read(("words", "role"))
    found = office().accounts.search(kept["words"], kept["role"], PAGE_SIZE + 1, request.args.get("after", ""))
    more = found[PAGE_SIZE - 1].login if len(found) > PAGE_SIZE else None
    return render_template("users/index.html", users=found[:PAGE_SIZE], more=more, kept=kept)


@blueprint.route("/new", methods=["GET", "POST"])
def create() -> Answer:
    if request.method == "GET":
        return _page(None, {"login": "", "name": "", "unit": "", "roles": [], "groups": "", "active": True}, {})
    typed = _typed() | {"login": request.form.get("login", "").strip(), "active": True}
    try:
        office().accounts.create(
            typed["login"],
            typed["name"],
            request.form.get("password", ""),
            roles=typed["roles"],
            groups=_groups(typed["groups"]),
            unit=typed["unit"],
            actor=acting(),
        )
    except (InvalidInput, Conflict) as error:
        return _refused(None, typed, error)
    flash(_("账号 %(login)s 已建立。", login=typed["login"]), "ok")
    return redirect(url_for("users.index"), 303)


@blueprint.route("/<login>", methods=["GET", "POST"])
def edit(login: str) -> Answer:
    user = office().accounts.user(login)
    if request.method == "GET":
        return _page(
            user,
            {
                "login": login,
                "name": user.name,
                "unit": user.unit,
                "roles": user.roles,
                "groups": "、".join(user.groups),
                "active": user.active,
            },
            {},
        )
    typed = _typed() | {"login": login, "active": request.form.get("active") == "true"}
    try:
        _keep_oneself(login, typed)
        office().accounts.change(
            login,
            actor=acting(),
            name=typed["name"],
            roles=typed["roles"],
            groups=_groups(typed["groups"]),
            unit=typed["unit"],
            active=typed["active"],
        )
    except (InvalidInput, Conflict) as error:
        return _refused(user, typed, error)
    flash(_("账号 %(login)s 已更新。", login=login), "ok")
    return redirect(url_for("users.index"), 303)


@blueprint.post("/<login>/password")
def set_password(login: str) -> Response:
    office().accounts.set_password(login, request.form.get("password", ""), actor=acting())
    flash(_("密码已更换，请用安全的方式告诉本人。"), "ok")
    return redirect(url_for("users.edit", login=login), 303)


def _typed() -> dict[str, Any]:
    form = request.form
    return {
        "name": form.get("name", "").strip(),
        "unit": form.get("unit", "").strip(),
        "roles": form.getlist("roles"),
        "groups": form.get("groups", ""),
    }


def _groups(text: str) -> list[str]:
    for mark in "，,;； \n":
        text = text.replace(mark, "、")
    return [group.strip() for group in text.split("、") if group.strip()]


def _keep_oneself(login: str, typed: dict[str, Any]) -> None:
    """An administrator cannot lock themselves out by mistake."""
    if login == me().login and ("admin" not in typed["roles"] or not typed["active"]):
        raise InvalidInput(
            fields=(FieldError("roles", "You cannot take the administrator's role from yourself. Ask another one."),)
        )


def _page(user: Any, typed: dict[str, Any], errors: dict[str, list[str]], problem: str = "") -> str:
    return render_template("users/edit.html", user=user, typed=typed, errors=errors, problem=problem)


def _refused(user: Any, typed: dict[str, Any], error: InvalidInput | Conflict) -> tuple[str, int]:
    errors = field_sentences(error) if isinstance(error, InvalidInput) else {}
    return _page(user, typed, errors, sentence(error)), status_of(error)
