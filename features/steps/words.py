"""How steps are worded: patterns with Chinese quotes, tables, amounts, dates, and the words people use for codes."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from decimal import Decimal

from pytest_bdd import parsers

from procurement.registers.row import OFFICE_ZONE

Table = Sequence[Sequence[str]]

STATUSES = {
    "需求审核中": "demand_review",
    "需求已通过": "demand_approved",
    "已批准立项": "goals_approved",
    "比选中": "comparison_open",
    "已确定中选": "awarded",
    "已签合同": "contracted",
    "实施中": "delivering",
    "已验收": "accepted",
    "已归档": "archived",
    "未通过": "rejected",
    "已撤回": "withdrawn",
    "采购失败": "failed",
    "已终止": "terminated",
}
STEPS = {
    "需求摸排": "demand_survey",
    "目标确立": "goal_setting",
    "公开招标": "selection",
    "组织实施": "delivery",
    "监测评估": "assessment",
    "服务跟踪": "tracking",
}
ROUTES = {"党工委会议": "committee", "公开比选": "open_comparison", "法定政府采购": "statutory"}
NOTICES = {
    "合同公告": "contract",
    "比选公告": "comparison_notice",
    "答疑": "correction",
    "更正公告": "correction",
    "投诉处理决定": "appeal_decision",
    "延期公告": "extension",
    "终止公告": "termination",
    "结果公示": "result_publicity",
    "结果公告": "result",
    "中选公告": "award",
    "合同终止公告": "termination_of_contract",
    "验收公告": "acceptance",
    "信用名单公告": "negative_list",
}
APPLICATIONS = {
    "已登记": "registered",
    "初审合格": "first_check_passed",
    "初审不合格": "first_check_failed",
    "已确认": "confirmed",
    "不接受": "refused",
    "逾期": "late",
    "已撤回": "withdrawn",
    "已作废": "lapsed",
}
CREDITS = {"良好": "good", "警示": "warning", "负面清单": "negative"}
CONTRACTS = {"已起草": "drafted", "已签订": "signed", "已完结": "completed", "已终止": "terminated"}
SOURCES = {"居民议事": "deliberation", "走访": "visit", "问卷": "questionnaire", "部门提出": "department"}


def said(wording: str) -> parsers.re:
    """``{name}`` stands for some words; between “ and ” they may hold commas."""
    pattern = re.escape(wording).replace(r"\{", "{").replace(r"\}", "}").replace("\\ ", " ")
    pattern = re.sub(r"“\{(\w+)\}”", r"“(?P<\1>[^“”]*)”", pattern)
    pattern = re.sub(r"\{(\w+)\}", r"(?P<\1>[^“”，：]+?)", pattern)
    return parsers.re(f"^{pattern}$")


def pairs(table: Table) -> dict[str, str]:
    """A table of two columns: what, and its value."""
    return {row[0]: row[1] for row in table}


def records(table: Table) -> list[dict[str, str]]:
    """A table with a heading."""
    heading, *rows = table
    return [dict(zip(heading, row, strict=True)) for row in rows]


def money(words: str) -> Decimal:
    """48,000 or 49,999.99"""
    return Decimal(words.replace(",", "").removesuffix("元").strip())


def moment(words: str) -> dt.datetime:
    """2026-09-28 (nine o'clock) or 2026-09-28 17:00"""
    day, _, time = words.strip().partition(" ")
    return dt.datetime.combine(dt.date.fromisoformat(day), dt.time.fromisoformat(time or "09:00"), OFFICE_ZONE)
