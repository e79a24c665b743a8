"""Every attribute the standard gives an element that runs: which values are accepted, and what they do."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from lxml import etree

from tests.support.constructs.standard import HOSTS, XSD, problems, schemas
from tests.unit.spiff.diagrams import BPMN

READERS = "只供人看"
# what an accepted attribute does; an accepted one that is not here fails a test
MEANING = {
    "id": "编号",
    "name": "名称；消息、信号、连接按它对上",
    "sourceRef": "线从哪里来",
    "targetRef": "线到哪里去",
    "default": "默认线",
    "attachedToRef": "附在哪个活动上",
    "messageRef": "哪个消息",
    "signalRef": "哪个信号",
    "errorRef": "哪个错误",
    "escalationRef": "哪个升级",
    "errorCode": "错误代码",
    "escalationCode": "升级代码",
    "activityRef": "只撤销哪个活动",
    "isExecutable": "执行，或只供人看",
    "isInterrupting": "事件子流程中断或不中断",
    "cancelActivity": "边界事件中断或不中断",
    "triggeredByEvent": "事件子流程",
    "isForCompensation": "补偿处理",
    "isSequential": "逐个或同时",
    "cancelRemainingInstances": "完成条件成立时其余的结束或办完",
    "waitForCompletion": "总是等撤销完",
    "isImmediate": "可执行流程本来如此",
    "instantiate": "不由它开始流程",
    "parallelMultiple": "只有一个定义",
    "startQuantity": "每个令牌办一次",
    "completionQuantity": "办完出一个令牌",
    "testBefore": "先问再办",
    "loopMaximum": "最多办几次",
    "behavior": "全部办完才算完",
    "eventGatewayType": "先来的一个",
    "ordering": "同时办",
    "method": "取消时补偿",
    "language": "FEEL",
    "implementation": "只供人看；办什么由扩展写",
    "gatewayDirection": READERS,
    "isClosed": READERS,
    "processType": READERS,
    "targetNamespace": READERS,
    "expressionLanguage": "读不到；表达式一律是等号后的 FEEL",
    "typeLanguage": READERS,
    "exporter": READERS,
    "exporterVersion": READERS,
}
ANY = "任意"
VALUES = {"boolean": ("true", "false"), "integer": ("1", "2")}


@dataclass(frozen=True)
class Attribute:
    """One attribute of one element: the values that are accepted and those that are refused."""

    element: str
    name: str
    accepted: tuple[str, ...]
    refused: tuple[str, ...]


@cache
def attributes() -> tuple[Attribute, ...]:
    """Of every element of the hosts that is not only drawn for readers."""
    return tuple(found for element in _running() for found in _of(element))


def _running() -> list[str]:
    """An element runs when an attribute nobody knows is refused on it."""
    names = sorted({etree.QName(node).localname for node in etree.fromstring(HOSTS).iter(f"{{{BPMN}}}*")})
    return [name for name in names if not _is_accepted(name, "unheard", "x")]


def _of(element: str) -> Iterator[Attribute]:
    for name, values in sorted(_declared(element).items()):
        accepted = tuple(value for value in values if _is_accepted(element, name, value))
        yield Attribute(element, name, accepted, tuple(value for value in values if value not in accepted))


def _is_accepted(element: str, name: str, value: str) -> bool:
    """Whether nothing is said against it; what stands there already is a value that is accepted."""
    root = etree.fromstring(HOSTS)
    node = next(root.iter(f"{{{BPMN}}}{element}"))
    if name in node.attrib and value == ANY:
        return True
    node.set(name, value)
    complaints = problems(etree.tostring(root))
    return not any(
        name in {problem.params.get("attribute"), problem.params.get("what")} or name in problem.template
        for problem in complaints
    )


@cache
def _declared(element: str) -> dict[str, tuple[str, ...]]:
    """The attributes of an element with values to try: those of an enumeration, else of the type, else any text."""
    found: dict[str, tuple[str, ...]] = {}
    pending = list(_types(element))
    while pending:
        node = _named("complexType").get(pending.pop())
        if node is None:
            continue
        for attribute in node.iter(f"{XSD}attribute"):
            if attribute.get("name"):
                found[str(attribute.get("name"))] = _values(str(attribute.get("type")).rpartition(":")[2])
        pending += [str(extension.get("base")).rpartition(":")[2] for extension in node.iter(f"{XSD}extension")]
    return found


def _types(element: str) -> list[str]:
    declared = (node.get("type") for root in schemas() for node in root.iter(f"{XSD}element") if node.get("name") == element)
    return [str(name).rpartition(":")[2] for name in declared if name]


def _values(kind: str) -> tuple[str, ...]:
    simple = _named("simpleType").get(kind)
    listed = [] if simple is None else [str(value.get("value")) for value in simple.iter(f"{XSD}enumeration")]
    return tuple(listed) or VALUES.get(kind, (ANY,))


@cache
def _named(tag: str) -> dict[str, etree._Element]:
    return {str(node.get("name")): node for root in schemas() for node in root.iter(f"{XSD}{tag}") if node.get("name")}
