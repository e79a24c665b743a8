"""Small diagrams for tests: elements as XML, flows as arrows."""

from __future__ import annotations

import itertools
import re

from lxml import etree

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
HEAD = (
    f'<definitions xmlns="{BPMN}" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" targetNamespace="test" id="definitions">'
)
SHORT = {
    "start": '<startEvent id="{id}"/>',
    "end": '<endEvent id="{id}"/>',
    "user": '<userTask id="{id}"><extensionElements><zeebe:userTask/>'
    '<zeebe:formDefinition formId="{id}"/><zeebe:assignmentDefinition candidateGroups="office"/></extensionElements></userTask>',
    "xor": '<exclusiveGateway id="{id}"/>',
    "or": '<inclusiveGateway id="{id}"/>',
    "and": '<parallelGateway id="{id}"/>',
    "pass": '<task id="{id}"/>',
}


def diagram(flows: str, elements: str = "", *, process_id: str = "p", roots: str = "") -> bytes:
    """``flows``: lines like ``s -> a -> g``, ``g -> b : =x > 1``, ``g -> c : default``.

    Names that are not among ``elements`` become short ones by their first letters: s… start, e… end, u… user task, x… exclusive,
    o… inclusive, p… parallel gateway, t… plain task. A flow stands in the scope of its source.
    """
    root = etree.fromstring(f'{HEAD}<process id="{process_id}" isExecutable="true">{elements}</process>{roots}</definitions>')
    process = root.find(f"{{{BPMN}}}process")
    for line in filter(None, map(str.strip, flows.splitlines())):
        path, _, mark = line.partition(" : ")
        names = [name.strip() for name in path.split("->")]
        for source, target in itertools.pairwise(names):
            _flow(root, process, source, target, mark)
    return etree.tostring(root, pretty_print=True)


def _flow(root: etree._Element, process: etree._Element, source: str, target: str, mark: str) -> None:
    start = _element(root, process, source)
    scope = start.getparent()
    _element(root, scope, target)
    flow = etree.SubElement(scope, f"{{{BPMN}}}sequenceFlow", id=f"{source}_{target}", sourceRef=source, targetRef=target)
    if mark == "default":
        start.set("default", flow.get("id"))
    elif mark:
        condition = etree.SubElement(flow, f"{{{BPMN}}}conditionExpression")
        condition.set("{http://www.w3.org/2001/XMLSchema-instance}type", "tFormalExpression")
        condition.text = mark


def _element(root: etree._Element, scope: etree._Element, name: str) -> etree._Element:
    found = root.find(f".//*[@id='{name}']")
    if found is not None:
        return found
    kinds = {"s": "start", "e": "end", "u": "user", "x": "xor", "o": "or", "p": "and", "t": "pass"}
    kind = kinds[re.match(r"[a-z]", name)[0]]
    new = etree.fromstring(HEAD + SHORT[kind].format(id=name) + "</definitions>")[0]
    scope.append(new)
    return new


def user(name: str, *, inside: str = "", extensions: str = "", people: str = 'candidateGroups="office"') -> str:
    return (
        f'<userTask id="{name}"><extensionElements><zeebe:userTask/><zeebe:formDefinition formId="{name}"/>'
        f"<zeebe:assignmentDefinition {people}/>{extensions}</extensionElements>{inside}</userTask>"
    )


def service(name: str, job_type: str, extensions: str = "") -> str:
    return f'<serviceTask id="{name}">{ext(f"""<zeebe:taskDefinition type="{job_type}"/>""" + extensions)}</serviceTask>'


def script(name: str, expression: str, result: str, extensions: str = "") -> str:
    inner = f"""<zeebe:script expression="={expression}" resultVariable="{result}"/>"""
    return f'<scriptTask id="{name}">{ext(inner + extensions)}</scriptTask>'


def ext(inner: str) -> str:
    return f"<extensionElements>{inner}</extensionElements>"


def mapping(*pairs: str) -> str:
    """``in: target = source`` or ``out: target = source``; the source is written as in the diagram."""
    entries = ""
    for pair in pairs:
        direction, rest = pair.split(":", 1)
        target, source = rest.split("<-", 1)
        tag = {"in": "input", "out": "output"}[direction.strip()]
        entries += f'<zeebe:{tag} source="{source.strip()}" target="{target.strip()}"/>'
    return f"<zeebe:ioMapping>{entries}</zeebe:ioMapping>"


def loop(collection: str, element: str = "item", *, sequential: bool = False, output: str = "", condition: str = "") -> str:
    """A multi-instance marker; ``output`` is ``collection = element`` as in ``votes = vote``."""
    out = ""
    if output:
        name, expression = output.split(" = ", 1)
        out = f' outputCollection="{name}" outputElement="={expression}"'
    marker = f'<zeebe:loopCharacteristics inputCollection="={collection}" inputElement="{element}"{out}/>'
    until = f"<completionCondition>={condition}</completionCondition>" if condition else ""
    flag = ' isSequential="true"' if sequential else ""
    return f"<multiInstanceLoopCharacteristics{flag}>{ext(marker)}{until}</multiInstanceLoopCharacteristics>"


def timer(kind: str, text: str) -> str:
    tag = {"date": "timeDate", "duration": "timeDuration", "cycle": "timeCycle"}[kind]
    return f"<timerEventDefinition><{tag}>{text}</{tag}></timerEventDefinition>"


def message(name: str, key: str = "=key") -> str:
    """A message at the root of the file; refer to it by ``m_<name>``."""
    return f'<message id="m_{name}" name="{name}">{ext(f"""<zeebe:subscription correlationKey="{key}"/>""")}</message>'
