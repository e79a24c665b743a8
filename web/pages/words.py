"""Chinese words for the register's own codes; every page uses the same."""

from __future__ import annotations

from flask import Flask
from flask_babel import lazy_gettext as _l

from procurement.accounts.roles import ROLES
from web.pages.show import plain

STEP_NAMES = {
    "demand_survey": _l("需求摸排"),
    "goal_setting": _l("目标确立"),
    "selection": _l("公开招标"),
    "delivery": _l("组织实施"),
    "assessment": _l("监测评估"),
    "tracking": _l("服务跟踪"),
}
ROUTE_NAMES = {"committee": _l("党工委会议"), "open_comparison": _l("公开比选"), "statutory": _l("法定政府采购")}
STATUS_NAMES = {
    "demand_review": _l("需求审核中"),
    "demand_approved": _l("需求已通过"),
    "goals_approved": _l("已批准立项"),
    "comparison_open": _l("公开比选中"),
    "awarded": _l("已确定中选"),
    "contracted": _l("已签合同"),
    "delivering": _l("实施中"),
    "accepted": _l("已验收"),
    "archived": _l("已归档"),
    "rejected": _l("未通过"),
    "withdrawn": _l("已撤回"),
    "failed": _l("采购失败"),
    "terminated": _l("已终止"),
    "void": _l("未启动"),
}
STATUS_KINDS = {
    "demand_review": "info",
    "demand_approved": "info",
    "goals_approved": "info",
    "comparison_open": "info",
    "awarded": "pine",
    "contracted": "pine",
    "delivering": "pine",
    "accepted": "ok",
    "archived": "ok",
    "rejected": "warn",
    "withdrawn": "",
    "failed": "warn",
    "terminated": "bad",
    "void": "",
}
INITIATOR_KINDS = {"department": _l("职能部室"), "institution": _l("下属事业单位"), "community": _l("社区")}

ANSWERS = {
    "approved": _l("通过"),
    "rejected": _l("不通过"),
    "returned": _l("退回"),
    "awarded": _l("已确定中选"),
    "failed": _l("未通过"),
    "completed": _l("完成"),
    "terminated": _l("终止"),
    "continue": _l("继续"),
    "rectify": _l("整改后继续"),
    "stop": _l("不继续"),
    "deliberation": _l("居民议事"),
    "visit": _l("走访"),
    "questionnaire": _l("问卷"),
    "department": _l("部门"),
    "community": _l("社区"),
    "institution": _l("事业单位"),
    "agree": _l("同意"),
    "refuse": _l("不同意"),
    "return": _l("退回"),
    "terminate": _l("终止"),
    "qualified": _l("合格"),
    "unqualified": _l("不合格"),
    "supported": _l("支持"),
    "not_supported": _l("不支持"),
    "enough": _l("够"),
    "too_few": _l("不足"),
    "exception": _l("例外"),
    "ready": _l("到位"),
    "short": _l("不足"),
    "no_budget": _l("没有预算"),
    "splitting": _l("疑似化整为零"),
    "excellent": _l("优秀"),
    "good": _l("良好"),
    "passed": _l("合格"),
    "warning": _l("警示"),
    "negative": _l("负面"),
    "none": _l("无"),
    "drafted": _l("草稿"),
    "signed": _l("已签订"),
    "fiscal": _l("财政性资金"),
    "technical": _l("技术"),
    "price": _l("价格"),
    "met": _l("符合"),
    "scale": _l("五档满意度"),
    "choice": _l("选一个"),
    "many": _l("可选几个"),
    "yes_no": _l("是或否"),
    "key": _l("重点对象"),
    "elder": _l("八十五周岁以上"),
    "senior": _l("六十周岁以上"),
    **ROUTE_NAMES,
}


def answer(value: object) -> str:
    """A code the diagrams use, in words; anything else as it is."""
    return str(ANSWERS.get(value) or ROLES.get(value, value)) if isinstance(value, str) else plain(value)


def install(pages: Flask) -> None:
    """The words as template globals."""
    pages.add_template_filter(answer, "answer")
    pages.jinja_env.globals.update(
        step_names=STEP_NAMES,
        route_names=ROUTE_NAMES,
        status_names=STATUS_NAMES,
        status_kinds=STATUS_KINDS,
        initiator_kinds=INITIATOR_KINDS,
    )
