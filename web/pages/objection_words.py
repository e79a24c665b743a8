"""Chinese words for objections and appeals."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

ABOUT = {"documents": _l("比选文件"), "process": _l("比选过程"), "result": _l("比选结果")}
AGAINST = {
    "": _l("没有指明"),
    "agency": _l("第三方支持机构"),
    "street": _l("街道"),
    "panel": _l("评审专家"),
    "bidder": _l("其他申请人"),
}
STATUSES = {
    "raised": _l("正在核查"),
    "supplementing": _l("等待补正"),
    "refused": _l("不予受理"),
    "withdrawn": _l("已撤回"),
    "rejected": _l("不成立"),
    "upheld": _l("成立"),
}
KINDS = {"raised": "info", "supplementing": "warn", "refused": "", "withdrawn": "", "rejected": "", "upheld": "ok"}
OUTCOMES = {
    "correct": _l("更正后继续"),
    "re_evaluate": _l("重新评审"),
    "rerun": _l("重新组织比选"),
    "void": _l("比选无效"),
    "redo": _l("撤回结果，重新评审"),
    "confirm": _l("确有瑕疵，不影响结果，维持"),
    "rejected": _l("驳回"),
    "refused": _l("不予受理"),
    "withdrawn": _l("撤回"),
}
APPEAL_STATUSES = {
    "raised": _l("正在审查"),
    "supplementing": _l("等待补正"),
    "refused": _l("不予受理"),
    "accepted": _l("已受理，正在处理"),
    "withdrawn": _l("已撤回"),
    "rejected": _l("不成立"),
    "upheld": _l("成立"),
}
PUBLICITY = {"running": _l("公示中"), "stopped": _l("因异议停走"), "over": _l("公示期满"), "withdrawn": _l("已撤下")}
PUBLICITY_KINDS = {"running": "info", "stopped": "warn", "over": "ok", "withdrawn": "bad"}
