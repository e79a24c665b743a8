"""A case with everything that may be lost or doubled: tasks, a register row, a timer, an upload, an effect on the outside."""

from __future__ import annotations

import itertools
import json

from engine.model import Resource

NAMESPACES = (
    'xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
)
TASK = (
    '<userTask id="{id}"><extensionElements><zeebe:userTask/>{form}<zeebe:assignmentDefinition candidateGroups="operator"/>'
    "</extensionElements></userTask>"
)
FORM = '<zeebe:formDefinition formId="paper"/>'
BOOK = (
    '<serviceTask id="book"><extensionElements><zeebe:taskDefinition type="archive.assemble"/><zeebe:ioMapping>'
    '<zeebe:input source="=name" target="purchase_id"/><zeebe:input source="=10" target="keep_years"/>'
    '<zeebe:output source="=case_file.number" target="booked"/></zeebe:ioMapping></extensionElements></serviceTask>'
)
TELL = '<serviceTask id="tell"><extensionElements><zeebe:taskDefinition type="tell" retries="1000"/></extensionElements></serviceTask>'
TIMER = (
    '<intermediateCatchEvent id="pause"><timerEventDefinition><timeDuration>PT0.2S</timeDuration></timerEventDefinition>'
    "</intermediateCatchEvent>"
)
STEPS = ["begun", "first", "book", "pause", "second", "tell", "third", "ended"]
PROCESS = (
    f'<definitions {NAMESPACES} targetNamespace="bench"><process id="killed" isExecutable="true"><startEvent id="begun"/>'
    + TASK.format(id="first", form="")
    + BOOK
    + TIMER
    + TASK.format(id="second", form=FORM)
    + TELL
    + TASK.format(id="third", form="")
    + '<endEvent id="ended"/>'
    + "".join(f'<sequenceFlow id="f_{a}" sourceRef="{a}" targetRef="{b}"/>' for a, b in itertools.pairwise(STEPS))
    + "</process></definitions>"
)
PAPER = {
    "type": "default",
    "schemaVersion": 19,
    "id": "paper",
    "components": [
        {"type": "textfield", "id": "a", "key": "said", "label": "Said"},
        {"type": "filepicker", "id": "b", "key": "papers", "label": "Papers", "multiple": True},
    ],
}
RESOURCES = (Resource("killed.bpmn", PROCESS.encode()), Resource("paper.form", json.dumps(PAPER).encode()))
