"""Every shape of BPMN: pools and lanes, activities, events, gateways, data, annotations, groups."""

from __future__ import annotations

from collections.abc import Mapping

from lxml import etree

from engine.drawing import symbols, writing
from engine.drawing.reading import Box, Shape
from engine.drawing.svg import group, moves, path, tag

INK, PAPER = "#22242a", "#fff"
HEAD = 30.0  # pixels of a pool's or lane's head
ROUND = 10.0
SIGN = 24.0  # the corner taken by the sign of a task
SUB_PROCESSES = frozenset({"subProcess", "transaction", "adHocSubProcess"})
ACTIVITIES = frozenset({*symbols.TASKS, *SUB_PROCESSES, "task", "callActivity"})
_BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"


def drawn(shape: Shape) -> str:
    """The shape without a label that stands outside it."""
    if shape.kind in {"participant", "lane"}:
        return _pool(shape)
    if shape.kind in ACTIVITIES:
        return _activity(shape)
    if shape.kind.endswith("Event"):
        return _event(shape)
    if shape.kind.endswith("Gateway"):
        return _gateway(shape)
    other = _OTHERS.get(shape.kind)
    return other(shape) if other else ""


def label(shape: Shape, elements: Mapping[str, etree._Element]) -> str:
    """The label outside, of those shapes that have theirs there."""
    if shape.kind == "group":
        value = elements.get(shape.element.get("categoryValueRef", ""))
        name, box = (value.get("value", "") if value is not None else ""), Box(shape.box.x, shape.box.y + 4, shape.box.width, 14)
    elif shape.kind.endswith(("Event", "Gateway")) or shape.kind in _LABELLED:
        name, box = shape.name, Box(shape.box.middle[0] - 45, shape.box.y + shape.box.height + 5, 90, 20)
    else:
        return ""
    return writing.beside(name, shape.label or box, shape.look.label or INK)


def is_open(shape: Shape) -> bool:
    """A sub-process that shows what is inside."""
    return shape.kind in SUB_PROCESSES and shape.expanded is not False


def _colours(shape: Shape) -> tuple[str, str]:
    return shape.look.stroke or INK, shape.look.fill or PAPER


def _rect(box: Box, **attributes: str | float | None) -> str:
    return tag("rect", x=box.x, y=box.y, width=box.width, height=box.height, **attributes)


def _pool(shape: Shape) -> str:
    stroke, fill = _colours(shape)
    box, lane = shape.box, shape.kind == "lane"
    ink = shape.look.label or stroke
    frame = _rect(box, fill="none" if lane and shape.look.fill is None else fill, stroke=stroke, stroke_width=1 if lane else 1.5)
    empty = not lane and shape.element.get("processRef") is None
    if empty:
        return frame + writing.centred(shape.name, box, ink)
    if not shape.horizontal:
        head = Box(box.x, box.y, box.width, HEAD)
        return frame + _rect(head, fill="none", stroke=stroke) + writing.centred(shape.name, head, ink)
    head = Box(box.x, box.y, HEAD, box.height)
    border = path(moves([(box.x + HEAD, box.y), (box.x + HEAD, box.y + box.height)]), stroke=stroke) if not lane else ""
    return frame + border + writing.upright(shape.name, head, ink)


def _activity(shape: Shape) -> str:
    stroke, fill = _colours(shape)
    box, node = shape.box, shape.element
    event_driven = node.get("triggeredByEvent") == "true"
    thick = 4.0 if shape.kind == "callActivity" else 2.0
    parts = [_rect(box, rx=ROUND, fill=fill, stroke=stroke, stroke_width=thick, stroke_dasharray="2 4" if event_driven else None)]
    if shape.kind == "transaction":
        inner = Box(box.x + 4, box.y + 4, box.width - 8, box.height - 8)
        parts.append(_rect(inner, rx=ROUND - 3, fill="none", stroke=stroke))
    foot = _foot(shape, stroke)
    ink = shape.look.label or stroke
    if is_open(shape):
        parts.append(writing.centred(shape.name, Box(box.x + 10, box.y + 6, box.width - 20, 34), ink, top=True))
    else:
        sign = symbols.TASKS.get(shape.kind)
        parts.append(sign(box.x + 14, box.y + 14, stroke, fill) if sign else "")
        inside = Box(box.x + 6, box.y + 5, max(box.width - 12, 12), max(box.height - (23 if foot else 10), 12))
        if sign and writing.reaches(shape.name, inside, SIGN, SIGN):
            inside = Box(inside.x, box.y + SIGN, inside.width, max(inside.height - SIGN + 5, 12))
        parts.append(writing.centred(shape.name, inside, ink))
    return group(*parts, *foot)


def _foot(shape: Shape, stroke: str) -> list[str]:
    """What hangs at the lower edge: repeated, closed, in any order, undoing."""
    node = shape.element
    signs = []
    repeated = node.find(f"{_BPMN}multiInstanceLoopCharacteristics")
    if node.find(f"{_BPMN}standardLoopCharacteristics") is not None:
        signs.append(symbols.loop)
    if repeated is not None:
        signs.append(symbols.sequential if repeated.get("isSequential") == "true" else symbols.parallel)
    if node.get("isForCompensation") == "true":
        signs.append(symbols.undoing)
    if shape.kind == "callActivity" or (shape.kind in SUB_PROCESSES and not is_open(shape)):
        signs.append(symbols.closed)
    if shape.kind == "adHocSubProcess":
        signs.append(symbols.ad_hoc)
    x, y = shape.box.middle[0] - (len(signs) - 1) * 10, shape.box.y + shape.box.height - 11
    return [sign(x + 20 * index, y, stroke) for index, sign in enumerate(signs)]


def _event(shape: Shape) -> str:
    stroke, fill = _colours(shape)
    node, (x, y) = shape.element, shape.box.middle
    radius = min(shape.box.width, shape.box.height) / 2
    double = shape.kind in {"intermediateCatchEvent", "intermediateThrowEvent", "boundaryEvent"}
    gentle = node.get("cancelActivity") == "false" or node.get("isInterrupting") == "false"
    dashes = "6 4" if gentle else None
    thick = 4.0 if shape.kind == "endEvent" else 1.6 if double else 2.0
    parts = [tag("circle", cx=x, cy=y, r=radius, fill=fill, stroke=stroke, stroke_width=thick, stroke_dasharray=dashes)]
    if double:
        parts.append(
            tag("circle", cx=x, cy=y, r=radius - 3, fill="none", stroke=stroke, stroke_width=1.6, stroke_dasharray=dashes)
        )
    sign = _sign(node)
    if sign is not None:
        throws = shape.kind in {"endEvent", "intermediateThrowEvent"}
        parts.append(_scaled(sign(x, y, stroke, stroke if throws else fill), x, y, radius / 18))
    return group(*parts)


def _sign(node: etree._Element) -> symbols.Sign | None:
    kinds = [etree.QName(child).localname for child in node if isinstance(child.tag, str)]
    found = [kind for kind in kinds if kind in symbols.EVENTS]
    if len(found) > 1:
        return symbols.parallel_multiple if node.get("parallelMultiple") == "true" else symbols.multiple
    return symbols.EVENTS[found[0]] if found else None


def _scaled(sign: str, x: float, y: float, scale: float) -> str:
    if 0.95 < scale < 1.05:
        return sign
    return group(sign, transform=f"translate({x:.2f} {y:.2f}) scale({scale:.3f}) translate({-x:.2f} {-y:.2f})")


def _gateway(shape: Shape) -> str:
    stroke, fill = _colours(shape)
    box, (x, y) = shape.box, shape.box.middle
    corners = [(x, box.y), (box.x + box.width, y), (x, box.y + box.height), (box.x, y)]
    diamond = path(moves(corners, closed=True), fill=fill, stroke=stroke, stroke_width=2, stroke_linejoin="round")
    sign = _GATEWAYS.get(shape.kind)
    if sign is None or (shape.kind == "exclusiveGateway" and not shape.marked):
        return diamond
    return group(diamond, _scaled(sign(x, y, stroke), x, y, min(box.width, box.height) / 50))


def _cross(x: float, y: float, stroke: str) -> str:
    d = moves([(x - 7, y - 9), (x + 7, y + 9)]) + moves([(x + 7, y - 9), (x - 7, y + 9)])
    return path(d, stroke=stroke, stroke_width=4)


def _plus(x: float, y: float, stroke: str) -> str:
    return path(moves([(x - 11, y), (x + 11, y)]) + moves([(x, y - 11), (x, y + 11)]), stroke=stroke, stroke_width=4)


def _ring(x: float, y: float, stroke: str) -> str:
    return tag("circle", cx=x, cy=y, r=11.5, fill="none", stroke=stroke, stroke_width=2.6)


def _star(x: float, y: float, stroke: str) -> str:
    slanted = moves([(x - 8, y - 8), (x + 8, y + 8)]) + moves([(x + 8, y - 8), (x - 8, y + 8)])
    return _plus(x, y, stroke) + path(slanted, stroke=stroke, stroke_width=4)


def _first_of(x: float, y: float, stroke: str) -> str:
    rings = "".join(tag("circle", cx=x, cy=y, r=r, fill="none", stroke=stroke) for r in (15, 12))
    return rings + _scaled(symbols.multiple(x, y, stroke, "none"), x, y, 0.8)


_GATEWAYS = {
    "exclusiveGateway": _cross,
    "parallelGateway": _plus,
    "inclusiveGateway": _ring,
    "complexGateway": _star,
    "eventBasedGateway": _first_of,
}


def _page(shape: Shape) -> str:
    stroke, fill = _colours(shape)
    box, fold = shape.box, min(12.0, shape.box.width / 3)
    right, bottom = box.x + box.width, box.y + box.height
    outline = [(box.x, box.y), (right - fold, box.y), (right, box.y + fold), (right, bottom), (box.x, bottom)]
    corner = moves([(right - fold, box.y), (right - fold, box.y + fold), (right, box.y + fold)])
    parts = [
        path(moves(outline, closed=True), fill=fill, stroke=stroke, stroke_width=1.6),
        path(corner, fill="none", stroke=stroke),
    ]
    if shape.kind in {"dataInput", "dataOutput"}:
        parts.append(
            _scaled(
                symbols.link(box.x + 12, box.y + 12, stroke, stroke if shape.kind == "dataOutput" else fill),
                box.x + 12,
                box.y + 12,
                0.7,
            )
        )
    if shape.element.get("isCollection") == "true":
        parts.append(symbols.parallel(box.middle[0], bottom - 9, stroke))
    return group(*parts)


def _store(shape: Shape) -> str:
    stroke, fill = _colours(shape)
    box = shape.box
    bend = min(10.0, box.height / 4)
    curve = f"{box.width / 2:g} {bend:g} 0 0"
    body = f"M{box.x:g} {box.y + bend:g}A{curve} 1 {box.x + box.width:g} {box.y + bend:g}V{box.y + box.height - bend:g}A{curve} 1 {box.x:g} {box.y + box.height - bend:g}Z"
    rims = "".join(
        f"M{box.x:g} {box.y + bend + drop:g}A{curve} 0 {box.x + box.width:g} {box.y + bend + drop:g}"
        for drop in (0, bend * 0.6, bend * 1.2)
    )
    return path(body, fill=fill, stroke=stroke, stroke_width=1.6) + path(rims, fill="none", stroke=stroke)


def _annotation(shape: Shape) -> str:
    stroke, box = shape.look.stroke or INK, shape.box
    bracket = [(box.x + 10, box.y), (box.x, box.y), (box.x, box.y + box.height), (box.x + 10, box.y + box.height)]
    words = shape.element.findtext(f"{_BPMN}text") or ""
    inside = Box(box.x + 8, box.y + 6, max(box.width - 12, 12), max(box.height - 8, 12))
    return path(moves(bracket), fill="none", stroke=stroke, stroke_width=1.4) + writing.left(
        words, inside, shape.look.label or INK
    )


def _group(shape: Shape) -> str:
    return _rect(
        shape.box, rx=ROUND, fill="none", stroke=shape.look.stroke or INK, stroke_width=1.5, stroke_dasharray="10 6 0.5 6"
    )


_LABELLED = frozenset({"dataObjectReference", "dataStoreReference", "dataInput", "dataOutput", "dataObject"})
_OTHERS = {
    "dataObjectReference": _page,
    "dataObject": _page,
    "dataInput": _page,
    "dataOutput": _page,
    "dataStoreReference": _store,
    "textAnnotation": _annotation,
    "group": _group,
}
