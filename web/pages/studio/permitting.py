"""Who may change, review and release which folder."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from engine.errors import InvalidInput
from procurement.accounts.roles import PARTY_ROLES, ROLES
from procurement.studio.permissions import EVERY, holder_name
from web.auth.people import acting
from web.pages.cases.names import learn, person_name
from web.pages.errors import field_sentences
from web.pages.services import services
from web.pages.studio.release_words import release_words

blueprint = Blueprint("studio_permissions", __name__, url_prefix="/studio/permissions")
HISTORY = 50


@blueprint.get("")
def show() -> str:
    return _page()


@blueprint.post("")
def grant() -> Response | tuple[str, int]:
    """Who has one action on one folder; one login or role a line."""
    folder, action = request.form.get("folder", EVERY), request.form.get("action", "")
    holders = [*request.form.getlist("role"), *request.form.get("logins", "").replace(",", " ").replace("、", " ").split()]
    try:
        services().studio.permissions.grant(folder, action, holders, actor=acting())
    except InvalidInput as error:
        return _page(folder, action, [line for lines in field_sentences(error).values() for line in lines]), 422
    flash(_("权限已保存。"), "ok")
    return redirect(url_for("studio_permissions.show", folder=folder), 303)


def _page(folder: str = "", action: str = "", problems: list[str] | None = None) -> str:
    studio = services().studio
    folders = studio.shelf.folders()
    table = studio.permissions.table([one.name for one in folders])
    history = studio.permissions.history(HISTORY)
    learn([holder for one in table for holder in one.holders if ":" not in holder] + [edit.editor for edit in history])
    return render_template(
        "studio/permissions.html",
        table=table,
        titles={one.name: one.title for one in folders} | {EVERY: _("所有文件夹")},
        roles=[(f"role:{role}", label) for role, label in ROLES.items() if role not in PARTY_ROLES],
        called=lambda holder: holder_name(holder) if holder.startswith("role:") else person_name(holder),
        words=release_words(),
        history=history,
        folder=folder or request.args.get("folder", EVERY),
        action=action,
        problems=problems or [],
    )
