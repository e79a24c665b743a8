"""The change the studio is built for: a limit of 50,000 becomes 100,000, and above 300,000 a lawyer looks first."""

from __future__ import annotations

from collections.abc import Mapping

RULES = "processes/rules/office_rules.dmn"
GOALS = "processes/goal_setting/goal_setting.bpmn"
FORM = "forms/goal_setting/review_legality.form"
FIELD = """{
  "type": "default", "schemaVersion": 19, "id": "review_legality", "title": "合法性审核",
  "components": [
    {"type": "text", "text": "**{{ title }}**，合计 {{ amount }} 元", "id": "what"},
    {"type": "radio", "key": "review_legality_decision", "label": "审核意见", "id": "decision", "validate": {"required": true},
     "values": [{"label": "同意", "value": "agree"}, {"label": "不同意", "value": "refuse"}]},
    {"type": "textarea", "key": "review_legality_opinion", "label": "审核说明", "id": "opinion", "validate": {"required": true}}
  ]
}
"""
STEP = """
    <bpmn:exclusiveGateway id="is_legal_review_needed" name="要合法性审核吗？" default="is_legal_review_needed_to_approve_purchase">
      <bpmn:incoming>choose_route_to_is_legal_review_needed</bpmn:incoming>
      <bpmn:outgoing>is_legal_review_needed_to_review_legality</bpmn:outgoing>
      <bpmn:outgoing>is_legal_review_needed_to_approve_purchase</bpmn:outgoing>
    </bpmn:exclusiveGateway>
    <bpmn:userTask id="review_legality" name="合法性审核">
      <bpmn:documentation>三十万元以上的项目先作合法性审核。《办法》第九条(一)。</bpmn:documentation>
      <bpmn:extensionElements>
        <zeebe:userTask/>
        <zeebe:formDefinition formId="review_legality" bindingType="deployment"/>
        <zeebe:assignmentDefinition candidateGroups="legal"/>
        <zeebe:taskSchedule dueDate="=working days after(now(), 3)"/>
      </bpmn:extensionElements>
      <bpmn:incoming>is_legal_review_needed_to_review_legality</bpmn:incoming>
      <bpmn:outgoing>review_legality_to_approve_purchase</bpmn:outgoing>
    </bpmn:userTask>
    <bpmn:sequenceFlow id="choose_route_to_is_legal_review_needed" sourceRef="choose_route" targetRef="is_legal_review_needed"/>
    <bpmn:sequenceFlow id="is_legal_review_needed_to_review_legality" sourceRef="is_legal_review_needed" targetRef="review_legality">
      <bpmn:conditionExpression xsi:type="bpmn:tFormalExpression">=amount &gt; 300000</bpmn:conditionExpression>
    </bpmn:sequenceFlow>
    <bpmn:sequenceFlow id="is_legal_review_needed_to_approve_purchase" sourceRef="is_legal_review_needed" targetRef="approve_purchase"/>
    <bpmn:sequenceFlow id="review_legality_to_approve_purchase" sourceRef="review_legality" targetRef="approve_purchase"/>
"""
SHAPES = """
      <bpmndi:BPMNShape id="is_legal_review_needed_di" bpmnElement="is_legal_review_needed" isMarkerVisible="true">
        <dc:Bounds x="1582" y="650" width="50" height="50"/>
      </bpmndi:BPMNShape>
      <bpmndi:BPMNShape id="review_legality_di" bpmnElement="review_legality"><dc:Bounds x="1700" y="656" width="110" height="60"/></bpmndi:BPMNShape>
      <bpmndi:BPMNEdge id="e1_di" bpmnElement="choose_route_to_is_legal_review_needed">
        <di:waypoint x="1607" y="624"/><di:waypoint x="1607" y="650"/></bpmndi:BPMNEdge>
      <bpmndi:BPMNEdge id="e2_di" bpmnElement="is_legal_review_needed_to_review_legality">
        <di:waypoint x="1632" y="675"/><di:waypoint x="1700" y="675"/></bpmndi:BPMNEdge>
      <bpmndi:BPMNEdge id="e3_di" bpmnElement="is_legal_review_needed_to_approve_purchase">
        <di:waypoint x="1625" y="668"/><di:waypoint x="1680" y="600"/><di:waypoint x="1700" y="600"/></bpmndi:BPMNEdge>
      <bpmndi:BPMNEdge id="e4_di" bpmnElement="review_legality_to_approve_purchase">
        <di:waypoint x="1755" y="656"/><di:waypoint x="1755" y="624"/></bpmndi:BPMNEdge>
    </bpmndi:BPMNPlane>"""
EDGE_START = '<bpmndi:BPMNEdge id="choose_route_to_approve_purchase_di"'


def higher_limit(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """Only what changes."""
    return {RULES: _replaced(files[RULES].decode(), "<text>50000</text>", "<text>100000</text>").encode()}


def legal_review(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """The step above 300,000 with its form; only what changes."""
    text = files[GOALS].decode()
    flow = '<bpmn:sequenceFlow id="choose_route_to_approve_purchase" sourceRef="choose_route" targetRef="approve_purchase"/>'
    text = _replaced(text, flow, STEP)
    text = _replaced(
        text, "<bpmn:outgoing>choose_route_to_approve_purchase<", "<bpmn:outgoing>choose_route_to_is_legal_review_needed<"
    )
    ways = "<bpmn:incoming>is_legal_review_needed_to_approve_purchase</bpmn:incoming>\n      <bpmn:incoming>review_legality_to_approve_purchase<"
    text = _replaced(text, "<bpmn:incoming>choose_route_to_approve_purchase<", ways)
    lane = "<bpmn:flowNodeRef>choose_route</bpmn:flowNodeRef>"
    new = "".join(f"<bpmn:flowNodeRef>{name}</bpmn:flowNodeRef>" for name in ("is_legal_review_needed", "review_legality"))
    text = _replaced(text, lane, lane + new)
    start = text.index(EDGE_START)
    end = text.index("</bpmndi:BPMNEdge>", start) + len("</bpmndi:BPMNEdge>")
    text = _replaced(text[:start] + text[end:], "</bpmndi:BPMNPlane>", SHAPES)
    return {GOALS: text.encode(), FORM: FIELD.encode()}


def _replaced(text: str, old: str, new: str) -> str:
    if text.count(old) != 1:
        raise AssertionError(f"{old} stands {text.count(old)} times in the file")
    return text.replace(old, new)
