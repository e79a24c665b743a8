"""The case's variables, the ones people ask about first, in their words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from engine.model import Variable

LABELS = {
    "title": "项目名称",
    "initiator": "发起人",
    "initiator_unit": "发起单位",
    "community": "社区",
    "demand_source": "需求来源",
    "demand_summary": "需求摘要",
    "beneficiary_group": "服务对象",
    "beneficiary_count": "受益人数",
    "catalogue_code": "目录编码",
    "estimate": "估算金额",
    "period_months": "服务期（月）",
    "purchasable": "可购买",
    "survey_result": "需求审核结果",
    "budget_code": "预算编号",
    "amount": "批准金额",
    "fund_nature": "资金性质",
    "same_category_total": "本年同类累计",
    "route": "采购方式",
    "route_reason": "方式依据",
    "goal_result": "立项结果",
    "selection_result": "采购结果",
    "awarded": "中选单位",
    "contract": "合同",
    "milestones": "里程碑",
    "delivery_result": "实施结果",
    "midterm_conclusion": "中期结论",
    "final_conclusion": "末期结论",
    "accepted": "验收",
    "satisfaction": "满意度",
}


@dataclass(frozen=True)
class Shown:
    label: str
    name: str
    value: Any


def of_interest(variables: Iterable[Variable]) -> tuple[list[Shown], list[Shown]]:
    """Those with a label in its order, then all others by name; of a name the outermost scope counts."""
    values: dict[str, Any] = {}
    for variable in variables:
        if variable.name not in values or variable.scope_key == variable.root_key:
            values[variable.name] = variable.value
    labelled = [Shown(label, name, values[name]) for name, label in LABELS.items() if name in values]
    others = [Shown("", name, values[name]) for name in sorted(values.keys() - LABELS.keys())]
    return labelled, others
