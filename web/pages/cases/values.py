"""The case's variables, the ones people ask about first, in their words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from flask_babel import lazy_gettext as _l

from engine.model import Variable
from web.pages.words import answer

LABELS = {
    "title": _l("项目名称"),
    "initiator": _l("发起人"),
    "initiator_unit": _l("发起单位"),
    "community": _l("社区"),
    "demand_source": _l("需求来源"),
    "demand_summary": _l("需求摘要"),
    "beneficiary_group": _l("服务对象"),
    "beneficiary_count": _l("受益人数"),
    "catalogue_code": _l("目录编码"),
    "estimate": _l("估算金额"),
    "period_months": _l("服务期（月）"),
    "purchasable": _l("可购买"),
    "survey_result": _l("需求审核结果"),
    "budget_code": _l("预算编号"),
    "amount": _l("批准金额"),
    "fund_nature": _l("资金性质"),
    "same_category_total": _l("本年同类累计"),
    "route": _l("采购方式"),
    "route_reason": _l("方式依据"),
    "goal_result": _l("立项结果"),
    "selection_result": _l("采购结果"),
    "awarded": _l("中选单位"),
    "contract": _l("合同"),
    "milestones": _l("里程碑"),
    "delivery_result": _l("实施结果"),
    "midterm_conclusion": _l("中期结论"),
    "final_conclusion": _l("末期结论"),
    "accepted": _l("验收"),
    "satisfaction": _l("满意度"),
}


def label(name: str) -> str:
    """The variable's words, else its name."""
    return str(LABELS.get(name, name))


def told(output: Any) -> str:
    """What a rule table answered, in words."""
    if isinstance(output, dict):
        return "；".join(f"{label(name)}：{answer(value)}" for name, value in output.items())
    return answer(output)


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
    labelled = [Shown(str(words), name, values[name]) for name, words in LABELS.items() if name in values]
    others = [Shown("", name, values[name]) for name in sorted(values.keys() - LABELS.keys())]
    return labelled, others
