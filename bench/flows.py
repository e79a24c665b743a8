"""Diagrams and forms that the benchmarks of single commands run on."""

from __future__ import annotations

import json
from typing import Any

from engine.model import Actor, Resource

CLERK = Actor("clerk", frozenset({"office"}))
_DEFINITIONS = (
    '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" targetNamespace="bench">'
)
_SAID = "The residents of the eastern block asked for a canteen that serves lunch on weekdays; sixty of them signed. " * 2
EXPERTS = 20
STEPS = 17  # with the experts 37 user tasks

FORM = {
    "type": "default",
    "schemaVersion": 19,
    "id": "review",
    "components": [
        {"type": "textarea", "id": "a", "key": "summary", "label": "Summary", "validate": {"required": True, "maxLength": 2000}},
        {"type": "number", "id": "b", "key": "amount", "label": "Amount", "decimalDigits": 2, "validate": {"min": 0}},
        {"type": "number", "id": "c", "key": "people", "label": "People"},
        {"type": "checkbox", "id": "d", "key": "agreed", "label": "Agreed"},
    ],
}
VALUES = {"summary": _SAID, "amount": "48000.00", "people": "60", "agreed": True}
DIAGRAM = f"""{_DEFINITIONS}
<process id="bench" isExecutable="true">
 <startEvent id="begun"/><exclusiveGateway id="next"/>
 <userTask id="review"><extensionElements><zeebe:userTask/><zeebe:formDefinition formId="review"/>
  <zeebe:assignmentDefinition candidateGroups="office"/></extensionElements></userTask>
 <exclusiveGateway id="is_agreed" default="again"/><endEvent id="ended"/>
 <sequenceFlow id="f1" sourceRef="begun" targetRef="next"/><sequenceFlow id="f2" sourceRef="next" targetRef="review"/>
 <sequenceFlow id="f3" sourceRef="review" targetRef="is_agreed"/>
 <sequenceFlow id="again" sourceRef="is_agreed" targetRef="next"/>
 <sequenceFlow id="done" sourceRef="is_agreed" targetRef="ended">
  <conditionExpression xsi:type="tFormalExpression">=not(agreed)</conditionExpression></sequenceFlow>
</process></definitions>"""

WAITING = f"""{_DEFINITIONS}
<message id="m" name="news"><extensionElements><zeebe:subscription correlationKey="=number"/></extensionElements></message>
<process id="hears" isExecutable="true">
 <startEvent id="begun"/><exclusiveGateway id="next"/>
 <intermediateCatchEvent id="heard"><messageEventDefinition messageRef="m"/></intermediateCatchEvent>
 <sequenceFlow id="f1" sourceRef="begun" targetRef="next"/><sequenceFlow id="f2" sourceRef="next" targetRef="heard"/>
 <sequenceFlow id="f3" sourceRef="heard" targetRef="next"/></process></definitions>"""
TIMED = f"""{_DEFINITIONS}
<process id="ticks" isExecutable="true">
 <startEvent id="begun"/><exclusiveGateway id="next"/>
 <intermediateCatchEvent id="pause"><timerEventDefinition><timeDuration>PT0S</timeDuration></timerEventDefinition>
 </intermediateCatchEvent>
 <sequenceFlow id="f1" sourceRef="begun" targetRef="next"/><sequenceFlow id="f2" sourceRef="next" targetRef="pause"/>
 <sequenceFlow id="f3" sourceRef="pause" targetRef="next"/></process></definitions>"""


def purchase() -> list[Resource]:
    """37 user tasks with a form each: 8 one after the other, 20 experts at once, 9 more; a gateway after every fourth."""
    names = [f"step_{number}" for number in range(1, STEPS + 1)]
    names.insert(STEPS // 2, "score")
    drawn, last = ['<startEvent id="begun"/>'], "begun"
    for number, name in enumerate(names, 1):
        drawn += [_flow(last, name), _user_task(name, is_for_experts=name == "score")]
        last = name
        if number % 4 == 0:
            following = names[number] if number < len(names) else "ended"
            last = f"is_{name}_agreed"
            drawn += [_flow(name, last), _gateway(last, following, f"={name}_agreed = false")]
    drawn += ['<endEvent id="ended"/><endEvent id="refused"/>', _flow(last, "ended")]
    content = f'{_DEFINITIONS}<process id="purchase" isExecutable="true">{"".join(drawn)}</process></definitions>'
    return [Resource("purchase.bpmn", content.encode()), *(Resource(f"{name}.form", _form(name)) for name in names)]


def entered(element_id: str) -> dict[str, Any]:
    """What somebody enters there: 330 bytes of JSON under names of that task's own."""
    return {f"{element_id}_{name}": value for name, value in VALUES.items()}


def _form(element_id: str) -> bytes:
    components = [{**component, "key": f"{element_id}_{component['key']}"} for component in FORM["components"]]
    return json.dumps({**FORM, "id": element_id, "components": components}).encode()


def _user_task(element_id: str, *, is_for_experts: bool) -> str:
    inside = ""
    if is_for_experts:
        inside = (
            "<multiInstanceLoopCharacteristics><extensionElements><zeebe:loopCharacteristics "
            f'inputCollection="=experts" inputElement="expert" outputCollection="scores" outputElement="={element_id}_amount"/>'
            "</extensionElements></multiInstanceLoopCharacteristics>"
        )
    return (
        f'<userTask id="{element_id}"><extensionElements><zeebe:userTask/><zeebe:formDefinition formId="{element_id}"/>'
        f'<zeebe:assignmentDefinition candidateGroups="office"/></extensionElements>{inside}</userTask>'
    )


def _flow(source: str, target: str, condition: str = "") -> str:
    inside = f'<conditionExpression xsi:type="tFormalExpression">{condition}</conditionExpression>' if condition else ""
    return f'<sequenceFlow id="{source}_{target}" sourceRef="{source}" targetRef="{target}">{inside}</sequenceFlow>'


def _gateway(element_id: str, following: str, refusal: str) -> str:
    gateway = f'<exclusiveGateway id="{element_id}" default="{element_id}_{following}"/>'
    return gateway + _flow(element_id, "refused", refusal)
