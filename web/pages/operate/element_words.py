"""What the kinds of elements are called on a page, and which of them a case may be put at."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from engine.spiff import ProcessModel

TYPES = {
    "userTask": _l("人工任务"),
    "serviceTask": _l("系统操作"),
    "sendTask": _l("发送"),
    "receiveTask": _l("等待消息"),
    "businessRuleTask": _l("规则表"),
    "scriptTask": _l("计算"),
    "manualTask": _l("线下工作"),
    "task": _l("步骤"),
    "callActivity": _l("被调用的流程"),
    "subProcess": _l("子流程"),
    "adHocSubProcess": _l("自选子流程"),
    "transaction": _l("整体成败的子流程"),
    "exclusiveGateway": _l("判断"),
    "inclusiveGateway": _l("多选"),
    "parallelGateway": _l("并行"),
    "eventBasedGateway": _l("等最先发生的"),
    "intermediateCatchEvent": _l("等待"),
    "intermediateThrowEvent": _l("通知"),
    "boundaryEvent": _l("附着的事件"),
    "startEvent": _l("开始"),
    "endEvent": _l("结束"),
    "multiInstanceBody": _l("逐一办理的全体"),
}
NOT_BEGUN = {"startEvent", "boundaryEvent"}  # they happen by themselves; the engine says so to whoever tries


def type_name(element_type: str) -> str:
    return str(TYPES.get(element_type, element_type))


def targets(model: ProcessModel) -> list[tuple[str, str]]:
    """Id and words of every element something can be moved to, in the order of the diagram's file."""
    return [
        (one.id, f"{one.name or one.id}（{type_name(one.type)}）")
        for one in model.elements.values()
        if one.type not in NOT_BEGUN and one.id in model.entries
    ]


def following(model: ProcessModel, element_id: str) -> list[str]:
    """Names of what the flows out of an element lead to."""
    found = [flow.target for flow in model.flows.values() if flow.source == element_id]
    return [model.elements[one].name or one for one in found if one in model.elements]
