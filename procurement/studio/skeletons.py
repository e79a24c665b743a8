"""What a new file begins with: the least that opens in its editor."""

from __future__ import annotations

import json
from xml.sax.saxutils import quoteattr

from procurement.studio import layout

_DIAGRAM = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" \
xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" xmlns:di="http://www.omg.org/spec/DD/20100524/DI" \
xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" id="definitions_{stem}" targetNamespace="urn:bixuan:processes">
  <bpmn:process id="{stem}" name={title} isExecutable="true">
    <bpmn:startEvent id="started" name="开始">
      <bpmn:outgoing>started_to_ended</bpmn:outgoing>
    </bpmn:startEvent>
    <bpmn:endEvent id="ended" name="结束">
      <bpmn:incoming>started_to_ended</bpmn:incoming>
    </bpmn:endEvent>
    <bpmn:sequenceFlow id="started_to_ended" sourceRef="started" targetRef="ended" />
  </bpmn:process>
  <bpmndi:BPMNDiagram id="diagram_{stem}">
    <bpmndi:BPMNPlane id="plane_{stem}" bpmnElement="{stem}">
      <bpmndi:BPMNShape id="started_di" bpmnElement="started">
        <dc:Bounds x="160" y="100" width="36" height="36" />
        <bpmndi:BPMNLabel><dc:Bounds x="167" y="143" width="22" height="14" /></bpmndi:BPMNLabel>
      </bpmndi:BPMNShape>
      <bpmndi:BPMNShape id="ended_di" bpmnElement="ended">
        <dc:Bounds x="420" y="100" width="36" height="36" />
        <bpmndi:BPMNLabel><dc:Bounds x="427" y="143" width="22" height="14" /></bpmndi:BPMNLabel>
      </bpmndi:BPMNShape>
      <bpmndi:BPMNEdge id="started_to_ended_di" bpmnElement="started_to_ended">
        <di:waypoint x="196" y="118" />
        <di:waypoint x="420" y="118" />
      </bpmndi:BPMNEdge>
    </bpmndi:BPMNPlane>
  </bpmndi:BPMNDiagram>
</bpmn:definitions>
"""
_TABLES = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" xmlns:dmndi="https://www.omg.org/spec/DMN/20191111/DMNDI/" \
xmlns:dc="http://www.omg.org/spec/DMN/20180521/DC/" id="{stem}_model" name={title} namespace="urn:bixuan:decisions">
  <decision id="{stem}" name={title}>
    <variable id="{stem}_variable" name="{stem}" />
    <decisionTable id="{stem}_table" hitPolicy="UNIQUE">
      <input id="{stem}_input_1" label="条件">
        <inputExpression id="{stem}_input_1_expression" typeRef="string"><text></text></inputExpression>
      </input>
      <output id="{stem}_output_1" name="result" label="结果" typeRef="string" />
      <annotation name="依据" />
    </decisionTable>
  </decision>
  <dmndi:DMNDI>
    <dmndi:DMNDiagram id="{stem}_diagram">
      <dmndi:DMNShape id="{stem}_shape" dmnElementRef="{stem}"><dc:Bounds x="160" y="100" width="180" height="80" /></dmndi:DMNShape>
    </dmndi:DMNDiagram>
  </dmndi:DMNDI>
</definitions>
"""


def skeleton(kind: str, folder: str, stem: str, title: str) -> tuple[str, bytes]:
    """Path and content of a new file. Raises PathRefused."""
    path = layout.path_for(kind, folder, stem)
    title = title.strip() or stem
    if kind == "diagram":
        text = _DIAGRAM.format(stem=stem, title=quoteattr(title))
    elif kind == "tables":
        text = _TABLES.format(stem=stem, title=quoteattr(title))
    elif kind == "form":
        form = {"type": "default", "schemaVersion": 19, "id": stem, "title": title, "components": []}
        text = json.dumps(form, ensure_ascii=False, indent=2) + "\n"
    elif kind == "case":
        text = f"name: {json.dumps(title, ensure_ascii=False)}\nprocess: {folder}\nsteps: []\nexpect: {{}}\n"
    else:
        text = f"# {title}\n"
    return path, text.encode()
