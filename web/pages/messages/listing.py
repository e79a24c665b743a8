"""The messages of the person who is logged in: newest first, read and unread, each with the way to its case."""

from __future__ import annotations

import re

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString
from werkzeug.wrappers import Response

from web.auth.people import current_person, me
from web.pages import filters
from web.pages.services import office

blueprint = Blueprint("messages", __name__, url_prefix="/messages")
PAGE_SIZE = 30
KIND_NAMES: dict[str, LazyString] = {
    "task": _l("待办事项"),
    "reminder": _l("期限提醒"),
    "escalation": _l("超期升级"),
    "urge": _l("催办"),
    "case": _l("项目进展"),
    "notice": _l("公告和开启"),
    "application": _l("报名结论"),
    "result": _l("比选结果"),
    "objection": _l("异议和投诉"),
    "contract": _l("合同"),
    "draw": _l("专家抽取和邀请"),
    "evidence": _l("资格材料到期"),
    "incident": _l("运行异常"),
    "notification": _l("其他通知"),
}
OF_A_CASE = re.compile(r"/purchases/([A-Za-z0-9-]+)")


@blueprint.get("")
def index() -> str:
    kept = filters.read(("show", "kind"))
    shown, following = office().messages.page(
        me().login,
        str(get_locale()),
        unread=kept["show"] == "unread",
        kind=kept["kind"],
        limit=PAGE_SIZE,
        after=request.args.get("after"),
    )
    return render_template(
        "messages/index.html",
        lines=shown,
        following=following,
        kept=kept,
        kinds=list(KIND_NAMES.items()),
        kind_names=KIND_NAMES,
        by_mail=office().messages.server is not None,
    )


@blueprint.get("/<int:key>")
def open_one(key: int) -> Response:
    """Where a message leads; it counts as read from then on. Mails link here, so that nothing in them says more."""
    message = office().messages.open(me().login, key)
    return redirect(_place(message.link), 303)


@blueprint.post("/read")
def mark_read() -> Response:
    """Those ticked."""
    keys = request.form.getlist("key", type=int)
    if not keys:
        flash(_("请先在左边选中要标为已读的消息。"), "warn")
        return redirect(url_for("messages.index"), 303)
    return _marked(office().messages.mark_read(me().login, keys))


@blueprint.post("/read-all")
def mark_all() -> Response:
    return _marked(office().messages.mark_read(me().login))


def _marked(count: int) -> Response:
    flash(_("%(n)s 条消息已标为已读。", n=count), "ok")
    return redirect(url_for("messages.index"), 303)


def unread() -> int:
    """What the bell shows; nothing for visitors."""
    person = current_person()
    return office().messages.unread(person.login) if person else 0


def _place(link: str) -> str:
    """Organisations see a purchase in their portal, not in the office's case pages."""
    found = OF_A_CASE.fullmatch(link)
    if found and me().roles <= {"organisation"}:
        return url_for("supplier.purchase", number=found[1])
    return link or url_for("messages.index")
