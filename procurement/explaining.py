"""A deployed process told to everybody: its steps, who acts, by when, on what ground. Read from the diagram, never written beside it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from lxml import etree

BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
ZEEBE = "{http://camunda.org/schema/zeebe/1.0}"
TOLD = (
    "userTask", "manualTask", "receiveTask", "callActivity", "businessRuleTask", "serviceTask", "sendTask",
    "intermediateCatchEvent",
)  # fmt: skip
_SYSTEMS = re.compile(r"\s*(?:\[[A-Z]\d\d\])+")
_COUNTED = "working days after("
_SPAN = re.compile(r'duration\("P" \+ string\((\w+)\.value\) \+ "([DM])"\)')
_FIXED = re.compile(r'^=?(?:duration\()?"?P(\d+)([DWM])"?\)?$')
_SPANS = {"D": "{} 日", "W": "{} 周", "M": "{} 个月"}


def as_note(documentation: str) -> str:
    """A documentation as people read it: without the numbers of systems, which are for docs/reference/systems.md."""
    return _SYSTEMS.sub("", documentation).strip()


@dataclass(frozen=True)
class Step:
    """``kind`` is the BPMN element; ``deadline`` is empty when the diagram names none; ``called`` and ``form`` are ids."""

    id: str
    kind: str
    name: str
    who: str
    note: str
    deadline: str
    called: str
    form: str


@dataclass(frozen=True)
class Explained:
    name: str
    note: str
    steps: tuple[Step, ...]


def explained(content: bytes, process_id: str, numbers: Mapping[str, str]) -> Explained:
    """``content`` is a deployed file; ``numbers``: parameter → what it is today in words, such as ``3 工作日``."""
    root = etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False))
    process = next(node for node in root.iter(f"{BPMN}process") if node.get("id") == process_id)
    lanes = {
        (reference.text or "").strip(): lane.get("name", "")
        for lane in process.iter(f"{BPMN}lane")
        for reference in lane.iterfind(f"{BPMN}flowNodeRef")
    }
    known = {name: numbers[rule] for name, rule in _read_rules(process) if rule in numbers}
    told = process.iter(*(f"{BPMN}{kind}" for kind in TOLD))
    steps = tuple(_step(node, lanes, known) for node in told)
    return Explained(process.get("name") or process_id, _note(process), steps)


def _step(node: etree._Element, lanes: Mapping[str, str], known: Mapping[str, str]) -> Step:
    called = node.find(f".//{ZEEBE}calledElement")
    form = node.find(f".//{ZEEBE}formDefinition")
    return Step(
        id=node.get("id", ""),
        kind=etree.QName(node).localname,
        name=node.get("name") or node.get("id") or "",
        who=next((lanes[key] for key in _containers(node) if key in lanes), ""),
        note=_note(node),
        deadline=_deadline(node, known),
        called=_constant(called, "processId"),
        form=_constant(form, "formId"),
    )


def _containers(node: etree._Element) -> Iterator[str]:
    yield node.get("id", "")
    yield from (parent.get("id", "") for parent in node.iterancestors())


def _note(node: etree._Element) -> str:
    return as_note(" ".join((node.findtext(f"{BPMN}documentation") or "").split()))


def _constant(node: etree._Element | None, name: str) -> str:
    """An id written as such; empty when it is found out while running."""
    value = node.get(name, "") if node is not None else ""
    return "" if value.startswith("=") else value


def _read_rules(process: etree._Element) -> Iterator[tuple[str, str]]:
    """(variable, parameter) for every business rule task that reads one parameter."""
    for task in process.iter(f"{BPMN}businessRuleTask"):
        inputs = {one.get("target"): one.get("source", "") for one in task.iter(f"{ZEEBE}input")}
        rule = inputs.get("rule_id", "")
        decision = task.find(f".//{ZEEBE}calledDecision")
        variables = {one.get("target", "") for one in task.iter(f"{ZEEBE}output")}
        variables.add(decision.get("resultVariable", "") if decision is not None else "")
        yield from ((name, rule.removeprefix("=").strip('"')) for name in variables if name)


def _deadline(node: etree._Element, known: Mapping[str, str]) -> str:
    schedule = node.find(f".//{ZEEBE}taskSchedule")
    expression = schedule.get("dueDate", "") if schedule is not None else ""
    if not expression and node.tag == f"{BPMN}intermediateCatchEvent":
        timer = node.find(f"{BPMN}timerEventDefinition")
        expression = "".join(map(str, timer.itertext())).strip() if timer is not None else ""
    return in_words(expression, known) if expression else ""


def in_words(expression: str, known: Mapping[str, str]) -> str:
    """How long, when the expression counts days; otherwise that the day stands in the case."""
    count = _working_days(expression)
    if count:
        return f"{count} 个工作日" if count.isdigit() else _told(known.get(count.removesuffix(".value"), ""))
    if found := _SPAN.search(expression):
        return _told(known.get(found[1], ""))
    if found := _FIXED.match(expression):
        return _SPANS[found[2]].format(found[1])
    return "到案件写明的日期"


def _working_days(expression: str) -> str:
    """The second argument of ``working days after(…, …)``; empty when there is no such call."""
    _, call, rest = expression.partition(_COUNTED)
    depth, start = 0, 0
    for at, character in enumerate(rest if call else ""):
        if character == "," and depth == 0:
            start = at + 1
        elif character == ")" and depth == 0:
            return rest[start:at].strip()
        depth += {"(": 1, ")": -1}.get(character, 0)
    return ""


def _told(number: str) -> str:
    return f"{number}（参数，今天的数）" if number else "按参数"
