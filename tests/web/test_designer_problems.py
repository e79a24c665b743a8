"""What is wrong with a file is told in Chinese, with file and line, before anything is done with it."""

from __future__ import annotations

import html
import re

import pytest

BPMN = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0"
             xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" targetNamespace="faulty">
  <process id="faulty_process" isExecutable="true">
    <startEvent id="began"/>
    <sequenceFlow id="f1" sourceRef="began" targetRef="asked"/>
    <userTask id="asked"/>
    <sequenceFlow id="f2" sourceRef="asked" targetRef="divided"/>
    <exclusiveGateway id="divided" default="f3"/>
    <sequenceFlow id="f3" sourceRef="divided" targetRef="done"><conditionExpression>=if amount > 5 the 1</conditionExpression></sequenceFlow>
    <sequenceFlow id="f4" sourceRef="divided" targetRef="worked"/>
    <serviceTask id="worked"><extensionElements><zeebe:ioMapping>
      <zeebe:input source="=strng length(title)" target="size"/></zeebe:ioMapping></extensionElements></serviceTask>
    <transaction id="together"/>
    <boundaryEvent id="late" attachedToRef="asked"><timerEventDefinition><timeDuration>five days</timeDuration></timerEventDefinition></boundaryEvent>
    <endEvent id="done"/>
    <task id="forgotten"/>
    <callActivity id="called"/>
  </process>
</definitions>
"""
DMN = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="faulty_table_model" name="m" namespace="faulty">
  <decision id="faulty_table" name="采购方式">
    <decisionTable id="table" hitPolicy="UNIQUE">
      <input id="in" label="金额"><inputExpression typeRef="number"><text>amount</text></inputExpression></input>
      <output id="out" name="route" typeRef="string"/>
      <rule id="r1"><inputEntry><text>&lt;= 50000</text></inputEntry><outputEntry><text>"committee"</text></outputEntry></rule>
      <rule id="r2"><inputEntry><text>[50000..90000]</text></inputEntry><outputEntry><text>"open_comparison"</text></outputEntry></rule>
    </decisionTable>
  </decision>
</definitions>
"""
FORM = """{
  "type": "default", "id": "faulty_form", "schemaVersion": 16,
  "components": [
    {"type": "iframe", "id": "frame", "url": "https://example.com"},
    {"type": "text", "id": "guide", "text": "{{#if amount > 5}}请说明理由"},
    {"type": "number", "key": "amount", "label": "金额", "defaultValue": "many", "colour": "red"},
    {"type": "textfield", "key": "name", "label": "名称", "conditional": {"hide": "=amount >"}, "validate": {"minLength": "few"}},
    {"type": "select", "key": "kind", "label": "类别", "properties": {"rule": "=unknown function(1)"}}
  ]
}
"""
FAULTY = {  # file → its text, a line that must be named, a sentence that must be said
    "faulty.bpmn": (BPMN, 7, "这个用户任务没有人能办。"),
    "faulty.dmn": (DMN, 8, "决策表 采购方式 有重叠：金额 = 50000 时规则 1, 2 同时命中"),
    "faulty.form": (FORM, 4, "不接受 iframe"),
}
ENGLISH = re.compile(r"\b[A-Za-z]{2,} [a-z]{2,} [a-z]{2,}\b")  # three words in a row; FEEL and names of the files have fewer


@pytest.mark.parametrize("name", FAULTY)
def test_the_faults_of_a_file_are_told_in_chinese_with_file_and_line(name, as_user) -> None:
    text, line, told = FAULTY[name]
    answer = as_user("lcsj").post_form(
        "/studio/import", {"_action": "check"}, page="/studio/import", files={"files": (name, text.encode())}
    )
    assert answer.status_code == 200
    problems = rows(answer.text)
    assert problems
    folder = "forms" if name.endswith(".form") else "processes"
    assert all(file == f"{folder}/faulty/{name}" for file, _, _ in problems), "told under the path it would have"
    assert line in {line for _, line, _ in problems}
    assert any(told in sentence for _, _, sentence in problems), problems
    assert [sentence for _, _, sentence in problems if ENGLISH.search(sentence)] == []


def rows(page: str) -> list[tuple[str, int, str]]:
    """File, line and sentence of each problem on the page."""
    cells = [re.findall(r"<td[^>]*>(.*?)</td>", row, re.DOTALL) for row in re.findall(r"<tr><td.*?</tr>", page, re.DOTALL)]
    texts = [[html.unescape(re.sub(r"<[^>]+>", "", cell)).strip() for cell in row] for row in cells]
    return [(file, int(line), sentence) for file, line, _element, sentence in texts]
