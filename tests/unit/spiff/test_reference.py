"""docs/reference/bpmn.md says exactly what the parser does."""

from __future__ import annotations

import re
from pathlib import Path

from engine.spiff.parser import vocabulary
from engine.spiff.parser.event_definitions import ALLOWED

PAGE = (Path(__file__).parents[3] / "docs" / "reference" / "bpmn.md").read_text()


def section(title: str) -> str:
    return re.search(rf"^## {re.escape(title)}\n(.*?)(?=^## |\Z)", PAGE, re.DOTALL | re.MULTILINE)[1]


def rows(title: str) -> list[list[str]]:
    """Cells of the section's tables, header and ruler left out."""
    lines = [line for line in section(title).splitlines() if line.startswith("|")][2:]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def codes(text: str) -> list[str]:
    return re.findall(r"`([^`]+)`", text)


def test_every_flow_node_has_a_row():
    named = [name for row in rows("任务、网关、子流程") for name in codes(row[0])]
    assert sorted(named) == sorted([*vocabulary.FLOW_NODES, "sequenceFlow"])


def test_the_event_table_is_the_programs():
    table = {codes(row[0])[0]: set(codes(row[1])) for row in rows("事件")}
    assert table == ALLOWED


def test_every_extension_and_its_attributes_are_listed():
    table = {codes(row[0])[0]: set(codes(row[1])) for row in rows("扩展(zeebe)")}
    assert set(table) == set(vocabulary.ZEEBE_ELEMENTS)
    for name, (_, attributes) in vocabulary.ZEEBE_ELEMENTS.items():
        children = vocabulary.ZEEBE_CHILDREN.get(name, {})
        known = attributes | set(children) | set().union(*children.values()) - {"id"}
        assert table[name] == known, name


def test_what_is_information_only_is_listed():
    assert set(codes(section("只供人看"))) - {'isExecutable="true"'} == vocabulary.INFORMATION


def test_every_refused_element_has_a_row():
    named = {name for row in rows("被拒绝的") for name in codes(row[0])}
    assert named == set(vocabulary.REFUSED)
    for name in ("userTaskForm", "executionListeners", "taskListeners", "formKey", "externalReference"):
        assert name in section("被拒绝的")
