"""Words on the picture: inside a box, beside an event or a line, standing upright in a pool's head."""

from __future__ import annotations

from engine.drawing.reading import Box
from engine.drawing.svg import number, tag, text
from engine.drawing.wording import Paragraph, fitted, width

OUTSIDE = 11.0  # font size of labels beside their element
LEAST_WIDE = 90.0  # a label outside is at least as wide as editors make it


def centred(name: str, box: Box, colour: str, *, sizes: tuple[float, ...] = (12, 11, 10, 9), top: bool = False) -> str:
    """In the middle of the box; ``top``: at its upper edge."""
    if not name.strip():
        return ""
    paragraph = fitted(name, box.width, box.height, sizes)
    x, y = box.middle
    start = box.y if top else y - paragraph.height / 2
    return _lines(paragraph, x, start, colour, "middle")


def reaches(name: str, box: Box, wide: float, high: float) -> bool:
    """Whether words centred in the box would run into a corner of that size."""
    paragraph = fitted(name, box.width, box.height)
    top = (box.height - paragraph.height) / 2
    covered = paragraph.lines[: max(0, int((high - top) / paragraph.leading + 0.7))]
    return any((box.width - width(line, paragraph.size)) / 2 < wide for line in covered)


def left(name: str, box: Box, colour: str) -> str:
    """From the upper left corner: annotations."""
    return _lines(fitted(name, box.width, box.height), box.x, box.y, colour, "start") if name.strip() else ""


def beside(name: str, box: Box, colour: str) -> str:
    """A label of its own, centred where the editor put it and as high as it needs."""
    if not name.strip():
        return ""
    wide = max(box.width, LEAST_WIDE)
    paragraph = fitted(name, wide, max(box.height, 200.0), (OUTSIDE,))
    return _lines(paragraph, box.middle[0], box.y, colour, "middle", halo=True)


def upright(name: str, box: Box, colour: str) -> str:
    """From bottom to top, in the head of a pool or lane."""
    if not name.strip():
        return ""
    x, y = box.middle
    paragraph = fitted(name, max(box.height - 8, 12), box.width)
    written = _lines(paragraph, x, y - paragraph.height / 2, colour, "middle")
    return tag("g", written, transform=f"rotate(-90 {number(x)} {number(y)})")


def _lines(paragraph: Paragraph, x: float, top: float, colour: str, anchor: str, *, halo: bool = False) -> str:
    first = top + paragraph.size * 0.93
    inside = "".join(
        tag("tspan", text(line), x=x, y=first + index * paragraph.leading) for index, line in enumerate(paragraph.lines) if line
    )
    around: dict[str, str | float | None] = (
        {"stroke": "#fff", "stroke_width": 2.5, "paint_order": "stroke", "stroke_linejoin": "round"} if halo else {}
    )
    return tag("text", inside, fill=colour, font_size=paragraph.size, text_anchor=anchor, **around) if inside else ""
