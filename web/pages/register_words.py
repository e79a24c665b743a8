"""Chinese words for the codes of the registers."""

from __future__ import annotations

from flask import Flask
from flask_babel import lazy_gettext as _l

ORGANISATION_KINDS = {"social_service": _l("社会服务机构"), "social_group": _l("社会团体"), "foundation": _l("基金会")}
CREDIT_NAMES = {
    "good": _l("良好"),
    "warning": _l("警示"),
    "abnormal": _l("活动异常名录"),
    "serious": _l("严重违法失信名单"),
    "negative": _l("负面清单"),
}
CREDIT_BADGES = {"good": "ok", "warning": "warn", "abnormal": "warn", "serious": "bad", "negative": "bad"}
APPLICATION_NAMES = {
    "registered": _l("待初审"),
    "first_check_passed": _l("初审通过，待街道确认"),
    "first_check_failed": _l("初审未通过"),
    "confirmed": _l("报名已确认"),
    "refused": _l("未接受"),
    "late": _l("逾期"),
    "withdrawn": _l("已撤回"),
}
APPLICATION_KINDS = {
    "registered": "info",
    "first_check_passed": "info",
    "first_check_failed": "warn",
    "confirmed": "ok",
    "refused": "bad",
    "late": "bad",
}
BID_NAMES = {"submitted": _l("已递交"), "replaced": _l("已被替换"), "withdrawn": _l("已撤回"), "opened": _l("已开启")}
RECUSAL_NAMES = {
    "employment": _l("劳动关系"),
    "director": _l("董事、监事或理事"),
    "shareholder": _l("控股或实际控制"),
    "kinship": _l("亲属关系"),
    "spouse": _l("配偶"),
    "lineal": _l("直系血亲"),
    "collateral": _l("三代以内旁系血亲"),
    "in_law": _l("近姻亲"),
    "same_unit": _l("同一单位"),
    "drafter": _l("参与需求或文件编制"),
    "supervisor": _l("监管人员"),
    "requested": _l("申请人申请回避"),
    "other": _l("其他可能影响公正的关系"),
}
BUDGET_LEVELS = {"district": _l("区级"), "street": _l("街道"), "community": _l("社区")}
FUND_NATURES = {
    "fiscal": _l("财政性资金"),
    "community_fund": _l("社区保障资金"),
    "welfare_lottery": _l("福彩公益金"),
    "other": _l("其他资金"),
}
BOOKING_NAMES = {"reserve": _l("占用"), "release": _l("释放"), "commit": _l("承诺"), "uncommit": _l("撤销承诺")}


def install(pages: Flask) -> None:
    """The words as template globals."""
    pages.jinja_env.globals.update(
        organisation_kinds=ORGANISATION_KINDS,
        credit_names=CREDIT_NAMES,
        credit_badges=CREDIT_BADGES,
        application_names=APPLICATION_NAMES,
        application_kinds=APPLICATION_KINDS,
        bid_names=BID_NAMES,
        recusal_names=RECUSAL_NAMES,
        booking_names=BOOKING_NAMES,
        level_names=BUDGET_LEVELS,
        organisation_options=lambda rows: [(row.id, f"{row.id} {row.name}") for row in rows],
    )
