"""Sequence flows, message flows and associations: the line, what stands at its ends, its label."""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping, Sequence

from lxml import etree

from engine.drawing import writing
from engine.drawing.nodes import ACTIVITIES, INK, PAPER
from engine.drawing.reading import Box, Line
from engine.drawing.svg import Point, group, moves, number, path, tag

BEND = 5.0  # radius of a corner
_BPMN = "{http://www.omg.org/spec/BPMN/20100524/MODEL}"


def drawn(line: Line, elements: Mapping[str, etree._Element]) -> str:
    """The line with its ends, without its label."""
    stroke = line.look.stroke or INK
    if line.kind == "sequenceFlow":
        return _flow(line, stroke, elements)
    if line.kind == "messageFlow":
        start = tag("circle", cx=line.points[0][0], cy=line.points[0][1], r=3.6, fill=PAPER, stroke=stroke)
        return group(_stroke(line, stroke, "10 11"), start, _arrow(line.points, stroke, PAPER))
    directed = line.kind.startswith("data") or line.element.get("associationDirection") in {"One", "Both"}
    ends = [_open_arrow(line.points, stroke)] if directed else []
    if line.element.get("associationDirection") == "Both":
        ends.append(_open_arrow(line.points[::-1], stroke))
    return group(_stroke(line, stroke, "0.5 5"), *ends)


def label(line: Line) -> str:
    if not line.name:
        return ""
    x, y = _halfway(line.points)
    return writing.beside(line.name, line.label or Box(x - 45, y - 16, 90, 14), line.look.label or INK)


def _flow(line: Line, stroke: str, elements: Mapping[str, etree._Element]) -> str:
    parts = [_stroke(line, stroke, None), _arrow(line.points, stroke, stroke)]
    source = elements.get(line.element.get("sourceRef", ""))
    if source is not None and source.get("default") == line.element.get("id"):
        parts.append(_slash(line.points, stroke))
    elif (
        source is not None
        and etree.QName(source).localname in ACTIVITIES
        and line.element.find(f"{_BPMN}conditionExpression") is not None
    ):
        parts.append(_diamond(line.points, stroke))
    return group(*parts)


def _stroke(line: Line, stroke: str, dashes: str | None) -> str:
    return path(
        rounded(line.points),
        fill="none",
        stroke=stroke,
        stroke_width=1.8,
        stroke_dasharray=dashes,
        stroke_linecap="round" if dashes else None,
    )


def rounded(points: Sequence[Point]) -> str:
    """Path data with soft corners."""
    steps = [moves(points[:1])]
    for before, corner, after in zip(points, points[1:], points[2:], strict=False):
        near, far = _towards(corner, before, BEND), _towards(corner, after, BEND)
        steps.append(
            f"L{number(near[0])} {number(near[1])}Q{number(corner[0])} {number(corner[1])} {number(far[0])} {number(far[1])}"
        )
    return "".join(steps) + f"L{number(points[-1][0])} {number(points[-1][1])}"


def _towards(start: Point, goal: Point, most: float) -> Point:
    """A point on the way, at most half of it."""
    dx, dy = goal[0] - start[0], goal[1] - start[1]
    length = math.hypot(dx, dy)
    share = min(most, length / 2) / length if length else 0.0
    return start[0] + dx * share, start[1] + dy * share


def _at_end(points: Sequence[Point], offsets: Sequence[Point]) -> list[Point]:
    """Offsets along and across the last stretch, from its end."""
    (x, y), start = points[-1], next((p for p in reversed(points[:-1]) if p != points[-1]), points[0])
    angle = math.atan2(y - start[1], x - start[0])
    cos, sin = math.cos(angle), math.sin(angle)
    return [(x + along * cos - across * sin, y + along * sin + across * cos) for along, across in offsets]


def _arrow(points: Sequence[Point], stroke: str, fill: str) -> str:
    d = moves(_at_end(points, [(-10, -4.6), (0, 0), (-10, 4.6)]), closed=True)
    return path(d, fill=fill, stroke=stroke, stroke_linejoin="round")


def _open_arrow(points: Sequence[Point], stroke: str) -> str:
    return path(moves(_at_end(points, [(-8, -5), (0, 0), (-8, 5)])), fill="none", stroke=stroke, stroke_width=1.4)


def _slash(points: Sequence[Point], stroke: str) -> str:
    return path(moves(_at_end(points[1::-1], [(-7, -6), (-13, 6)])), stroke=stroke, stroke_width=1.8)


def _diamond(points: Sequence[Point], stroke: str) -> str:
    d = moves(_at_end(points[1::-1], [(0, 0), (-8, -4.6), (-16, 0), (-8, 4.6)]), closed=True)
    return path(d, fill=PAPER, stroke=stroke)


def _halfway(points: Sequence[Point]) -> Point:
    longest = max(itertools.pairwise(points), key=lambda pair: math.dist(*pair))
    return (longest[0][0] + longest[1][0]) / 2, (longest[0][1] + longest[1][1]) / 2
