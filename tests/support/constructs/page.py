"""docs/reference/bpmn-coverage.md."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from tests.support.constructs import Construct
from tests.support.constructs.attributes import MEANING, attributes
from tests.support.constructs.events import DEFINITIONS, GROUP, PLACES
from tests.support.constructs.table import STANDARD, constructs, sentences
from web.reference.markdown import table

FILE = Path(__file__).parents[3] / "docs" / "reference" / "bpmn-coverage.md"
YES, NO = "可用", "拒绝"
OPENING = """# BPMN 2.0 图元一览

<!-- 由 python -m tests.support.constructs 从测试生成，请勿手改；测试核对它是否最新。 -->

每个图元、事件的每个位置只有两种情况：**可用**——有一个测试照图执行它，并且在每两步之间存下、取出再执行一遍；**拒绝**——有一个测试核对
部署时说的那句话。没有第三种：标准（OMG 的 XSD）里的每个元素名都会被写进图里的每一处，能被接受而这里没有写明的，测试不通过。

能画的怎样画、怎样执行，见[流程图里能画什么](bpmn.md)。图在 `tests/support/constructs/`，测试是 `tests/unit/spiff/test_constructs.py`。
现在有 {count} 行，{working} 行可用。句子里的 `it` 是例图里图元的编号。
"""
TITLES = {
    "task": "任务",
    "sub-process": "子流程和被调用的流程",
    "repetition": "循环和多实例",
    "people": "谁来办",
    "gateway": "网关",
    "flow": "顺序流",
    "data": "数据",
    "readers": "池、泳道、注释、对话",
    "file": "文件里的其他东西",
}
KINDS = {
    "none": "不带触发",
    "message": "消息",
    "timer, date": "定时：日期",
    "timer, duration": "定时：时长",
    "timer, cycle": "定时：周期",
    "signal": "信号",
    "error": "错误",
    "escalation": "升级",
    "conditional": "条件",
    "link": "连接",
    "terminate": "终止",
    "compensation": "补偿",
    "cancel": "取消",
    "multiple": "多个",
    "parallel multiple": "并行多个",
}
COLUMNS = dict(
    zip(
        PLACES,
        (
            "流程开始",
            "子流程开始",
            "事件子流程（中断）",
            "事件子流程（不中断）",
            "中间捕获",
            "中间抛出",
            "边界（中断）",
            "边界（不中断）",
            "结束",
        ),
        strict=True,
    )
)


def page() -> str:
    found = constructs()
    opening = OPENING.format(count=len(found), working=sum(one.works for one in found))
    parts = [opening, *_events(found), *(_group(found, group) for group in TITLES), *_attributes(), _standard(found)]
    return "\n".join(parts) + "\n"


def _events(found: tuple[Construct, ...]) -> Iterator[str]:
    own = {(one.name, one.place): one for one in found if one.group == GROUP}
    rows = [(KINDS[kind], *("✓" if own[kind, place].works else "✗" for place in PLACES)) for kind in DEFINITIONS]
    yield "## 事件\n\n✓ 可用，✗ 拒绝。\n\n" + table(("", *COLUMNS.values()), rows) + "\n"
    yield "被拒绝的格子，部署时说：\n"
    said: dict[str, list[str]] = {}
    for (kind, place), one in own.items():
        if not one.works:
            said.setdefault("；".join(sentences(one)), []).append(f"{KINDS[kind]}·{COLUMNS[place]}")
    yield table(("部署时的话", "在"), [(sentence, "、".join(cells)) for sentence, cells in said.items()]) + "\n"


def _group(found: tuple[Construct, ...], group: str) -> str:
    rows = [
        (one.name, YES if one.works else NO, one.told if one.works else "；".join(sentences(one)))
        for one in found
        if one.group == group
    ]
    return f"## {TITLES[group]}\n\n" + table(("图元", "", "说明，或部署时的话"), rows) + "\n"


def _attributes() -> Iterator[str]:
    """By name and values, so that what is alike on many elements stands once."""
    accepted: dict[tuple[str, str], list[str]] = {}
    refused: dict[tuple[str, str], list[str]] = {}
    for one in attributes():
        for values, rows in ((one.accepted, accepted), (one.refused, refused)):
            if values:
                rows.setdefault((one.name, " ".join(values)), []).append(f"`{one.element}`")
    yield "## 属性\n\n标准给会执行的图元的每个属性，逐个值试过。只供人看的图元（泳道、注释、数据等）的属性都不影响执行。\n"
    known = [(f"`{name}`", values, MEANING.get(name, "？"), " ".join(on)) for (name, values), on in sorted(accepted.items())]
    yield table(("属性", "接受的值", "作用", "在"), known) + "\n"
    yield (
        table(("属性", "拒绝的值", "在"), [(f"`{name}`", values, " ".join(on)) for (name, values), on in sorted(refused.items())])
        + "\n"
    )


def _standard(found: tuple[Construct, ...]) -> str:
    said: dict[str, list[str]] = {}
    for one in found:
        if one.group == STANDARD:
            said.setdefault("；".join(sentences(one)).replace(one.name, "……"), []).append(f"`{one.name}`")
    rows = [(sentence, " ".join(cells)) for sentence, cells in said.items()]
    opening = "标准的 XSD 里还有下面这些元素名（包括抽象的）。写在流程里，一律拒绝：\n\n"
    return "## 标准里的其余元素名\n\n" + opening + table(("部署时的话", "元素"), rows)
