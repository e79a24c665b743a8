"""The outbox as operators see it: what went, what waits and why. The texts of mails are not for them."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from web.pages import filters
from web.pages.messages.wishes import LANGUAGES
from web.pages.operate.frame import blueprint, page
from web.pages.services import office

PAGE_SIZE = 40
STATES = (
    ("waiting", _l("等待发出")),
    ("sent", _l("已发出")),
    ("refused", _l("被拒收")),
    ("given_up", _l("多次不成")),
    ("dropped", _l("不再发")),
)
KINDS = {"message": _l("消息"), "digest": _l("每天一封"), "confirmation": _l("确认邮箱"), "test": _l("试发")}


@blueprint.get("/mail")
def mail() -> str:
    kept = filters.read(("state",))
    outbox = office().outbox
    found = outbox.page(state=kept["state"], limit=PAGE_SIZE, after=request.args.get("after"))
    names = office().accounts.names({one.login for one in found.items})
    return page(
        "operate.mail",
        "operate/mail.html",
        page=found,
        kept=kept,
        names_of=names,
        counts=outbox.counts(),
        stopped=outbox.stopped(),
        server=office().messages.server,
        states=STATES,
        state_names=dict(STATES),
        kind_names=KINDS,
        languages_of_mail=dict(LANGUAGES),
    )


@blueprint.post("/mail/<int:key>/retry")
def retry_mail(key: int) -> Response:
    office().outbox.retry(key)
    flash(_("已安排立即重试。"), "ok")
    return redirect(url_for("operate.mail"), 303)


@blueprint.post("/mail/<int:key>/drop")
def drop_mail(key: int) -> Response:
    office().outbox.drop(key)
    flash(_("这封邮件不再发出，站内消息还在。"), "ok")
    return redirect(url_for("operate.mail"), 303)
