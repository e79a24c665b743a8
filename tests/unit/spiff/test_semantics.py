"""The comparison of diagrams sees every change that means something, and nothing else."""

from __future__ import annotations

import pytest
from lxml import etree

from tests.support.memory_host import diagrams
from tests.support.semantics import BPMN, ORDERED, differences

FILE = diagrams()["committee_decision"]


def tree() -> etree._Element:
    return etree.fromstring(FILE.read_bytes())


def seen(root: etree._Element) -> list[str]:
    return [str(found) for found in differences(FILE.read_bytes(), etree.tostring(root))]


def test_every_changed_or_removed_attribute_is_seen():
    count = sum(len(node.attrib) for node in tree().iter(etree.Element))
    assert count > 300
    for number in range(0, count, 7):
        for change in ("changed", "removed"):
            root = tree()
            node, name = [(node, name) for node in root.iter(etree.Element) for name in node.attrib][number]
            if change == "removed":
                del node.attrib[name]
            else:
                node.set(name, node.get(name) + "x")
            assert seen(root), (node.tag, name, change)


def test_every_removed_element_and_changed_text_is_seen():
    for number in range(1, len(list(tree().iter(etree.Element))), 5):
        root = tree()
        node = list(root.iter(etree.Element))[number]
        node.getparent().remove(node)
        assert seen(root), node.tag
        root = tree()
        node = list(root.iter(etree.Element))[number]
        if len(node) == 0:
            node.text = (node.text or "") + "x"
            assert seen(root), node.tag


@pytest.mark.parametrize("name", sorted(ORDERED - {"incoming", "flowNodeRef"}))
def test_order_is_seen_where_it_means_something(name: str):
    root = tree()
    parent = next(node.getparent() for node in root.iter(f"{{*}}{name}") if len(node.getparent().findall(f"{{*}}{name}")) > 1)
    first, second = parent.findall(f"{{*}}{name}")[:2]
    parent.replace(first, etree.fromstring(etree.tostring(second)))
    second.text, kept = first.text, dict(first.attrib)
    second.attrib.clear()
    second.attrib.update(kept)
    assert seen(root)


def test_how_it_is_written_is_not_seen():
    root = tree()
    process = root.find("{*}process")
    process[:] = list(reversed(process))
    for node in root.iter(etree.Element):
        for name, value in list(node.attrib.items()):
            if value.isdigit() and name in {"x", "y", "width", "height"}:
                node.set(name, f"{value}.0")
    for task in root.iter(f"{{{BPMN}}}userTask"):
        task.set("startQuantity", "1")
        task.set("isForCompensation", "false")
    root.append(etree.Comment("a comment"))
    text = etree.tostring(root).replace(b"bpmn:", b"semantic:").replace(b"xmlns:bpmn=", b"xmlns:semantic=")
    assert differences(FILE.read_bytes(), text) == []
