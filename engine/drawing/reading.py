"""What a diagram's own drawing says: which shapes and lines, where, in which colours. Numbers that are none are refused."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from engine.drawing.svg import Point
from engine.errors import EngineError
from engine.spiff.parser.xml import BPMN, BPMNDI, read

DC = "{http://www.omg.org/spec/DD/20100524/DC}"
DI = "{http://www.omg.org/spec/DD/20100524/DI}"
BIOC = "{http://bpmn.io/schema/bpmn/biocolor/1.0}"
COLOUR = "{http://www.omg.org/spec/BPMN/non-normative/color/1.0}"
_BPMN, _BPMNDI = f"{{{BPMN}}}", f"{{{BPMNDI}}}"
FURTHEST = 1_000_000  # pixels
MOST = 4_000  # shapes and lines of one drawing
_SAFE_COLOUR = re.compile(r"#[0-9a-fA-F]{3,8}|[a-zA-Z]{3,24}|rgba?\([0-9., %]{3,40}\)")


class NotDrawn(EngineError):
    """The diagram has no drawing of {process}, or one too large to be made into a picture. Save it in the editor, with shapes."""


@dataclass(frozen=True)
class Box:
    x: float
    y: float
    width: float
    height: float

    @property
    def middle(self) -> Point:
        return self.x + self.width / 2, self.y + self.height / 2


@dataclass(frozen=True)
class Look:
    """Colours the designer chose; None for the usual ones."""

    stroke: str | None = None
    fill: str | None = None
    label: str | None = None


@dataclass(frozen=True)
class Shape:
    element: etree._Element
    box: Box
    look: Look
    label: Box | None
    expanded: bool | None
    horizontal: bool
    marked: bool  # isMarkerVisible of an exclusive gateway

    @property
    def kind(self) -> str:
        return etree.QName(self.element).localname

    @property
    def name(self) -> str:
        return self.element.get("name") or ""


@dataclass(frozen=True)
class Line:
    element: etree._Element
    points: tuple[Point, ...]
    look: Look
    label: Box | None

    @property
    def kind(self) -> str:
        return etree.QName(self.element).localname

    @property
    def name(self) -> str:
        return self.element.get("name") or ""


@dataclass
class Drawing:
    """The shapes and lines of one plane, in the file's order, and every element of the file by id."""

    title: str
    shapes: list[Shape] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    elements: dict[str, etree._Element] = field(default_factory=dict)


def drawing(content: bytes, process_id: str, *, file: str) -> Drawing:
    """The plane that shows the process. Raises DefinitionInvalid for a file that is no BPMN, NotDrawn without a plane."""
    root = read(content, file)
    elements = {node.get("id", ""): node for node in root.iter(f"{_BPMN}*") if node.get("id")}
    plane = _plane(root, elements, process_id)
    if plane is None or len(plane) > MOST:
        raise NotDrawn(process=process_id)
    process = elements.get(process_id)
    made = Drawing((process.get("name") if process is not None else None) or process_id, elements=elements)
    closed, roots = _closed(plane, elements), _roots(elements[plane.get("bpmnElement", "")])
    for node in plane:
        element = elements.get(node.get("bpmnElement", ""))
        if element is None or _inside(element, closed) or not _inside(element, roots):
            continue
        if node.tag == f"{_BPMNDI}BPMNShape" and (box := _box(node)) is not None:
            made.shapes.append(_shape(node, element, box))
        elif node.tag == f"{_BPMNDI}BPMNEdge":
            points = tuple(_points(node))
            if len(points) > 1:
                made.lines.append(Line(element, points, _look(node), _label(node)))
    return made


def _plane(root: etree._Element, elements: dict[str, etree._Element], process_id: str) -> etree._Element | None:
    planes = [plane for plane in root.iter(f"{_BPMNDI}BPMNPlane") if plane.get("bpmnElement") in elements]
    for plane in planes:
        shown = elements[plane.get("bpmnElement", "")]
        pools = (pool.get("processRef") for pool in shown.iterfind(f"{_BPMN}participant"))
        if shown.get("id") == process_id or process_id in pools:
            return plane
    return None


def _shape(node: etree._Element, element: etree._Element, box: Box) -> Shape:
    expanded = node.get("isExpanded")
    return Shape(
        element=element,
        box=box,
        look=_look(node),
        label=_label(node),
        expanded=None if expanded is None else expanded == "true",
        horizontal=node.get("isHorizontal") != "false",
        marked=node.get("isMarkerVisible") == "true",
    )


def _closed(plane: etree._Element, elements: dict[str, etree._Element]) -> frozenset[str]:
    """Sub-processes this plane shows closed: what is inside is not drawn."""
    shut = (node.get("bpmnElement", "") for node in plane if node.get("isExpanded") == "false")
    return frozenset(key for key in shut if key in elements)


def _roots(shown: etree._Element) -> frozenset[str]:
    """The plane's own element and the processes of its pools: a shape of any other process is a leftover of its editor."""
    pools = (pool.get("processRef") for pool in shown.iterfind(f"{_BPMN}participant"))
    return frozenset(filter(None, (shown.get("id"), *pools)))


def _inside(element: etree._Element, containers: frozenset[str]) -> bool:
    return bool(containers) and any(parent.get("id") in containers for parent in element.iterancestors())


def _look(node: etree._Element) -> Look:
    label = node.find(f"{_BPMNDI}BPMNLabel")
    return Look(
        stroke=_colour(node.get(f"{COLOUR}border-color") or node.get(f"{BIOC}stroke")),
        fill=_colour(node.get(f"{COLOUR}background-color") or node.get(f"{BIOC}fill")),
        label=_colour(label.get(f"{COLOUR}color")) if label is not None else None,
    )


def _colour(value: str | None) -> str | None:
    """None for anything that is not plainly a colour."""
    return value if value and _SAFE_COLOUR.fullmatch(value) else None


def _label(node: etree._Element) -> Box | None:
    label = node.find(f"{_BPMNDI}BPMNLabel")
    return None if label is None else _box(label)


def _box(node: etree._Element) -> Box | None:
    bounds = node.find(f"{DC}Bounds")
    values = [_number(bounds.get(name)) for name in ("x", "y", "width", "height")] if bounds is not None else [None]
    if any(value is None for value in values):
        return None
    x, y, width, height = (value or 0.0 for value in values)
    return Box(x, y, max(width, 1.0), max(height, 1.0))


def _points(node: etree._Element) -> Iterator[Point]:
    for waypoint in node.iterfind(f"{DI}waypoint"):
        x, y = _number(waypoint.get("x")), _number(waypoint.get("y"))
        if x is not None and y is not None:
            yield x, y


def _number(text: str | None) -> float | None:
    try:
        value = float(text or "")
    except ValueError:
        return None
    return value if math.isfinite(value) and abs(value) <= FURTHEST else None
