"""Chinese words for what a notice says; a key nobody has named is shown as it is, never left out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from flask import Flask
from flask_babel import lazy_gettext as _l
from flask_babel.speaklater import LazyString

from procurement.registers.comparison import Notice
from web.pages.scoring.words import TIES
from web.pages.show import moment, money

KINDS: dict[str, LazyString] = {
    "comparison_notice": _l("比选公告"),
    "correction": _l("更正公告"),
    "extension": _l("延期公告"),
    "termination": _l("终止公告"),
    "result_publicity": _l("结果公示"),
    "result": _l("结果公告"),
    "award": _l("选定结果"),
    "contract": _l("合同公告"),
    "termination_of_contract": _l("合同终止公告"),
    "acceptance": _l("验收公告"),
    "negative_list": _l("信用名单公告"),
    "intention": _l("采购意向"),
    "appeal_decision": _l("投诉处理决定"),
    "bid_list": _l("参选文件清单"),
    "opening_record": _l("开启记录"),
}
ANSWER = _l("答疑公告")
FIELDS: dict[str, LazyString] = {
    "purchase_id": _l("项目编号"),
    "title": _l("项目名称"),
    "purchase_title": _l("项目名称"),
    "budget": _l("项目预算（元）"),
    "amount": _l("金额（元）"),
    "price": _l("报价（元）"),
    "organisation": _l("承接主体"),
    "organisation_id": _l("承接主体编号"),
    "name": _l("名称"),
    "rank": _l("名次"),
    "score": _l("得分"),
    "ranking": _l("排序"),
    "experts": _l("评审专家"),
    "period_months": _l("实施周期（月）"),
    "starts_on": _l("开始日期"),
    "ends_on": _l("结束日期"),
    "requirements": _l("项目要求"),
    "notice_text": _l("公告正文"),
    "conditions": _l("申请人条件"),
    "criteria": _l("评分标准"),
    "weight": _l("分值"),
    "criterion": _l("评分项"),
    "tie_note": _l("并列说明"),
    "technical_score": _l("技术分"),
    "price_score": _l("价格分"),
    "text": _l("公示内容"),
    "panel": _l("评审专家"),
    "unit": _l("单位"),
    "working_days": _l("公示工作日数"),
    "description": _l("说明"),
    "kind": _l("类别"),
    "basis": _l("评分依据"),
    "applications_close_at": _l("报名截止"),
    "bids_due_at": _l("参选文件递交截止"),
    "publicity_from": _l("公示开始"),
    "publicity_until": _l("公示截止"),
    "contact": _l("联系方式"),
    "agency": _l("第三方支持机构"),
    "method": _l("采购方式"),
    "reason": _l("理由"),
    "contract": _l("合同编号"),
    "handover": _l("服务对象的衔接安排"),
    "accepted": _l("通过验收"),
    "grade": _l("等次"),
    "total": _l("总分"),
    "until": _l("截止"),
    "objection": _l("异议渠道"),
    "signed_on": _l("签订日期"),
    "clause_time": _l("服务时间"),
    "clause_scope": _l("服务范围"),
    "clause_content": _l("服务内容"),
    "clause_requirements": _l("服务要求"),
    "clause_payment": _l("资金支付"),
    "clause_liability": _l("违约责任"),
    "document_sha256": _l("合同文本的 SHA-256"),
    "receipts": _l("收件清单"),
    "number": _l("收件号"),
    "submitted_at": _l("收到时间"),
    "sha256": _l("SHA-256"),
    "fingerprint": _l("密封指纹"),
    "record": _l("开启记录"),
    "place": _l("地点"),
    "host": _l("主持"),
    "begun_at": _l("开始"),
    "ended_at": _l("结束"),
    "keys_needed": _l("开启所需持钥人数"),
    "present": _l("到场"),
    "part": _l("身份"),
    "came_at": _l("到场时间"),
    "gave_key_at": _l("交钥时间"),
    "bids": _l("参选文件"),
    "opened_at": _l("开启时间"),
    "outcome": _l("开启结果"),
    "files": _l("文件数"),
    "failures": _l("未能开启的原因"),
    "decision": _l("处理"),
    "signatures": _l("签字"),
    "remark": _l("意见"),
    "changes": _l("更正事项"),
    "item": _l("内容"),
    "before": _l("原来"),
    "after": _l("改为"),
    "corrects": _l("更正的公告"),
    "ground": _l("终止事由"),
    "consequence": _l("后续安排"),
    "question": _l("问题"),
    "answer": _l("答复"),
    "platform_notice": _l("平台公告编号"),
}
VALUES: dict[str, dict[str, LazyString]] = {  # column → code → word
    "kind": {"technical": _l("专家打分"), "price": _l("价格"), "objective": _l("按事实计分")},
    "part": {"street": _l("街道"), "agency": _l("支持机构"), "supervisor": _l("纪检"), "bidder": _l("参选人")},
    "outcome": {"opened": _l("已开启"), "failed": _l("未能开启"), "unopened": _l("未开启")},
    "tie_note": TIES,
    "decision": {"excluded": _l("不予接受"), "hand_in": _l("补交")},
}
MONEY = frozenset({"budget", "amount", "price"})
SCORES = frozenset({"score", "technical_score", "price_score"})
MOMENTS = ("_at", "_on", "until", "_from")


def lines(content: Mapping[str, Any]) -> Iterator[tuple[str, str, Any]]:
    """Label, kind of value (money, moment, table, list, group, text) and value, in the order they were published."""
    for key, value in content.items():
        if value in (None, "", [], {}):
            continue
        yield label(key), _kind(key, value), value


def called(notice: Notice) -> str:
    """What kind of notice it is, in words; an answer to everybody is kept as a correction and called what it is."""
    if notice.kind == "correction" and "answer" in notice.content:
        return str(ANSWER)
    return str(KINDS.get(notice.kind, notice.kind))


def label(key: str) -> str:
    return str(FIELDS.get(key, key))


def _kind(key: str, value: Any) -> str:
    if key in MONEY:
        return "money"
    if isinstance(value, list):
        return "table" if all(isinstance(item, dict) for item in value) else "list"
    if isinstance(value, str) and key.endswith(MOMENTS):
        return "moment"
    return "group" if isinstance(value, dict) else "text"


def cell(key: str, value: Any) -> Any:
    """A table's value in words where it is one of a few known ones; money and scores with two digits."""
    if key in MONEY and isinstance(value, (int, Decimal)) and not isinstance(value, bool):
        return money(value)
    if key in SCORES and isinstance(value, (int, Decimal)) and not isinstance(value, bool):
        return f"{value:.2f}"
    if isinstance(value, str) and key.endswith(MOMENTS):
        return moment(value)
    words = VALUES.get(key, {})
    return str(words[value]) if isinstance(value, str) and value in words else value


def columns(rows: list[dict[str, Any]]) -> list[str]:
    """The keys of a table's rows, each once, in the order they first appear.

    Left out: columns without a single value, and an organisation's number in the register beside its name.
    """
    keys = dict.fromkeys(key for row in rows for key, value in row.items() if value not in (None, "", [], {}))
    return [key for key in keys if not (key == "organisation_id" and "name" in keys)]


def install(pages: Flask) -> None:
    pages.add_template_global(called, "notice_kind")
    pages.add_template_global(lines, "notice_lines_of")
    pages.add_template_global(columns, "notice_columns")
    pages.add_template_global(cell, "notice_cell")
    pages.add_template_global(label, "notice_label")
