"""Comparing, tried on every file the project has: nothing is different from itself, and no edit stays unseen."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from engine import comparing

HOME = Path(__file__).parents[3]
FILES = {
    file.relative_to(HOME).as_posix(): file.read_bytes()
    for top in ("processes", "forms")
    for file in sorted((HOME / top).rglob("*"))
    if file.is_file() and file.suffix in {".bpmn", ".dmn", ".form", ".md", ".yaml"}
}
MODELS = sorted(path for path in FILES if path.endswith((".bpmn", ".dmn")))
FORMS = sorted(path for path in FILES if path.endswith(".form"))
WITHOUT_MEANING = {"incoming", "outgoing", "definitions", "laneSet", "BPMNDiagram", "BPMNPlane", "DMNDI", "DMNDiagram"}
UNSEEN = {"id", "exporter", "exporterVersion", "targetNamespace", "namespace", "schemaVersion"}


@pytest.mark.parametrize("path", sorted(FILES))
def test_a_file_is_not_different_from_itself(path: str) -> None:
    same = comparing.compare_file(path, FILES[path], FILES[path])
    assert (same.changes, same.lines, same.unreadable) == ((), (), ())


def test_the_same_files_are_not_told_at_all() -> None:
    assert comparing.compare(FILES, dict(FILES)) == ()


@pytest.mark.parametrize("path", MODELS)
def test_indentation_and_prefixes_are_no_difference(path: str) -> None:
    root = etree.fromstring(FILES[path], etree.XMLParser(remove_blank_text=True))
    told = comparing.compare_file(path, FILES[path], etree.tostring(root))
    assert told.changes == ()


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(MODELS), st.integers(0, 10**9))
def test_a_changed_attribute_anywhere_in_a_model_is_found(path: str, seed: int) -> None:
    root = etree.fromstring(FILES[path])
    node, name = random.Random(seed).choice(_attributes(root))
    node.set(name, "9999" if node.get(name, "").replace(".", "").isdigit() else f"{node.get(name)}_x")
    told = comparing.compare_file(path, FILES[path], etree.tostring(root))
    assert told.changes or told.lines, f"{node.tag} {name}"  # lines: a detail nobody has a word for


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(MODELS), st.integers(0, 10**9))
def test_a_changed_text_anywhere_in_a_model_is_found(path: str, seed: int) -> None:
    root = etree.fromstring(FILES[path])
    nodes = [node for node in root.iter() if _tag(node) not in WITHOUT_MEANING and (node.text or "").strip()]
    node = random.Random(seed).choice(nodes)
    node.text = f"{(node.text or '').strip()} x"
    told = comparing.compare_file(path, FILES[path], etree.tostring(root))
    assert told.changes or told.lines, _tag(node)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(FORMS), st.integers(0, 10**9))
def test_a_changed_value_anywhere_in_a_form_is_found(path: str, seed: int) -> None:
    schema = json.loads(FILES[path])
    holder, name = random.Random(seed).choice(list(_values(schema)))
    holder[name] = not holder[name] if isinstance(holder[name], bool) else f"{holder[name]}x"
    assert comparing.compare_file(path, FILES[path], json.dumps(schema).encode()).changes, name


@settings(max_examples=30, deadline=None)
@given(st.sampled_from(MODELS + FORMS), st.integers(0, 10**9))
def test_the_report_is_the_same_every_time(path: str, seed: int) -> None:
    lines = FILES[path].decode().splitlines()
    del lines[random.Random(seed).randrange(len(lines))]
    edited = "\n".join(lines).encode()
    first = comparing.compare_file(path, FILES[path], edited)
    assert first == comparing.compare_file(path, FILES[path], edited)


@pytest.mark.parametrize("path", MODELS + FORMS)
def test_what_cannot_be_read_is_compared_as_text(path: str) -> None:
    told = comparing.compare_file(path, FILES[path], FILES[path][:-40])
    assert told.unreadable == ("after",)
    assert told.lines


def test_a_new_and_a_vanished_file_are_told_whole() -> None:
    path = "processes/goal_setting/goal_setting.bpmn"
    new, gone = comparing.compare_file(path, None, FILES[path]), comparing.compare_file(path, FILES[path], None)
    assert (new.state, gone.state) == ("added", "removed")
    assert {change.kind for change in new.changes} == {"added"}
    assert len(new.changes) == len(gone.changes) > 40


def _attributes(root: etree._Element) -> list[tuple[etree._Element, str]]:
    return [
        (node, str(name))
        for node in root.iter()
        if isinstance(node.tag, str) and _tag(node) not in WITHOUT_MEANING and not _is_label(node)
        for name in node.attrib
        if str(name).rpartition("}")[2] not in UNSEEN and not (_tag(node).endswith(("Shape", "Edge")) and "lement" in str(name))
    ]


def _is_label(node: etree._Element) -> bool:
    """Parts of a drawing that dmn-js writes and nobody sees."""
    return _tag(node) in {"DMNEdge", "DMNStyle", "waypoint", "DMNDecisionServiceDividerLine"}


def _tag(node: etree._Element) -> str:
    return etree.QName(node).localname if isinstance(node.tag, str) else ""


def _values(holder: Any) -> Iterator[tuple[Any, Any]]:
    if isinstance(holder, dict):
        for key, value in holder.items():
            if isinstance(value, (dict, list)):
                yield from _values(value)
            elif key not in {"id"} | UNSEEN:
                yield holder, key
    elif isinstance(holder, list):
        for value in holder:
            yield from _values(value)
