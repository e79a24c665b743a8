"""My opening code: made once, shown once, kept on paper; tried out without leaving a trace."""

from __future__ import annotations

from flask import Blueprint, Response, make_response, render_template, request
from flask_babel import gettext as _

from engine.errors import InvalidInput
from procurement.demo.opening import HOLDERS, demo_code
from web.auth.people import acting, me
from web.pages.errors import sentence
from web.pages.services import office, services

blueprint = Blueprint("opening_keys", __name__, url_prefix="/opening-code")


@blueprint.get("")
def show() -> Response:
    return _page()


@blueprint.post("/make")
def make() -> Response:
    """The answer holds the code; nothing else ever does."""
    code, key = office().sealing.make_code(actor=acting())
    html = render_template("sealed/code.html", code=code, key=key, person_name=me().name)
    return _unkept(html)


@blueprint.post("/test")
def test() -> Response:
    try:
        tested = office().sealing.test_code(request.form.get("code_password", ""), actor=acting())
    except InvalidInput as error:
        return _page(problem=sentence(error), status=422)
    if tested.key is None:
        return _page(problem=_("这串开启码抄写无误，但不是您在这里制作过的。请换一张。"), status=422)
    if not tested.is_current:
        return _page(found=_("这是您 %(day)s 制作的旧开启码：只用于当时密封的比选。", day=f"{tested.key.since:%Y-%m-%d}"))
    return _page(found=_("正确：这是您现在的开启码。"))


def _page(problem: str = "", found: str = "", status: int = 200) -> Response:
    keys = office().sealing.keys(actor=acting())
    login = me().login
    known = demo_code(login) if services().settings.demo and login in HOLDERS else ""
    html = render_template("sealed/keys.html", keys=keys, problem=problem, found=found, demo_code=known)
    return _unkept(html, status)


def _unkept(html: str, status: int = 200) -> Response:
    answer = make_response(html, status)
    answer.headers["Cache-Control"] = "no-store"
    return answer
