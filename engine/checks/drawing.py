"""What can be said of one file from its drawing alone, also while the engine would still refuse it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial

from lxml import etree

from engine.checks import catalogue
from engine.checks.finding import Finding, Rule
from engine.checks.reading import Read
from engine.checks.world import World

BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
ZEEBE = "{http://camunda.org/schema/zeebe/1.0}"
DI = "{http://www.omg.org/spec/BPMN/20100524/DI}"
BOUNDS = "{http://www.omg.org/spec/DD/20100524/DC}Bounds"
TASKS = (
    "userTask",
    "serviceTask",
    "businessRuleTask",
    "scriptTask",
    "sendTask",
    "receiveTask",
    "callActivity",
    "task",
    "manualTask",
)
EVENTS = ("startEvent", "endEvent", "boundaryEvent", "intermediateCatchEvent", "intermediateThrowEvent")
GATEWAYS = ("exclusiveGateway", "parallelGateway", "inclusiveGateway", "eventBasedGateway")
SUBS = ("subProcess", "transaction", "adHocSubProcess")
NODES = (*TASKS, *EVENTS, *GATEWAYS, *SUBS)
SNAKE = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")

NO_LABEL = "The element {element} has no label."
NO_ANSWER = "The flow {element} out of a gateway with several ways has no label that says which answer it is."
BAD_ID = "The id {element} is not made of small letters, digits and underscores."
OTHER_NAME = "The process has the id {element}, but its file is {file}: both should be named alike."
NOT_DRAWN = "The element {element} has no place in the picture."
COVERED = "{element} and {other} cover each other."


def findings(world: World) -> Iterator[Finding]:
    for path, read in world.reads.items():
        if path.endswith(".bpmn") and read.root is not None:
            yield from world.library.once("drawing", path, read.sha256, partial(_whole, read))


def nodes(root: etree._Element, *tags: str) -> Iterator[etree._Element]:
    """Elements of these kinds that have an id."""
    for node in root.iter(*(BPMN + tag for tag in tags)):
        if node.get("id"):
            yield node


def _whole(read: Read) -> tuple[Finding, ...]:
    return tuple(_of_diagram(read))


def _of_diagram(read: Read) -> Iterator[Finding]:
    assert read.root is not None
    yield from _labels(read, read.root)
    yield from _ids(read, read.root)
    if read.root.find(f".//{DI}BPMNPlane") is not None:
        yield from _places(read, read.root)


def line_of(node: etree._Element) -> int:
    line = node.sourceline
    return line if isinstance(line, int) else 0


def _found(rule: Rule, read: Read, node: etree._Element, template: str, **more: str) -> Finding:
    id_ = str(node.get("id"))
    facts = {"element": node.get("name") or id_} | more
    return Finding(rule.code, rule.severity, read.path, line_of(node), id_, template, facts)


def _labels(read: Read, root: etree._Element) -> Iterator[Finding]:
    flows: dict[str, list[etree._Element]] = {}
    for flow in nodes(root, "sequenceFlow"):
        flows.setdefault(str(flow.get("sourceRef")), []).append(flow)
    for node in nodes(root, *TASKS, *EVENTS):
        if not (node.get("name") or "").strip():
            yield _found(catalogue.NO_LABEL, read, node, NO_LABEL)
    for node in nodes(root, "exclusiveGateway", "inclusiveGateway"):
        out = flows.get(str(node.get("id")), [])
        if len(out) > 1 and not (node.get("name") or "").strip():
            yield _found(catalogue.NO_LABEL, read, node, NO_LABEL)
        for flow in out if len(out) > 1 else []:
            if not (flow.get("name") or "").strip():
                yield _found(catalogue.NO_LABEL, read, flow, NO_ANSWER)


def _ids(read: Read, root: etree._Element) -> Iterator[Finding]:
    for node in nodes(root, "process", *NODES):
        if not SNAKE.fullmatch(str(node.get("id"))):
            yield _found(catalogue.ID_CONVENTION, read, node, BAD_ID, element=str(node.get("id")))
    drawn = list(nodes(root, "process"))
    stem = read.path.rpartition("/")[2].removesuffix(".bpmn")
    if len(drawn) == 1 and drawn[0].get("id") != stem:
        yield _found(catalogue.ID_CONVENTION, read, drawn[0], OTHER_NAME, element=str(drawn[0].get("id")), file=stem)


def _places(read: Read, root: etree._Element) -> Iterator[Finding]:
    shown = {node.get("bpmnElement") for node in root.iter(f"{DI}BPMNShape", f"{DI}BPMNEdge")}
    for node in nodes(root, *NODES, "sequenceFlow", "lane", "participant"):
        if node.get("id") not in shown:
            yield _found(catalogue.NOT_DRAWN, read, node, NOT_DRAWN)
    kinds = {node.get("id"): node for node in nodes(root, *TASKS, *GATEWAYS, *EVENTS) if node.tag != BPMN + "boundaryEvent"}
    boxes: list[tuple[etree._Element, float, float, float, float]] = []
    for shape in root.iter(f"{DI}BPMNShape"):
        drawn, bounds = kinds.get(shape.get("bpmnElement")), shape.find(BOUNDS)
        if drawn is None or bounds is None:
            continue
        x, y, width, height = (float(bounds.get(name) or 0) for name in ("x", "y", "width", "height"))
        for other, left, top, right, bottom in boxes:
            if x < right and left < x + width and y < bottom and top < y + height:
                yield _found(catalogue.COVERED, read, drawn, COVERED, other=str(other.get("name") or other.get("id")))
        boxes.append((drawn, x, y, x + width, y + height))
