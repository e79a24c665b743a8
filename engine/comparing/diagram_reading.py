"""A BPMN file as things with properties: what each element does, and where it is drawn."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from engine.comparing.things import Thing
from engine.comparing.xml import attributes, canonical, local, parse, text_of

CONTAINERS = frozenset(
    {"process", "subProcess", "transaction", "adHocSubProcess", "collaboration", "laneSet", "lane", "childLaneSet"}
)
OWN_LINE = frozenset({"laneSet", "childLaneSet"})  # frames without a meaning of their own
DERIVED = frozenset({"incoming", "outgoing", "flowNodeRef", "extensionElements"})
EVENTS = {"messageEventDefinition": "message called", "signalEventDefinition": "signal called",
          "errorEventDefinition": "error called", "escalationEventDefinition": "escalation called"}  # fmt: skip
TIMES = {"timeDate": "timer date", "timeDuration": "timer duration", "timeCycle": "timer cycle"}
ATTRIBUTES = {
    "name": "name", "default": "default flow", "attachedToRef": "attached to", "cancelActivity": "interrupting",
    "isInterrupting": "interrupting", "sourceRef": "from", "targetRef": "to", "processRef": "process drawn",
    "messageRef": "message called", "errorCode": "code", "escalationCode": "code", "dataObjectRef": "refers to",
    "triggeredByEvent": "event",
}  # fmt: skip
REFERENCES = frozenset({"default", "attachedToRef", "sourceRef", "targetRef", "messageRef", "processRef", "dataObjectRef"})
EXTENSIONS = {
    ("assignmentDefinition", "assignee"): "assignee",
    ("assignmentDefinition", "candidateGroups"): "candidate groups",
    ("assignmentDefinition", "candidateUsers"): "candidate users",
    ("taskSchedule", "dueDate"): "due date",
    ("taskSchedule", "followUpDate"): "follow-up date",
    ("priorityDefinition", "priority"): "priority",
    ("formDefinition", "formId"): "form id",
    ("calledDecision", "decisionId"): "decision called",
    ("calledElement", "processId"): "process called",
    ("calledElement", "propagateAllChildVariables"): "variables passed on",
    ("taskDefinition", "type"): "operation",
    ("taskDefinition", "retries"): "retries",
    ("script", "expression"): "script",
    ("subscription", "correlationKey"): "correlation key",
    ("loopCharacteristics", "inputCollection"): "repeated for",
    ("loopCharacteristics", "inputElement"): "each called",
    ("loopCharacteristics", "outputCollection"): "results in",
    ("loopCharacteristics", "outputElement"): "result of each",
}
ANYWHERE = {"bindingType": "binding", "versionTag": "version tag", "resultVariable": "result variable"}
NAMED = {"header": ("header", "key", "value"), "input": ("input", "target", "source"),
         "output": ("output", "target", "source"), "property": ("property", "name", "value")}  # fmt: skip


def read(content: bytes) -> dict[str, Thing] | None:
    """Every element by its id, in the order of the file; None for what is no BPMN."""
    root = parse(content)
    if root is None or local(root) != "definitions":
        return None
    found: dict[str, Thing] = {}
    for node in root:
        if local(node) == "BPMNDiagram":
            continue
        _walk(node, "", found)
    _lanes(root, found)
    _layout(root, found)
    return found


def _walk(node: etree._Element, inside: str, found: dict[str, Thing]) -> None:
    kind, id_ = local(node), node.get("id", "")
    if kind not in OWN_LINE and id_:
        thing = found[id_] = _thing(node, kind, id_)
        if kind not in {"lane", "participant"}:
            thing.refer("inside", inside)
    if kind in CONTAINERS:
        for child in node:
            if child.get("id") and _is_element(child):
                _walk(child, inside if kind in OWN_LINE else id_, found)


def _is_element(node: etree._Element) -> bool:
    """Part of the drawing, not a detail of the element it stands in."""
    kind = local(node)
    return kind not in DERIVED and not kind.endswith(("EventDefinition", "Characteristics", "Expression", "Specification"))


def _thing(node: etree._Element, kind: str, id_: str) -> Thing:
    thing = Thing(id_, kind, node.get("name", ""))
    for name, value in attributes(node).items():
        _attribute(thing, name, value)
    for child in node:
        _child(thing, child)
    return thing


def _attribute(thing: Thing, name: str, value: str) -> None:
    if name == "id":
        return
    word = ATTRIBUTES.get(name)
    if name in REFERENCES and word:
        thing.refer(word, value)
    else:
        thing.put(word or "other", value, "" if word else name)


def _child(thing: Thing, node: etree._Element) -> None:
    kind = local(node)
    if kind == "extensionElements":
        for extension in node:
            _extension(thing, extension)
    elif kind in {"documentation", "text"}:
        thing.put("documentation" if kind == "documentation" else "text", text_of(node))
    elif kind == "conditionExpression":
        thing.put("condition", text_of(node))
    elif kind.endswith("EventDefinition"):
        _event(thing, node)
    elif kind.endswith("LoopCharacteristics"):
        _loop(thing, node)
    elif kind not in DERIVED and not (thing.kind in CONTAINERS and (kind in OWN_LINE or (node.get("id") and _is_element(node)))):
        thing.put("other", canonical(node), kind)


def _event(thing: Thing, node: etree._Element) -> None:
    kind = local(node)
    thing.put("event", kind.removesuffix("EventDefinition"))
    if kind in EVENTS:
        thing.refer(EVENTS[kind], node.get(f"{kind.removesuffix('EventDefinition')}Ref"))
    if kind == "linkEventDefinition":
        thing.put("link", node.get("name"))
    for child in node:
        name = local(child)
        if name in TIMES:
            thing.put(TIMES[name], text_of(child))
        elif name == "condition":
            thing.put("condition", text_of(child))
        elif name == "extensionElements":
            for extension in child:
                _extension(thing, extension)
        else:
            thing.put("other", canonical(child), name)
    known = {"id", "name", *(f"{event.removesuffix('EventDefinition')}Ref" for event in EVENTS)}
    for name, value in attributes(node).items():
        if name not in known:
            thing.put("other", value, name)


def _loop(thing: Thing, node: etree._Element) -> None:
    kind = local(node)
    thing.put("other" if kind != "multiInstanceLoopCharacteristics" else "one after the other",
              kind if kind != "multiInstanceLoopCharacteristics" else node.get("isSequential", "false"),
              "loop" if kind != "multiInstanceLoopCharacteristics" else "")  # fmt: skip
    for child in node:
        name = local(child)
        if name == "extensionElements":
            for extension in child:
                _extension(thing, extension)
        elif name == "completionCondition":
            thing.put("ends early when", text_of(child))
        else:
            thing.put("other", canonical(child), name)
    for name, value in attributes(node).items():
        if name not in {"id", "isSequential"}:
            thing.put("other", value, name)


def _extension(thing: Thing, node: etree._Element) -> None:
    kind = local(node)
    if kind in NAMED:
        word, key, value = NAMED[kind]
        thing.put(word, node.get(value, ""), node.get(key, ""))
        for name, more in sorted(attributes(node).items()):
            if name not in {key, value}:
                thing.put("other", more, f"{kind}.{name}")
        return
    _extension_attributes(thing, node, kind)
    if not node.attrib and not len(node):
        thing.put("other", None if kind == "userTask" else text_of(node) or "true", kind)
    for child in node:
        _extension(thing, child)


def _extension_attributes(thing: Thing, node: etree._Element, kind: str) -> None:
    for name, said in attributes(node).items():
        word = EXTENSIONS.get((kind, name)) or ANYWHERE.get(name)
        thing.put(word or "other", said, "" if word else f"{kind}.{name}")


def _lanes(root: etree._Element, found: dict[str, Thing]) -> None:
    """Which lane an element lies in, the innermost one."""
    for lane in root.iter("{*}lane"):
        for reference in lane.iterchildren("{*}flowNodeRef"):
            thing = found.get(text_of(reference) or "")
            if thing is not None:
                thing.properties.pop(("lane", ""), None)
                thing.refer("lane", lane.get("id"))


def _layout(root: etree._Element, found: dict[str, Thing]) -> None:
    for drawn in root.iter("{*}BPMNShape", "{*}BPMNEdge"):
        thing = found.get(drawn.get("bpmnElement", ""))
        if thing is not None:
            thing.layout = " ".join(filter(None, (thing.layout, *_places(drawn))))


def _places(drawn: etree._Element) -> Iterator[str]:
    for name, value in sorted(attributes(drawn).items()):
        if name not in {"id", "bpmnElement"}:
            yield f"{name}={value}"
    for node in drawn.iter("{*}Bounds", "{*}waypoint"):
        values = ",".join(_rounded(node.get(name)) for name in ("x", "y", "width", "height") if node.get(name) is not None)
        yield f"({values})"


def _rounded(value: str | None) -> str:
    """Editors write 100, 100.0 and 99.99999 for the same place."""
    try:
        return f"{float(value or 0):.1f}".removesuffix(".0")
    except ValueError:
        return value or ""
