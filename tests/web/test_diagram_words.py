"""The diagram editor in a real browser says everything in Chinese, whatever is selected and whichever menu is open."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
from playwright.sync_api import Browser, ElementHandle, Page, expect

from procurement.studio.templates import templates
from tests.support.foreign_words import foreign
from tests.support.studio_bundle import open_editor, served

EVENTS = {
    "bpmn:StartEvent": ["", "Message", "Timer", "Signal"],
    "bpmn:IntermediateCatchEvent": ["Message", "Timer", "Signal", "Conditional", "Link"],
    "bpmn:IntermediateThrowEvent": ["", "Message", "Signal", "Escalation", "Link", "Compensate"],
    "bpmn:BoundaryEvent": ["Message", "Timer", "Signal", "Conditional", "Error", "Escalation", "Compensate"],
    "bpmn:EndEvent": ["", "Message", "Signal", "Error", "Escalation", "Terminate", "Compensate"],
}
ACTIVITIES = ["Task", "UserTask", "ServiceTask", "SendTask", "ReceiveTask", "ManualTask", "BusinessRuleTask", "ScriptTask"]
SHAPES = [
    *({"type": f"bpmn:{kind}"} for kind in ACTIVITIES),
    {"type": "bpmn:CallActivity"},
    {"type": "bpmn:UserTask", "loop": "bpmn:MultiInstanceLoopCharacteristics"},
    {"type": "bpmn:UserTask", "loop": "bpmn:StandardLoopCharacteristics"},
    {"type": "bpmn:SubProcess", "isExpanded": True},
    {"type": "bpmn:SubProcess", "isExpanded": False},
    {"type": "bpmn:SubProcess", "isExpanded": True, "triggeredByEvent": True},
    {"type": "bpmn:Transaction", "isExpanded": True},
    {"type": "bpmn:AdHocSubProcess", "isExpanded": True},
    *({"type": f"bpmn:{kind}Gateway"} for kind in ("Exclusive", "Inclusive", "Parallel", "EventBased")),
    *(
        {"type": kind, **({"eventDefinitionType": f"bpmn:{event}EventDefinition"} if event else {})}
        for kind, events in EVENTS.items()
        for event in events
    ),
    *(
        {"type": f"bpmn:{kind}"}
        for kind in ("DataObjectReference", "DataStoreReference", "TextAnnotation", "Group", "Participant")
    ),
]
EMPTY = """<?xml version="1.0" encoding="UTF-8"?>
<bpmn:definitions xmlns:bpmn="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI"
 xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" id="d1" targetNamespace="urn:x">
 <bpmn:process id="p1" isExecutable="true"><bpmn:startEvent id="s1"/><bpmn:task id="t1"/></bpmn:process>
 <bpmndi:BPMNDiagram id="g1"><bpmndi:BPMNPlane id="g2" bpmnElement="p1">
 <bpmndi:BPMNShape id="g3" bpmnElement="s1"><dc:Bounds x="160" y="80" width="36" height="36"/></bpmndi:BPMNShape>
 <bpmndi:BPMNShape id="g4" bpmnElement="t1"><dc:Bounds x="160" y="180" width="100" height="80"/></bpmndi:BPMNShape>
 </bpmndi:BPMNPlane></bpmndi:BPMNDiagram></bpmn:definitions>"""
CREATE = """shape => {
  const {loop, ...attributes} = shape;
  const get = name => editor.get(name);
  const made = get('elementFactory').createShape(attributes);
  const on = get('elementRegistry').get('t1'), root = get('canvas').getRootElement();
  const boundary = shape.type === 'bpmn:BoundaryEvent';
  const element = get('modeling').createShape(made, {x: boundary ? on.x + on.width : 420, y: boundary ? on.y + 40 : 320},
    boundary ? on : root, boundary ? {attach: true} : {});
  if (loop) get('modeling').updateProperties(element, {loopCharacteristics: get('bpmnFactory').create(loop)});
  get('selection').select(element);
  return element.id;
}"""
UNFOLD = """() => {
  for (const header of document.querySelectorAll('.bio-properties-panel-group-header:not(.open)')) header.click();
  for (const add of document.querySelectorAll('.bio-properties-panel-add-entry')) add.click();
}"""
UNFOLD_ITEMS = """() => {
  for (const header of document.querySelectorAll(
    '.bio-properties-panel-group-header:not(.open), .bio-properties-panel-collapsible-entry-header:not(.open)')) header.click();
}"""


@pytest.fixture(scope="module")
def bed(chromium: Browser) -> Iterator[Page]:
    with served() as address:
        page = chromium.new_page(viewport={"width": 1366, "height": 768}, locale="zh-CN")
        complaints: list[str] = []
        page.on("pageerror", lambda error: complaints.append(f"{error.message} {error.stack}"))
        page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
        page.goto(address)
        yield page
        page.close()
        assert not complaints, complaints


@pytest.fixture
def page(bed: Page) -> Iterator[Page]:
    open_editor(bed, EMPTY, **options())
    yield bed
    bed.evaluate("() => editor.destroy()")


def options() -> dict[str, Any]:
    variables = [{"name": "amount", "type": "数", "from": "登记需求"}, {"name": "有附件", "type": "真假", "from": "登记需求"}]
    after = {"name": "working days after", "params": [{"name": "date"}, {"name": "n"}], "text": "之后第几个工作日"}
    return {"templates": templates(), "variables": variables, "functions": [after]}


def settled(page: Page) -> None:
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => setTimeout(done, 20)))")


def ids(page: Page) -> list[str]:
    """What is shown as it was written: ids, names, values, and the texts of our own templates."""
    found: list[str] = page.evaluate(
        """() => [...editor.get('elementRegistry').getAll().map(e => e.id),
          ...[...document.querySelectorAll('#panel input')].map(i => i.value).filter(Boolean),
          ...editor.get('bpmnjs').getDefinitions().rootElements.flatMap(e => [e.id, e.name].filter(Boolean))]"""
    )
    return found


@cache
def written_by_us() -> tuple[str, ...]:
    found: list[str] = []
    for template in templates():
        found += [template["name"], template["description"], *(group["label"] for group in template["groups"])]
        for entry in template["properties"]:
            found += [entry.get("label", ""), entry.get("description", ""), *(one["name"] for one in entry.get("choices", []))]
    return tuple(text for text in found if text)


def unfold(page: Page) -> None:
    for script in (UNFOLD, UNFOLD_ITEMS):
        page.evaluate(script)
        settled(page)


def choices(page: Page) -> Iterator[tuple[ElementHandle, str]]:
    """Every choice of every list in the panel, taken one after the other."""
    for select in page.query_selector_all("#panel select"):
        for value in [option.get_attribute("value") or "" for option in select.query_selector_all("option")]:
            if select.is_visible():
                select.select_option(value)
                settled(page)
                unfold(page)
                yield select, value


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: "-".join(str(part).replace("bpmn:", "") for part in shape.values()))
def test_every_kind_of_element_shows_its_properties_and_its_pad_in_chinese(page: Page, shape: dict[str, Any]) -> None:
    element = page.evaluate(CREATE, shape)
    settled(page)
    unfold(page)
    assert not foreign(page, but=ids(page)), element
    for _, value in choices(page):
        assert not foreign(page, but=ids(page)), (element, value)


@pytest.mark.parametrize(
    ("opened_by", "what"),
    [
        (".djs-palette [data-action=create]", "everything that can be drawn"),
        (".djs-context-pad [data-action=append]", "everything that can follow"),
        (".djs-context-pad [data-action=replace]", "what an element can become"),
        (".djs-context-pad [data-action=set-color]", "the colours"),
        (".bio-properties-panel-select-template-button", "the templates"),
        (".djs-minimap .toggle", "the small map"),
    ],
)
def test_every_menu_is_in_chinese(page: Page, opened_by: str, what: str) -> None:
    page.evaluate("() => editor.jump({element: 't1'})")
    settled(page)
    page.click(opened_by)
    settled(page)
    assert not foreign(page, but=[*ids(page), *written_by_us()]), what
    page.keyboard.press("Escape")


def test_aligning_several_elements_is_offered_in_chinese(page: Page) -> None:
    page.evaluate("() => editor.get('selection').select(['s1', 't1'].map(id => editor.get('elementRegistry').get(id)))")
    settled(page)
    page.click(".djs-context-pad [data-action=align-elements]")
    settled(page)
    assert not foreign(page, but=ids(page))


def test_the_search_is_in_chinese(page: Page) -> None:
    page.evaluate("() => editor.find()")
    expect(page.locator(".djs-search-input input")).to_be_focused()
    page.keyboard.type("t")
    expect(page.locator(".djs-search-result").first).to_be_visible()
    settled(page)
    assert not foreign(page, but=ids(page))


def test_an_applied_template_shows_its_fields_in_chinese(page: Page) -> None:
    page.evaluate("() => editor.jump({element: 't1'})")
    page.click(".bio-properties-panel-select-template-button")
    page.keyboard.press("Enter")
    page.wait_for_selector("[data-group-id='group-ElementTemplates__Template'] .bio-properties-panel-applied-template-button")
    unfold(page)
    assert not foreign(page, but=[*ids(page), *written_by_us()])


def test_a_feel_field_offers_what_is_known_here_and_says_in_chinese_what_is_wrong(page: Page) -> None:
    element = page.evaluate(CREATE, {"type": "bpmn:UserTask"})
    page.evaluate("id => editor.jump({element: id, property: 'taskScheduleDueDate'})", element)
    page.click("[data-entry-id=taskScheduleDueDate] .bio-properties-panel-feel-icon")
    page.click("[data-entry-id=taskScheduleDueDate] .cm-content")
    page.keyboard.type("work")
    offered = page.locator(".cm-tooltip-autocomplete li").first
    expect(offered).to_have_text("working days after(date, n)")
    page.keyboard.press("Control+a")
    page.keyboard.type("有")
    expect(offered).to_have_text(re.compile("^有附件"))
    assert not foreign(page, but=ids(page))
    page.keyboard.press("Escape")
    page.keyboard.press("Control+a")
    page.keyboard.type("amount + + )")
    page.wait_for_selector(".bio-properties-panel-error")
    page.locator(".cm-lintRange, .cm-lintPoint").first.hover()
    page.wait_for_selector(".cm-diagnostic")
    assert not foreign(page, but=ids(page))
    page.click("[data-entry-id=taskScheduleDueDate] .bio-properties-panel-open-feel-popup")
    page.wait_for_selector(".bio-properties-panel-popup")
    assert not foreign(page, but=ids(page))
