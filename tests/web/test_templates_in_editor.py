"""Our element templates in the real editor: applied to a task they fill in what the engine accepts."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from lxml import etree
from playwright.sync_api import Browser, Page

from engine.feel import Feel
from engine.spiff import parse
from procurement.calendar import EXTENSIONS
from procurement.operations.described import DESCRIBED
from procurement.studio.templates import templates
from tests.support.studio_bundle import open_editor, served

EMPTY = """<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" id="d" targetNamespace="urn:x"
  xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" xmlns:dc="http://www.omg.org/spec/DD/20100524/DC"
  xmlns:di="http://www.omg.org/spec/DD/20100524/DI" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0">
  <bpmn:process id="p" isExecutable="true"><bpmn:startEvent id="s"/><bpmn:task id="t1" name="做"/><bpmn:endEvent id="e"/>
    <bpmn:sequenceFlow id="f" sourceRef="s" targetRef="t1"/><bpmn:sequenceFlow id="g" sourceRef="t1" targetRef="e"/></bpmn:process>
  <bpmndi:BPMNDiagram id="dia"><bpmndi:BPMNPlane id="pl" bpmnElement="p">
    <bpmndi:BPMNShape id="s_di" bpmnElement="s"><dc:Bounds x="60" y="122" width="36" height="36"/></bpmndi:BPMNShape>
    <bpmndi:BPMNShape id="t1_di" bpmnElement="t1"><dc:Bounds x="160" y="100" width="100" height="80"/></bpmndi:BPMNShape>
    <bpmndi:BPMNShape id="e_di" bpmnElement="e"><dc:Bounds x="340" y="122" width="36" height="36"/></bpmndi:BPMNShape>
    <bpmndi:BPMNEdge id="f_di" bpmnElement="f"><di:waypoint x="96" y="140"/><di:waypoint x="160" y="140"/></bpmndi:BPMNEdge>
    <bpmndi:BPMNEdge id="g_di" bpmnElement="g"><di:waypoint x="260" y="140"/><di:waypoint x="340" y="140"/></bpmndi:BPMNEdge>
  </bpmndi:BPMNPlane></bpmndi:BPMNDiagram></bpmn:definitions>"""
ZEEBE = "{http://camunda.org/schema/zeebe/1.0}"
RULES = {"office_rules": [("publicity_working_days", "公示期"), ("small_limit", "限额")]}
TEMPLATES = templates(RULES)
APPLY = """([id, template, type]) => {
  const registry = editor.get('elementRegistry');
  let task = registry.get(id);
  if (type) task = editor.get('bpmnReplace').replaceElement(task, {type});
  return editor.get('elementTemplates').applyTemplate(task, template).id;
}"""
FILL = """([id, name, value]) => {
  const element = editor.get('elementRegistry').get(id);
  const mapping = element.businessObject.extensionElements.values.find(one => one.$type === 'zeebe:IoMapping');
  const input = mapping.inputParameters.find(one => one.target === name);
  editor.get('modeling').updateModdleProperties(element, input, {source: value});
}"""


@pytest.fixture(scope="module")
def page(chromium: Browser) -> Iterator[Page]:
    with served() as address:
        page = chromium.new_page(base_url=address, locale="zh-CN")
        complaints: list[str] = []
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto("/")
        yield page
        page.close()
        assert not complaints


def applied(page: Page, template: dict, **filled: str) -> etree._Element:
    """The only task of a small process with the template on it and its required inputs filled in; deployable."""
    page.evaluate("() => window.editor?.destroy()")
    open_editor(page, EMPTY, templates=TEMPLATES)
    element = page.evaluate(APPLY, ["t1", template, template["elementType"]["value"]])
    for name, value in filled.items():
        page.evaluate(FILL, [element, name, value])
    saved = page.evaluate("() => editor.content()").encode()
    parse(saved, file="x.bpmn", feel=Feel(EXTENSIONS))
    return next(node for node in etree.fromstring(saved).iter() if node.get(f"{ZEEBE}modelerTemplate"))


@pytest.mark.parametrize("operation", DESCRIBED)
def test_a_template_applied_and_filled_in_can_be_deployed(page, operation):
    template = next(one for one in TEMPLATES if one["id"] == f"bixuan.{operation}")
    filled = {field.name: "=null" for field in DESCRIBED[operation].inputs if field.required and not field.choices}
    filled |= {field.name: field.choices[0] for field in DESCRIBED[operation].inputs if field.required and field.choices}
    task = applied(page, template, **filled)
    assert task.find(f".//{ZEEBE}taskDefinition").get("type") == operation
    assert {one.get("target") for one in task.iter(f"{ZEEBE}input")} == set(filled), "what may be left out is left out"
    assert not list(task.iter(f"{ZEEBE}output"))


def test_a_parameter_is_read_by_a_business_rule_task(page):
    template = next(one for one in TEMPLATES if one["id"] == "bixuan.rule.office_rules")
    task = applied(page, template, rule_id="publicity_working_days")
    assert etree.QName(task).localname == "businessRuleTask"
    assert task.find(f".//{ZEEBE}calledDecision").get("decisionId") == "office_rules"
    assert {one.get("target"): one.get("source") for one in task.iter(f"{ZEEBE}input")} == {
        "rule_id": "publicity_working_days",
        "on": "=string(today())",
    }


def test_a_required_input_left_empty_is_refused_by_the_engine_not_guessed(page):
    template = next(one for one in TEMPLATES if one["id"] == "bixuan.contract.sign")
    with pytest.raises(Exception, match="contract_id"):
        applied(page, template)


def test_every_template_is_offered_in_words(page):
    open_editor(page, EMPTY, templates=TEMPLATES)
    offered = page.evaluate(
        "() => editor.get('elementTemplates').getLatest().map(one => one.name)",
    )
    assert set(offered) == {one["name"] for one in TEMPLATES}
