"""The first pass: every element and attribute is known, or becomes a problem that says what to draw instead."""

from __future__ import annotations

from lxml import etree

from engine.spiff.parser import vocabulary as words
from engine.spiff.parser.problems import Problems
from engine.spiff.parser.xml import BPMN, BPMNDI, MODELER, XML, XSI, ZEEBE, bpmn, local, namespace, shown


def check(root: etree._Element, problems: Problems, processes: list[etree._Element]) -> None:
    """Walk everything but the diagram interchange and processes other than ``processes``: those are drawn for readers only."""
    _Strictness(root, problems, processes).element(root)


class _Strictness:
    def __init__(self, root: etree._Element, problems: Problems, processes: list[etree._Element]) -> None:
        self.root = root
        self.problems = problems
        self.processes = processes

    def element(self, node: etree._Element) -> None:
        name, space = local(node), namespace(node)
        if space == BPMNDI:
            return
        if space != BPMN:
            self.problems.error(
                node, "The element {tag} belongs to another tool and is not understood. Delete it.", tag=shown(node.tag)
            )
            return
        if name == "process" and node not in self.processes and node.getparent() is self.root:
            return
        if name == "extensionElements":
            self._extensions(node)
        elif name in words.INFORMATION:
            self._information(node)
        elif name in words.FLOW_NODES or name in words.DEFINITIONS:
            self._place(node, name)
            self._attributes(node, (words.FLOW_NODES.get(name) or words.DEFINITIONS.get(name)) or {})
            self._children(node)
        else:
            self._unknown(node, name)

    def _place(self, node: etree._Element, name: str) -> None:
        parent = node.getparent()
        if parent is not None and local(parent) not in words.PARENTS.get(name, {local(parent)}):
            self.problems.error(
                node, "The element {name} has no meaning inside {parent}. Delete it.", name=name, parent=local(parent)
            )
        if name in words.NEEDS_ID and not node.get("id"):
            self.problems.error(node, "The {name} has no id. Give it one.", name=name)

    def _children(self, node: etree._Element) -> None:
        for child in node:
            self.element(child)

    def _information(self, node: etree._Element) -> None:
        """Drawn for readers: their attributes change nothing, but nothing active may hide inside."""
        if local(node) != "documentation":
            self._children(node)

    def _unknown(self, node: etree._Element, name: str) -> None:
        if name == "property" and node.get("name") == "__targetRef_placeholder":
            return  # the editor writes it when a data object is connected to a task
        parent = node.getparent()
        if name in {"source", "target"} and parent is not None and local(parent) == "linkEventDefinition":
            return  # says again what the link's name says
        sentence = words.REFUSED.get(
            name, "The BPMN element {name} is not supported. Draw it with the elements listed in the reference."
        )
        self.problems.error(node, sentence, name=name)

    def _attributes(self, node: etree._Element, known: dict[str, frozenset[str] | None]) -> None:
        for key, value in node.attrib.items():
            if str(key).startswith("{"):
                self._foreign_attribute(node, str(key))
                continue
            accepted = known.get(str(key), frozenset())
            if accepted is None or value in accepted:
                continue
            sentence = words.REFUSED_ATTRIBUTES.get(
                str(key), '{attribute}="{value}" is not supported here. Delete the attribute.'
            )
            self.problems.error(node, sentence, attribute=key, value=value)

    def _foreign_attribute(self, node: etree._Element, key: str) -> None:
        space, name = etree.QName(key).namespace, etree.QName(key).localname
        if space in {XSI, XML} or (space == MODELER and node.tag == bpmn("definitions")):
            return
        if space == ZEEBE and name in words.ZEEBE_DESIGN_ATTRIBUTES:
            return
        sentence = words.ZEEBE_REFUSED.get(
            name, "The attribute {attribute} belongs to another tool and is not understood. Delete it."
        )
        self.problems.error(node, sentence, attribute=shown(key))

    def _extensions(self, node: etree._Element) -> None:
        host = node.getparent()
        host_name = local(host) if host is not None else ""
        seen: set[str] = set()
        for extension in node:
            name = local(extension)
            if namespace(extension) != ZEEBE or name not in words.ZEEBE_ELEMENTS:
                self._unknown_extension(extension)
                continue
            hosts, attributes = words.ZEEBE_ELEMENTS[name]
            if host_name not in hosts:
                self.problems.error(extension, "zeebe:{name} has no meaning on {host}. Delete it.", name=name, host=host_name)
            if name in seen:
                self.problems.error(extension, "zeebe:{name} stands here twice. Keep one.", name=name)
            seen.add(name)
            self._zeebe_attributes(extension, attributes)
            self._zeebe_children(extension, words.ZEEBE_CHILDREN.get(name, {}))

    def _unknown_extension(self, extension: etree._Element) -> None:
        name = local(extension)
        unknown = "The extension {name} is not understood. Delete it, or say it with the extensions listed in the reference."
        self.problems.error(
            extension,
            words.ZEEBE_REFUSED.get(name, unknown) if namespace(extension) == ZEEBE else unknown,
            name=shown(extension.tag),
        )

    def _zeebe_attributes(self, node: etree._Element, known: frozenset[str]) -> None:
        for key in node.attrib:
            if key not in known:
                unknown = "zeebe:{name} has no attribute {attribute}. Delete it."
                self.problems.error(node, words.ZEEBE_REFUSED.get(str(key), unknown), name=local(node), attribute=key)

    def _zeebe_children(self, node: etree._Element, known: dict[str, frozenset[str]]) -> None:
        for child in node:
            name = local(child)
            if namespace(child) == ZEEBE and name in known:
                self._zeebe_attributes(child, known[name])
                self._zeebe_children(child, {})
            else:
                self.problems.error(
                    child, "zeebe:{name} cannot contain {child}. Delete it.", name=local(node), child=shown(child.tag)
                )
