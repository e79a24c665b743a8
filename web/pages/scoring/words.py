"""What the scoring's pages call states, kinds and causes."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

STATES = {"draft": _l("正在评分"), "reopened": _l("退回更正"), "signed": _l("已签"), "void": _l("作废")}
STATE_KINDS = {"draft": "warn", "reopened": "bad", "signed": "ok", "void": ""}
KINDS = {"subjective": _l("专家分档评分"), "objective": _l("按事实计算"), "price": _l("按报价计算")}
HINTS = {
    "drift": _l("与其他专家相差过大"),
    "out_of_range": _l("超出该项范围"),
    "unequal_objective": _l("客观分不一致"),
    "missing": _l("漏项"),
}
CAUSES = {
    "sum_error": _l("分值汇总错误"),
    "out_of_range": _l("分项评分超出评分标准范围"),
    "unequal_objective": _l("客观评审因素评分不一致"),
    "drift": _l("评分畸高、畸低"),
}
LACKS = {"missing": _l("没有打分"), "out_of_range": _l("分数不在任何一档里"), "no_reason": _l("最高或最低分要写理由")}
TIES = {
    "lower_price": _l("得分相同，报价较高"),
    "supported_organisation": _l("得分、报价相同，不是街道扶持培育的机构"),
    "technical": _l("得分、报价相同，技术得分较低"),
    "draw": _l("都相同，抽签在后"),
    "undecided": _l("并列"),
}
STEPS = {
    "lower_price": _l("报价低者先"),
    "technical": _l("技术得分高者先"),
    "supported_organisation": _l("街道扶持培育的先"),
    "draw": _l("抽签"),
}
ORGANISATIONS = {
    "any": _l("各类机构"),
    "social_service": _l("社会服务机构（民办非企业）"),
    "social_group": _l("社会团体"),
    "foundation": _l("基金会"),
    "public_institution": _l("有事业单位参加"),
}
