"""The whole picture of one process."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from engine.drawing import lines, nodes
from engine.drawing.reading import Drawing, Look, NotDrawn, Shape, drawing
from engine.drawing.svg import FONTS, group, number, tag, text

MARGIN = 12.0
# state of an element in a case → its colours; the same as on the case's page
MARKS: Mapping[str, Look] = {
    "done": Look("#2f7a68", "#e4f0ec"),
    "waiting": Look("#1f67a6", "#dfecf8"),
    "incident": Look("#9c2318", "#fbe9e6"),
}


def picture(content: bytes, process_id: str, *, file: str = "", marks: Mapping[str, str] | None = None) -> bytes:
    """The process as SVG (UTF-8), always the same bytes for the same file. ``marks``: element id → done, waiting or incident.

    Nothing of the diagram reaches the SVG but escaped text, numbers and colours. Raises DefinitionInvalid, NotDrawn.
    """
    found = _marked(drawing(content, process_id, file=file), marks or {})
    if not found.shapes:
        raise NotDrawn(process=process_id)
    left, top, right, bottom = _extent(found)
    wide, high = right - left + 2 * MARGIN, bottom - top + 2 * MARGIN
    inside = "".join(
        [
            tag("title", text(found.title)),
            tag("rect", x=left - MARGIN, y=top - MARGIN, width=wide, height=high, fill="#fff"),
            *_parts(found),
        ]
    )
    view = " ".join(map(number, (left - MARGIN, top - MARGIN, wide, high)))
    made = tag(
        "svg", inside, xmlns="http://www.w3.org/2000/svg", width=wide, height=high, viewBox=view, role="img", font_family=FONTS
    )
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{made}\n'.encode()


def picture_if_drawn(content: bytes, process_id: str) -> bytes | None:
    """None for a process whose file has no drawing of it."""
    try:
        return picture(content, process_id)
    except NotDrawn:
        return None


def _parts(found: Drawing) -> Iterator[str]:
    """From the back to the front: pools, open sub-processes, lines, the rest, what sits on borders, words."""
    frames = [shape for shape in found.shapes if shape.kind == "participant"]
    frames += [shape for shape in found.shapes if shape.kind == "lane"]
    opened = sorted((shape for shape in found.shapes if nodes.is_open(shape)), key=_depth)
    borders = [shape for shape in found.shapes if shape.kind == "boundaryEvent"]
    back = {id(shape) for shape in (*frames, *opened, *borders)}
    yield from map(nodes.drawn, (*frames, *opened))
    yield group(*(lines.drawn(line, found.elements) for line in found.lines if line.kind != "messageFlow"))
    yield from map(nodes.drawn, (shape for shape in found.shapes if id(shape) not in back))
    yield from map(nodes.drawn, borders)
    yield group(*(lines.drawn(line, found.elements) for line in found.lines if line.kind == "messageFlow"))
    yield from filter(None, map(lines.label, found.lines))
    yield from filter(None, (nodes.label(shape, found.elements) for shape in found.shapes))


def _depth(shape: Shape) -> int:
    return sum(1 for _ in shape.element.iterancestors())


def _marked(found: Drawing, marks: Mapping[str, str]) -> Drawing:
    def look(element_id: str | None, own: Look, *, line: bool) -> Look:
        mark = MARKS.get(marks.get(element_id or "", ""))
        return own if mark is None else replace(mark, fill=None if line else mark.fill, label=own.label)

    found.shapes = [replace(one, look=look(one.element.get("id"), one.look, line=False)) for one in found.shapes]
    found.lines = [replace(one, look=look(one.element.get("id"), one.look, line=True)) for one in found.lines]
    return found


def _extent(found: Drawing) -> tuple[float, float, float, float]:
    boxes = [shape.box for shape in found.shapes]
    boxes += [shape.label for shape in found.shapes if shape.label and shape.name]
    boxes += [line.label for line in found.lines if line.label and line.name]
    points = [point for line in found.lines for point in line.points]
    xs = [value for box in boxes for value in (box.x, box.x + box.width)] + [x for x, _ in points]
    ys = [value for box in boxes for value in (box.y, box.y + box.height)] + [y for _, y in points]
    return min(xs), min(ys), max(xs), max(ys)
