"""What stopped and why, with the next action; retry. Also the jobs and timers the office waits for."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from web.auth.people import acting
from web.pages import filters
from web.pages.services import engine

blueprint = Blueprint("incidents", __name__, url_prefix="/incidents")
PAGE_SIZE = 40


@blueprint.get("")
def index() -> str:
    kept = filters.read(("state",))
    state = "resolved" if kept["state"] == "resolved" else "active"
    page = engine().incidents(state=state, limit=PAGE_SIZE, after=request.args.get("after"))
    keys = {incident.root_key: engine().instance(incident.root_key).business_key for incident in page.items}
    return render_template("incidents/index.html", page=page, state=state, cases=keys, hints=HINTS)


@blueprint.post("/<int:key>/retry")
def retry(key: int) -> Response:
    """Try the stopped step again; if the cause is still there a new incident says so."""
    engine().resolve_incident(key, actor=acting())
    flash(_("已重试。如果原因还在，会再次出现在列表里。"), "ok")
    return redirect(url_for("incidents.index"), 303)


HINTS = {
    "condition_error": "流程图里的条件读到了空值或类型不对：核对变量，改正后部署新版本或补上变量，再重试。",
    "io_mapping_error": "变量映射出错：核对输入输出映射引用的变量，再重试。",
    "operation_failed": "服务任务没有办成：按左侧原因处理（例如预算、登记簿），再重试。",
    "decision_error": "决策表没有命中或重复命中：补齐或改正规则，部署后重试。",
    "job_no_retries": "外部作业多次失败：查明外部系统的情况，恢复后重试。",
    "unhandled_error": "业务错误没有被任何边界事件接住：在图上补上处理，或补正数据后重试。",
    "form_not_found": "任务引用的表单没有部署：部署表单后重试。",
    "timer_error": "期限算不出来：核对日期和工作日历年份，再重试。",
    "message_error": "消息的匹配值算不出来：核对变量，再重试。",
    "called_element_error": "被调用的流程没有部署：部署后重试。",
}
