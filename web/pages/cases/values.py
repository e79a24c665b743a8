"""The case's variables, the ones people ask about first, in their words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from engine.model import Variable
from web.pages.cases.names import person_name
from web.pages.show import plain
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


ANSWER_LABELS = {
    "outcome": _l("结论"),
    "result": _l("结论"),
    "reason": _l("说明"),
    "unmet": _l("不符合的条件"),
    "finding": _l("提示"),
    "value": _l("数值"),
    "unit": _l("单位"),
    "comparator": _l("比较"),
    "document": _l("文件"),
    "article": _l("条款"),
    "mark": _l("标记"),
    "override": _l("可否偏离"),
    "approver": _l("由谁批准"),
    "grade": _l("等次"),
    "total": _l("总分"),
    "contract_performance": _l("合同履行"),
    "fund_use": _l("资金使用"),
    "social_benefit": _l("社会效益"),
    "needed": _l("需要"),
    "kind": _l("记录"),
}


CODE = re.compile(r"[a-z][a-z0-9_]*")
SHARE = "比例"  # the unit of a number between 0 and 1
IDENTIFIER = "_id"  # of a row, for the diagram
MOST_TOLD = 3  # rows of a table that gives many
NO_HEADINGS: Mapping[str, str] = {}
ALIKE = {"outcome", "result", "reason"}  # mean the same in every table
REMARKS = {"reason", "finding"}  # told after the answer itself
SOURCES = {"article", "document", "mark"}  # shown as the source, not as an answer


def label(name: str, headings: Mapping[str, str] = NO_HEADINGS) -> str:
    """What an answer is called: by us, by its table, as a variable; else its name."""
    ours = ANSWER_LABELS.get(name)
    found = (name in ALIKE and ours) or headings.get(name) or ours or LABELS.get(name)
    return str(found) if found else name


def told(output: Any, headings: Mapping[str, str] = NO_HEADINGS) -> str:
    """What a rule table answered, in words; ``headings`` are those of its columns."""
    if isinstance(output, dict) and "value" in output:  # one number of the rules, with its source beside it
        return _number(output["value"], str(output.get("unit") or ""))
    if isinstance(output, dict):
        names = sorted(
            (name for name in output if name not in SOURCES and not name.endswith(IDENTIFIER)), key=lambda name: name in REMARKS
        )
        worded = [name for name in names if output[name] not in (None, "", []) and not _is_code(output[name])]
        given = worded or [name for name in names if output[name] not in (None, "", [])]
        answers = [f"{label(name, headings)}：{answer(output[name])}" for name in given]
        return "；".join(answers) or _("没有提示")
    if isinstance(output, list):
        first = "；".join(told(item, headings) for item in output[:MOST_TOLD]) or _("没有提示")
        return first if len(output) <= MOST_TOLD else _("%(first)s……共 %(n)s 条", first=first, n=len(output))
    return _("没有提示") if output is None else answer(output)


def _number(value: Any, unit: str) -> str:
    if unit == SHARE and isinstance(value, int | float | Decimal):
        return f"{plain(Decimal(str(value)) * 100)} %"
    return f"{answer(value)} {unit}".strip()


def _is_code(value: Any) -> bool:
    """Whether it is for the diagram only: the row says the same in words beside it."""
    if isinstance(value, list):
        return bool(value) and all(map(_is_code, value))
    if isinstance(value, dict):
        return True
    return isinstance(value, str) and CODE.fullmatch(value) is not None and answer(value) == value


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
    if "initiator" in values:
        values["initiator"] = person_name(str(values["initiator"]))
    labelled = [Shown(str(words), name, values[name]) for name, words in LABELS.items() if name in values]
    others = [Shown("", name, values[name]) for name in sorted(values.keys() - LABELS.keys())]
    return labelled, others
