from __future__ import annotations

import re
from pathlib import Path

import pytest
from lxml import etree

from procurement.operations.described import DESCRIBED

ROOT = Path(__file__).parents[3]
ZEEBE = "{http://camunda.org/schema/zeebe/1.0}"
CALLABLE = set(DESCRIBED)  # operations and effects
DIAGRAMS = sorted((ROOT / "processes").glob("*/*.bpmn"))


@pytest.mark.parametrize("diagram", DIAGRAMS, ids=lambda path: path.stem)
def test_every_operation_a_diagram_calls_exists(diagram):
    called = {task.get("type") for task in etree.parse(diagram).iter(f"{ZEEBE}taskDefinition")}
    assert {name for name in called if not name.startswith("=")} <= CALLABLE


def test_the_reference_for_designers_names_exactly_the_operations_and_effects_there_are():
    text = (ROOT / "processes" / "OPERATIONS.md").read_text(encoding="utf-8")
    assert set(re.findall(r"^\| ([a-z_]+\.[a-z_]+) \|", text, re.MULTILINE)) == CALLABLE
