"""Whether two BPMN files say the same: elements, attributes, extension elements and diagram interchange.

Prefixes, comments, indentation, the order of independent elements, attributes that state their default, and how a number is
written are no difference. The order of references, of waypoints and of what stands inside extension elements is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from lxml import etree

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
XSD = "{http://www.w3.org/2001/XMLSchema}"
XSI_TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"
ORDERED = {"incoming", "outgoing", "flowNodeRef", "waypoint"}
OMG = ("http://www.omg.org/spec/BPMN/", "http://www.omg.org/spec/DD/")  # whose schemas give the defaults
SCHEMAS = ("Semantic.xsd", "BPMNDI.xsd", "DC.xsd", "DI.xsd", "BPMN20.xsd")


@dataclass(frozen=True)
class Difference:
    """``kind``: lost, added, changed, reordered; ``where`` is the path of the element, ids included."""

    kind: str
    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.kind}: {self.where} {self.what}"


def differences(before: bytes, after: bytes) -> list[Difference]:
    """What the second file says otherwise than the first."""
    parser = etree.XMLParser(remove_comments=True, remove_pis=True, resolve_entities=False)
    one, two = etree.fromstring(before, parser), etree.fromstring(after, parser)
    return list(_compare(one, two, _name(one)))


def _compare(one: etree._Element, two: etree._Element, where: str) -> Iterator[Difference]:
    yield from _attributes(one, two, where)
    if _text(one) != _text(two):
        yield Difference("changed", where, f"text {_text(one)!r} -> {_text(two)!r}")
    if etree.QName(one).localname == "extensionElements" or etree.QName(one).namespace not in _known():
        yield from _in_order(list(one), list(two), where)
        return
    for tag in dict.fromkeys(child.tag for child in [*one, *two]):
        mine, theirs = one.findall(tag), two.findall(tag)
        compare = _in_order if etree.QName(tag).localname in ORDERED else _in_any_order
        yield from compare(mine, theirs, where)


def _attributes(one: etree._Element, two: etree._Element, where: str) -> Iterator[Difference]:
    mine, theirs = _said(one), _said(two)
    for name in sorted(mine.keys() | theirs.keys()):
        shown = name.removeprefix("{").replace("}", " ")
        if name not in theirs:
            yield Difference("lost", where, f"@{shown}={mine[name]!r}")
        elif name not in mine:
            yield Difference("added", where, f"@{shown}={theirs[name]!r}")
        elif mine[name] != theirs[name]:
            yield Difference("changed", where, f"@{shown} {mine[name]!r} -> {theirs[name]!r}")


def _in_order(mine: list[etree._Element], theirs: list[etree._Element], where: str) -> Iterator[Difference]:
    if [_canonical(node) for node in mine] == [_canonical(node) for node in theirs]:
        return
    if Counter(map(_canonical, mine)) == Counter(map(_canonical, theirs)):
        yield Difference("reordered", where, ", ".join(dict.fromkeys(_name(node) for node in mine)))
    elif [node.tag for node in mine] == [node.tag for node in theirs]:
        for one, two in zip(mine, theirs, strict=True):
            yield from _compare(one, two, f"{where}/{_name(one)}")
    else:
        yield from _in_any_order(mine, theirs, where)


def _in_any_order(mine: list[etree._Element], theirs: list[etree._Element], where: str) -> Iterator[Difference]:
    """Pairs by id, then by content; what is left over is lost or added."""
    left = list(theirs)
    unmatched = []
    for one in mine:
        two = next((found for found in left if _same(one, found)), None)
        if two is None:
            unmatched.append(one)
            continue
        left.remove(two)
        yield from _compare(one, two, f"{where}/{_name(one)}")
    while len(unmatched) == len(left) == 1 and unmatched[0].tag == left[0].tag:
        yield from _compare(unmatched.pop(), left.pop(), f"{where}/{_name(mine[0])}")
    for node in unmatched:
        yield Difference("lost", where, _shown(node))
    for node in left:
        yield Difference("added", where, _shown(node))


def _same(one: etree._Element, two: etree._Element) -> bool:
    if one.get("id") is not None or two.get("id") is not None:
        return one.tag == two.tag and one.get("id") == two.get("id")
    return _canonical(one) == _canonical(two)


def _said(node: etree._Element) -> dict[str, str]:
    """Attributes with their meaning: defaults left out, numbers and qualified names in one form."""
    defaults = _defaults(etree.QName(node).localname) if (etree.QName(node).namespace or "").startswith(OMG) else {}
    said = {}
    for name, value in node.attrib.items():
        if name == XSI_TYPE and value.rpartition(":")[2] in _types(etree.QName(node).localname):
            continue  # says the type that is declared anyway
        meant = _expanded(node, str(value)) if name == XSI_TYPE else _plain(str(value))
        if _plain(defaults.get(str(name), "\0")) != meant:
            said[str(name)] = meant
    return said


def _plain(value: str) -> str:
    try:
        return format(Decimal(value).normalize(), "f")
    except InvalidOperation:
        return value


def _expanded(node: etree._Element, value: str) -> str:
    prefix, _, name = value.rpartition(":")
    return f"{{{node.nsmap.get(prefix or None)}}}{name}"


def _text(node: etree._Element) -> str:
    return " ".join(((node.text or "") + "".join(child.tail or "" for child in node)).split())


def _canonical(node: etree._Element) -> str:
    return f"<{node.tag} {sorted(_said(node).items())}>{_text(node)}{[_canonical(child) for child in node]}"


def _name(node: etree._Element) -> str:
    local = etree.QName(node).localname
    return f"{local}[{node.get('id')}]" if node.get("id") else local


def _shown(node: etree._Element) -> str:
    attributes = "".join(f" {etree.QName(name).localname}={value!r}" for name, value in node.attrib.items())
    return f"<{etree.QName(node).localname}{attributes}>{_text(node)[:60]}"


# the schemas


@cache
def _known() -> frozenset[str]:
    return frozenset(str(root.get("targetNamespace")) for root in _schemas())


@cache
def _schemas() -> tuple[etree._Element, ...]:
    spec = find_spec("SpiffWorkflow.bpmn.parser")
    assert spec is not None
    assert spec.origin is not None
    return tuple(etree.parse(Path(spec.origin).parent / "schema" / name).getroot() for name in SCHEMAS)


@cache
def _types(element: str) -> frozenset[str]:
    """The declared types of an element, without prefixes."""
    declared = (node.get("type") for root in _schemas() for node in root.iter(f"{XSD}element") if node.get("name") == element)
    return frozenset(str(name).rpartition(":")[2] for name in declared if name)


@cache
def _defaults(element: str) -> dict[str, str]:
    """The default values of the attributes of an element, those of its base types included."""
    types = {str(node.get("name")): node for root in _schemas() for node in root.iter(f"{XSD}complexType") if node.get("name")}
    found: dict[str, str] = {}
    pending = list(_types(element))
    while pending:
        node = types.get(pending.pop())
        if node is None:
            continue
        found |= {str(a.get("name")): str(a.get("default")) for a in node.iter(f"{XSD}attribute") if a.get("default")}
        pending += [str(extension.get("base")).rpartition(":")[2] for extension in node.iter(f"{XSD}extension")]
    return found
