"""Chinese words for the seven conditions, the state of evidence and of registrations."""

from __future__ import annotations

from flask import Flask
from flask_babel import lazy_gettext as _l

CONDITION_NAMES = {
    "independent": _l("（一）依法设立，能独立承担民事责任"),
    "governance": _l("（二）治理结构健全，内部管理和监督制度完善"),
    "finance": _l("（三）独立的财务管理、核算和资产管理制度"),
    "capability": _l("（四）必需的设备和专业技术能力"),
    "tax_social": _l("（五）依法缴纳税收和社会保障资金的良好记录"),
    "record": _l("（六）前三年内无重大违法违纪，年检合格，信誉良好"),
    "other": _l("（七）法律、法规规定的其他条件"),
}
CONDITION_HELP = {
    "independent": _l("登记证书、统一社会信用代码。"),
    "governance": _l("章程、理事会和监事名单、内部制度。"),
    "finance": _l("财务制度、上年度财务报告；报告应由有资质的注册会计师审计。"),
    "capability": _l("专职人员、持证社工、场地设备、同类项目。"),
    "tax_social": _l("近期完税证明或免税说明、社保缴纳证明。"),
    "record": _l("年检或年报结论、信用查询截图。"),
    "other": _l("没有的可以不填。"),
}
EVIDENCE_NAMES = {"none": _l("没有登记"), "valid": _l("有效"), "expiring": _l("将到期"), "expired": _l("已过期")}
EVIDENCE_KINDS = {"none": "", "valid": "ok", "expiring": "warn", "expired": "bad"}
CONCLUSION_NAMES = {"": _l("还没有核验"), "met": _l("符合"), "unmet": _l("不符合"), "supplement": _l("需要补正")}
CONCLUSION_KINDS = {"": "", "met": "ok", "unmet": "bad", "supplement": "warn"}
REGISTRATION_NAMES = {
    "draft": _l("填写中"),
    "sent": _l("核验中"),
    "supplement": _l("等待补正"),
    "accepted": _l("已注册"),
    "refused": _l("不予注册"),
    "withdrawn": _l("已撤回"),
}
REGISTRATION_KINDS = {"draft": "", "sent": "info", "supplement": "warn", "accepted": "ok", "refused": "bad", "withdrawn": ""}


def install(pages: Flask) -> None:
    """The words as template globals."""
    pages.jinja_env.globals.update(
        condition_names=CONDITION_NAMES,
        condition_help=CONDITION_HELP,
        evidence_names=EVIDENCE_NAMES,
        evidence_kinds=EVIDENCE_KINDS,
        conclusion_names=CONCLUSION_NAMES,
        conclusion_kinds=CONCLUSION_KINDS,
        registration_names=REGISTRATION_NAMES,
        registration_kinds=REGISTRATION_KINDS,
    )
