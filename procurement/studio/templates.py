"""Element templates for the diagram editor: one per operation, one for an outside worker, one per table of parameters.

In the format of the Zeebe element templates (JSON schema ``@camunda/zeebe-element-templates-json-schema``), so that they work
in Camunda Modeler too. Applying one writes ``zeebe:modelerTemplate`` on the task; what runs is the mappings it fills in.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from procurement.operations.described import DESCRIBED, Described, Field
from procurement.operations.reference import TYPES

SCHEMA = "https://unpkg.com/@camunda/zeebe-element-templates-json-schema/resources/schema.json"
VERSION = 1
GROUPS = [{"id": "input", "label": "输入"}, {"id": "output", "label": "输出（一个都不写时全部进入流程）"}]
TYPE_BINDING = {"type": "zeebe:taskDefinition", "property": "type"}
Template = dict[str, Any]
Choice = tuple[str, str]  # what is stored, what is shown


def templates(tables: Mapping[str, Sequence[Choice]] | None = None) -> list[Template]:
    """All templates. ``tables``: decision id (office_rules, …) → its parameters as (id, text)."""
    operations = [_operation(one) for one in DESCRIBED.values()]
    return [*operations, _outside_worker(), *(_parameter(decision, rows) for decision, rows in (tables or {}).items())]


def _template(name: str, text: str, key: str, element: str, properties: Iterable[dict[str, Any]]) -> Template:
    return {
        "$schema": SCHEMA,
        "name": name,
        "id": f"bixuan.{key}",
        "version": VERSION,
        "description": text,
        "category": {"id": key.partition(".")[0], "name": CATEGORIES.get(key.partition(".")[0], "其他")},
        "appliesTo": ["bpmn:Task", element],
        "elementType": {"value": element},
        "groups": GROUPS,
        "properties": list(properties),
    }


def _operation(one: Described) -> Template:
    text = "".join((one.text, f"依据：{one.article}。" if one.article else ""))
    hidden = {"type": "Hidden", "value": one.operation, "binding": TYPE_BINDING}
    inputs = [_input(field) for field in one.inputs if not field.seldom]
    outputs = [_output(field) for field in one.outputs]
    return _template(one.label, text, one.operation, "bpmn:ServiceTask", [hidden, *inputs, *outputs])


def _input(field: Field) -> dict[str, Any]:
    made: dict[str, Any] = {
        "label": f"{field.name}（{TYPES[field.type]}）",
        "description": _described(field),
        "group": "input",
        "binding": {"type": "zeebe:input", "name": field.name},
    }
    if field.choices:  # stored as plain text, as every diagram here writes it
        empty = [] if field.required else [{"name": "（不写）", "value": ""}]
        made |= {"type": "Dropdown", "choices": empty + [{"name": value, "value": value} for value in field.choices]}
    else:
        made |= {"type": "String", "feel": "required"}
    return made | ({"constraints": {"notEmpty": True}} if field.required else {"optional": True})


def _output(field: Field) -> dict[str, Any]:
    """The field holds the variable's name; empty, the output is not mapped."""
    return {
        "label": f"{field.name}（{TYPES[field.type]}）→ 变量",
        "description": _described(field),
        "group": "output",
        "type": "String",
        "optional": True,
        "binding": {"type": "zeebe:output", "source": f"={field.name}"},
    }


def _described(field: Field) -> str:
    inside = "、".join(f"{inner.name} {inner.text}" for inner in field.fields)
    return f"{field.text}（{inside}）" if inside else field.text


def _outside_worker() -> Template:
    properties = [
        {
            "label": "任务类型",
            "description": "外部执行程序按它领取任务，如 seal.print",
            "type": "String",
            "binding": TYPE_BINDING,
            "constraints": {"notEmpty": True},
        },
        {
            "label": "重试次数",
            "description": "都失败后成为事件",
            "type": "String",
            "value": "3",
            "binding": {"type": "zeebe:taskDefinition", "property": "retries"},
        },
    ]
    text = "由本系统之外的程序完成：它领取任务，做完交回变量（docs/how-to/outside-workers.md）。"
    return _template("外部执行程序", text, "worker.outside", "bpmn:ServiceTask", properties)


def _parameter(decision: str, rows: Sequence[Choice]) -> Template:
    properties: list[dict[str, Any]] = [
        {"type": "Hidden", "value": decision, "binding": {"type": "zeebe:calledDecision", "property": "decisionId"}},
        {
            "label": "哪一个参数",
            "group": "input",
            "type": "Dropdown",
            "choices": [{"name": f"{text}（{key}）" if text else key, "value": key} for key, text in rows],
            "binding": {"type": "zeebe:input", "name": "rule_id"},
            "constraints": {"notEmpty": True},
        },
        {
            "label": "按哪一天",
            "group": "input",
            "type": "String",
            "feel": "required",
            "value": "=string(today())",
            "binding": {"type": "zeebe:input", "name": "on"},
        },
        {
            "label": "结果放进变量",
            "description": "之后用 变量名.value；还有 unit、document、article、override、approver",
            "group": "output",
            "type": "String",
            "value": "rule",
            "binding": {"type": "zeebe:calledDecision", "property": "resultVariable"},
            "constraints": {"notEmpty": True},
        },
    ]
    text = f"从参数表 {decision} 读一个数：它随街道或法规变化，所以不写在图里。"
    return _template(f"读参数：{decision}", text, f"rule.{decision}", "bpmn:BusinessRuleTask", properties)


CATEGORIES = {
    "catalogue": "目录",
    "rule": "参数",
    "committee": "党工委会议",
    "organisation": "社会组织",
    "agency": "第三方支持机构",
    "account": "账号",
    "credit": "信用",
    "budget": "预算",
    "contract": "合同",
    "payment": "付款",
    "purchase": "采购项目",
    "notice": "公告",
    "award": "中选",
    "objection": "异议",
    "appeal": "投诉",
    "publicity": "公示期",
    "comparison": "比选",
    "sealing": "密封",
    "opening": "开启",
    "evidence": "证明材料",
    "registration": "入驻登记",
    "score_sheet": "评分表",
    "price_review": "异常低价审查",
    "flags": "红旗",
    "discretion": "裁量",
    "ledger": "台账",
    "sample": "抽样",
    "paper": "文书",
    "supplement": "补正",
    "message": "消息",
    "monitoring": "监测",
    "demand": "需求",
    "draw": "抽取专家",
    "panel": "评审小组",
    "archive": "卷宗",
    "application": "报名",
    "bid": "参选文件",
    "experts": "专家",
    "scores": "评审",
    "worker": "外部",
    "matter": "监督事项",
    "survey": "满意度调查",
    "thread": "办事线索",
    "release": "规则发布",
}
