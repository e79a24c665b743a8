"""Work that is not done by people in a task: effects on the outside, and jobs other programs fetch. Retry, give up."""

from __future__ import annotations

from flask import flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from web.auth.people import acting
from web.pages import filters
from web.pages.operate.causes import in_words
from web.pages.operate.frame import blueprint, case_addresses, page
from web.pages.services import engine

PAGE_SIZE = 40
STATES = (
    ("created", _l("等待")),
    ("activated", _l("正在办")),
    ("failed", _l("失败")),
    ("completed", _l("完成")),
    ("error_thrown", _l("报告业务异常")),
    ("canceled", _l("放弃")),
)


@blueprint.get("/jobs")
def jobs() -> str:
    kept = filters.read(("state", "type"))
    found = engine().jobs(
        state=kept["state"] or None, type=kept["type"] or None, order="-key", limit=PAGE_SIZE, after=request.args.get("after")
    )
    cases = {one.root_key: engine().instance(one.root_key).business_key for one in found.items}
    return page(
        "operate.jobs",
        "operate/jobs.html",
        page=found,
        kept=kept,
        counts=engine().job_counts(),
        states=STATES,
        state_names=dict(STATES),
        cases=cases,
        addresses=case_addresses(cases),
        in_words=in_words,
    )


@blueprint.post("/jobs/<int:key>/retry")
def retry_job(key: int) -> Response:
    engine().retry_job(key, actor=acting())
    flash(_("已安排立即重试。"), "ok")
    return redirect(url_for("operate.jobs"), 303)


@blueprint.post("/jobs/<int:key>/cancel")
def cancel_job(key: int) -> Response:
    """Give up an effect no step waits for."""
    engine().cancel_job(key, reason=request.form.get("reason", "").strip(), actor=acting())
    flash(_("已放弃这项作业，理由已记入案件。"), "ok")
    return redirect(url_for("operate.jobs"), 303)
