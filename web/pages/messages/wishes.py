"""What a person wants by mail: to which address, of what, when not, in which language."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from engine.errors import EngineError, InvalidInput
from procurement.messages.kinds import KINDS
from web.auth.people import acting, me
from web.pages.errors import field_sentences, sentence, status_of
from web.pages.messages.listing import KIND_NAMES
from web.pages.services import office

blueprint = Blueprint("mail_wishes", __name__, url_prefix="/messages/settings")
Answer = Response | str | tuple[str, int]
MODE_NAMES = (("immediate", _l("随时")), ("digest", _l("每天一封")), ("none", _l("不发")))
LANGUAGES = (("zh_Hans", "中文"), ("en", "English"))


@blueprint.get("")
def show() -> str:
    return _page()


@blueprint.post("")
def save() -> Answer:
    form = request.form
    try:
        office().messages.change_wish(
            acting(),
            modes={kind: form.get(f"mode_{kind}", mode) for kind, mode in KINDS.items()},
            digest_hour=form.get("digest_hour", -1, int),
            quiet_from=form.get("quiet_from", "").strip(),
            quiet_until=form.get("quiet_until", "").strip(),
            quiet_days_off=form.get("quiet_days_off") == "true",
            language=form.get("language", ""),
        )
    except InvalidInput as error:
        return _page(errors=field_sentences(error), problem=sentence(error)), 422
    flash(_("邮件设置已保存。"), "ok")
    return redirect(url_for("mail_wishes.show"), 303)


@blueprint.post("/address")
def address() -> Answer:
    """A link goes to the address; it counts once the link was opened."""
    try:
        office().messages.ask_address(acting(), request.form.get("address", ""), office().messages.wish(me().login).language)
    except EngineError as error:
        errors = field_sentences(error) if isinstance(error, InvalidInput) else {}
        return _page(errors=errors, problem=sentence(error)), status_of(error)
    flash(_("确认邮件正在发出，请打开邮件里的链接。链接 24 小时内有效。"), "ok")
    return redirect(url_for("mail_wishes.show"), 303)


@blueprint.post("/forget")
def forget() -> Response:
    office().messages.forget_address(acting())
    flash(_("邮箱已删除，以后不再发邮件。"), "ok")
    return redirect(url_for("mail_wishes.show"), 303)


@blueprint.post("/test")
def test() -> Answer:
    try:
        office().messages.send_test(acting())
    except EngineError as error:
        return _page(problem=sentence(error)), status_of(error)
    flash(_("试发的邮件正在发出，一两分钟内应当收到。"), "ok")
    return redirect(url_for("mail_wishes.show"), 303)


def _page(*, errors: dict[str, list[str]] | None = None, problem: str = "") -> str:
    messages = office().messages
    wish = messages.wish(me().login)
    given = request.form if errors else {}
    return render_template(
        "messages/settings.html",
        wish=wish,
        asked=messages.asked(me().login),
        server=messages.server,
        modes={kind: given.get(f"mode_{kind}") or wish.modes.get(kind, mode) for kind, mode in KINDS.items()},
        kind_names=KIND_NAMES,
        mode_names=MODE_NAMES,
        languages_of_mail=LANGUAGES,
        hours=[(str(hour), f"{hour:02}:00") for hour in range(24)],
        given=given,
        errors=errors or {},
        problem=problem,
    )
