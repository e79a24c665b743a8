"""What every diagram, table and form keeps to, so that designers find their way: names, sources, sizes, pictures."""

from __future__ import annotations

import json
from collections import Counter
from functools import cache
from pathlib import Path

import pytest
from lxml import etree

from engine.checks.drawing import SNAKE
from procurement.studio.checks.conventions import ARTICLE, CHINESE, LARGEST, STATES, VERBS
from tests.support.memory_host import FORMS, PROCESSES, diagrams, form_files, operation_types

BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"
ZEEBE = "{http://camunda.org/schema/zeebe/1.0}"
DI = "{http://www.omg.org/spec/BPMN/20100524/DI}"
DMNDI = "{https://www.omg.org/spec/DMN/20191111/DMNDI/}"
BOUNDS = "{http://www.omg.org/spec/DD/20100524/DC}Bounds"

TASKS = ("userTask", "serviceTask", "businessRuleTask", "scriptTask", "sendTask", "receiveTask", "callActivity")
EVENTS = ("startEvent", "endEvent", "boundaryEvent", "intermediateCatchEvent", "intermediateThrowEvent")
GATEWAYS = ("exclusiveGateway", "parallelGateway", "inclusiveGateway", "eventBasedGateway")
EXPLAINED = ("userTask", "businessRuleTask", "callActivity")
FLOW_NODES = (*TASKS, *EVENTS, *GATEWAYS, "subProcess", "task")


@cache
def drawing(process_id: str) -> etree._Element:
    return etree.parse(diagrams()[process_id]).getroot()


def elements(process_id: str, *tags: str) -> list[etree._Element]:
    return [node for tag in tags for node in drawing(process_id).iter(BPMN + tag)]


def documentation(node: etree._Element) -> str:
    return "".join(text for note in node.iterfind(f"{BPMN}documentation") for text in note.itertext())


every_diagram = pytest.mark.parametrize("process_id", diagrams())
every_table = pytest.mark.parametrize("file", sorted(PROCESSES.glob("*/*.dmn")), ids=lambda file: file.stem)
every_form = pytest.mark.parametrize("file", sorted(FORMS.glob("*/*.form")), ids=lambda file: file.stem)


@every_diagram
def test_a_process_is_named_as_its_folder_and_file(process_id):
    [process] = elements(process_id, "process")
    assert process.get("id") == process_id == diagrams()[process_id].parent.name
    assert process.get("isExecutable") == "true"
    assert CHINESE.search(process.get("name", ""))


@every_diagram
def test_a_folder_explains_its_process_in_a_readme(process_id):
    readme = diagrams()[process_id].parent / "README.md"
    assert readme.is_file(), f"{process_id} has no README.md"
    assert CHINESE.search(readme.read_text(encoding="utf-8"))


@every_diagram
def test_a_diagram_holds_at_most_25_flow_nodes(process_id):
    assert len(elements(process_id, *FLOW_NODES)) <= LARGEST


@every_diagram
def test_tasks_are_verb_object(process_id):
    names = [node.get("id") for node in elements(process_id, *TASKS)]
    called = set(diagrams())
    odd = [name for name in names if name not in called and not (SNAKE.fullmatch(name) and VERBS & set(name.split("_")[:2]))]
    assert not odd


@every_diagram
def test_events_are_object_state(process_id):
    names = [node.get("id") for node in elements(process_id, *EVENTS)]
    assert not [name for name in names if not (SNAKE.fullmatch(name) and STATES & set(name.split("_")))]


@every_diagram
def test_labels_are_chinese(process_id):
    missing = [node.get("id") for node in elements(process_id, *TASKS, *EVENTS) if not CHINESE.search(node.get("name", ""))]
    assert not missing


@every_diagram
def test_a_deciding_gateway_asks_a_question_and_each_flow_answers(process_id):
    for gateway in elements(process_id, "exclusiveGateway", "inclusiveGateway"):
        flows = [flow for flow in elements(process_id, "sequenceFlow") if flow.get("sourceRef") == gateway.get("id")]
        if len(flows) > 1:
            assert gateway.get("name", "").endswith("？"), f"{gateway.get('id')} asks nothing"
            assert all(flow.get("name") for flow in flows), f"a flow out of {gateway.get('id')} has no answer"


@every_diagram
def test_what_people_tables_and_other_processes_do_is_explained(process_id):
    assert not [node.get("id") for node in elements(process_id, *EXPLAINED) if not CHINESE.search(documentation(node))]


@every_diagram
def test_what_people_and_tables_decide_names_its_source(process_id):
    silent = [
        node.get("id") for node in elements(process_id, "userTask", "businessRuleTask") if not ARTICLE.search(documentation(node))
    ]
    assert not silent, f"no article, and no word on a gap, in the documentation of {silent}"


@every_diagram
def test_every_user_task_has_the_form_of_its_name(process_id):
    for task in elements(process_id, "userTask"):
        [drawn] = task.iter(f"{ZEEBE}formDefinition")
        assert drawn.get("formId") == task.get("id")
        assert (FORMS / process_id / f"{task.get('id')}.form").is_file(), f"forms/{process_id}/{task.get('id')}.form is missing"


@every_diagram
def test_every_user_task_says_who_acts(process_id):
    for task in elements(process_id, "userTask"):
        [who] = task.iter(f"{ZEEBE}assignmentDefinition")
        assert who.get("assignee") or who.get("candidateGroups") or who.get("candidateUsers")


@every_diagram
def test_every_service_task_calls_a_listed_operation(process_id):
    types = {node.get("type") for node in drawing(process_id).iter(f"{ZEEBE}taskDefinition")}
    assert types <= operation_types(), f"not in processes/OPERATIONS.md: {sorted(types - operation_types())}"


@every_diagram
def test_every_element_has_its_place_in_the_picture(process_id):
    shown = Counter(node.get("bpmnElement") for node in drawing(process_id).iter(f"{DI}BPMNShape", f"{DI}BPMNEdge"))
    wanted = [node.get("id") for node in elements(process_id, *FLOW_NODES, "sequenceFlow", "lane", "participant")]
    assert not [name for name in wanted if shown[name] != 1]


@every_diagram
def test_no_box_covers_another(process_id):
    kinds = {node.get("id"): etree.QName(node).localname for node in elements(process_id, *TASKS, *GATEWAYS, *EVENTS)}
    boxes = []
    for shape in drawing(process_id).iter(f"{DI}BPMNShape"):
        if kinds.get(shape.get("bpmnElement"), "boundaryEvent") == "boundaryEvent":
            continue  # sits on the edge of its task
        bounds = shape.find(BOUNDS)
        x, y, width, height = (float(bounds.get(name)) for name in ("x", "y", "width", "height"))
        boxes.append((shape.get("bpmnElement"), x, y, x + width, y + height))
    for n, (name, left, top, right, bottom) in enumerate(boxes):
        for other, other_left, other_top, other_right, other_bottom in boxes[n + 1 :]:
            apart = right <= other_left or other_right <= left or bottom <= other_top or other_bottom <= top
            assert apart, f"{name} and {other} overlap"


def test_user_task_ids_are_unique_over_all_processes():
    names = Counter(task.get("id") for process_id in diagrams() for task in elements(process_id, "userTask"))
    assert not [name for name, times in names.items() if times > 1]
    assert len(form_files()) == len(list(FORMS.glob("*/*.form")))


@every_table
def test_every_decision_and_input_has_its_place_in_the_picture(file: Path):
    root = etree.parse(file).getroot()
    shown = {shape.get("dmnElementRef") for shape in root.iter(f"{DMNDI}DMNShape", f"{DMNDI}DMNEdge")}
    wanted = {node.get("id") for node in root.iter("{*}decision", "{*}inputData", "{*}informationRequirement")}
    assert wanted <= shown, f"without a place: {sorted(wanted - shown)}"


@every_table
def test_every_rule_names_its_source(file: Path):
    for rule in etree.parse(file).getroot().iter("{*}rule"):
        notes = [*rule.itertext("{*}text"), *rule.itertext("{*}description")]
        assert any(CHINESE.search(text) for text in notes if text), f"{rule.get('id')} has no note"
        assert rule.find("{*}annotationEntry") is not None, f"{rule.get('id')} names no source"


@every_table
def test_facts_not_read_in_full_ask_for_confirmation(file: Path):
    for rule in etree.parse(file).getroot().iter("{*}rule"):
        texts = [node.text or "" for node in rule.iter("{*}text", "{*}description")]
        if any(text.strip('"') in {"V2", "V3", "R"} for text in texts):
            assert any("请向财政部门确认" in text for text in texts), f"{rule.get('id')} does not ask to confirm"


@every_form
def test_a_form_is_named_as_its_file_and_speaks_chinese(file: Path):
    drawn = json.loads(file.read_text(encoding="utf-8"))
    assert drawn["id"] == file.stem
    assert drawn["schemaVersion"] >= 17
    assert CHINESE.search(drawn["title"])
    unlabelled = [part["key"] for part in _parts(drawn["components"]) if "key" in part and not part.get("label")]
    assert not unlabelled


def _parts(components: list[dict]) -> list[dict]:
    return [part for component in components for part in (component, *_parts(component.get("components", [])))]
