"""The small signs of BPMN, drawn here: kinds of tasks, kinds of events, what hangs at the foot of an activity."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence

from engine.drawing.svg import Point, group, moves, path, tag

Sign = Callable[[float, float, str, str], str]  # centre x, centre y, stroke, fill → SVG


def _thin(d: str, stroke: str, fill: str = "none", wide: float = 1) -> str:
    return path(d, fill=fill, stroke=stroke, stroke_width=wide, stroke_linejoin="round")


def user(x: float, y: float, stroke: str, fill: str) -> str:
    shoulders = f"M{x - 8:g} {y + 9:g}v-3.5q0-4.5 5-5.5h6q5 1 5 5.5v3.5Z"
    sides = f"M{x - 4.2:g} {y + 9:g}v-3M{x + 4.2:g} {y + 9:g}v-3"
    head = tag("circle", cx=x, cy=y - 4.6, r=4.4, fill=fill, stroke=stroke)
    return group(
        _thin(shoulders, stroke, fill), _thin(sides, stroke), head, _thin(f"M{x - 4.2:g} {y - 5.4:g}q4-3.4 8.4 0", stroke)
    )


def service(x: float, y: float, stroke: str, fill: str) -> str:
    return _gear(x + 2.6, y + 2.6, 6.2, stroke, fill) + _gear(x - 2, y - 2, 6.2, stroke, fill)


def _gear(x: float, y: float, radius: float, stroke: str, fill: str) -> str:
    points: list[Point] = []
    for tooth in range(8):
        for turn, reach in ((-0.24, 0.76), (-0.14, 1), (0.14, 1), (0.24, 0.76)):
            angle = math.pi * tooth / 4 + turn
            points.append((x + math.cos(angle) * radius * reach, y + math.sin(angle) * radius * reach))
    hole = tag("circle", cx=x, cy=y, r=radius * 0.34, fill=fill, stroke=stroke)
    return _thin(moves(points, closed=True), stroke, fill) + hole


def script(x: float, y: float, stroke: str, fill: str) -> str:
    sheet = f"M{x - 3:g} {y - 8:g}h11q-7 5-3 8.5t-2 7.5h-11q6-4 2-7.5t3-8.5Z"
    rows = "".join(
        f"M{x - 3.4 + shift:g} {y + level:g}h5.6" for level, shift in ((-4.8, 0.6), (-1.6, 0.6), (1.6, 2.4), (4.8, 1.6))
    )
    return _thin(sheet, stroke, fill) + _thin(rows, stroke)


def rule(x: float, y: float, stroke: str, fill: str) -> str:
    table = tag("rect", x=x - 8, y=y - 6, width=16, height=12, fill=fill, stroke=stroke)
    head = tag("rect", x=x - 8, y=y - 6, width=16, height=3.6, fill="#8a8f8d", stroke=stroke)
    return table + head + _thin(f"M{x - 8:g} {y + 1.8:g}h16M{x - 3:g} {y - 2.4:g}v8.4", stroke)


def manual(x: float, y: float, stroke: str, fill: str) -> str:
    hand = f"M{x - 8:g} {y - 2:g}l4.5-4.5h4q1.6.2 1 1.6l-3 2.4h8.5q1.6.2 1.4 1.5t-1.5 1.4h-3.4h2.8q1.3.3 1.1 1.5t-1.5 1.2h-2.6h1.8q1.1.3.9 1.3t-1.3 1h-2h1q.9.4.7 1.2t-1.1.8h-6.3q-3 0-5-1.6Z"
    return _thin(hand, stroke, fill)


def send(x: float, y: float, stroke: str, fill: str) -> str:
    return envelope(x, y, fill, stroke, 8, 5.5)


def receive(x: float, y: float, stroke: str, fill: str) -> str:
    return envelope(x, y, stroke, fill, 8, 5.5)


def envelope(x: float, y: float, stroke: str, fill: str, half: float = 8, tall: float = 5.5) -> str:
    body = tag("rect", x=x - half, y=y - tall, width=half * 2, height=tall * 2, fill=fill, stroke=stroke)
    return body + _thin(f"M{x - half:g} {y - tall:g}l{half:g} {tall * 1.1:g}l{half:g} {-tall * 1.1:g}", stroke)


TASKS: Mapping[str, Sign] = {
    "userTask": user,
    "serviceTask": service,
    "scriptTask": script,
    "businessRuleTask": rule,
    "manualTask": manual,
    "sendTask": send,
    "receiveTask": receive,
}


# signs inside events: ``fill`` is the stroke colour for a throwing event


def message(x: float, y: float, stroke: str, fill: str) -> str:
    return envelope(x, y, *(("#fff", fill) if fill == stroke else (stroke, fill)), half=8.5, tall=6)


def timer(x: float, y: float, stroke: str, _fill: str) -> str:
    ticks = "".join(
        moves([(x + math.cos(a) * 8.6, y + math.sin(a) * 8.6), (x + math.cos(a) * 10.4, y + math.sin(a) * 10.4)])
        for a in (math.pi * n / 6 for n in range(12))
    )
    face = tag("circle", cx=x, cy=y, r=10.6, fill="#fff", stroke=stroke)
    return face + _thin(ticks, stroke) + _thin(f"M{x + 2:g} {y - 7:g}L{x:g} {y:g}h5.6", stroke, wide=1.4)


def error(x: float, y: float, stroke: str, fill: str) -> str:
    return _thin(_around(x, y, [(-8.5, 8), (-3.4, -7.5), (2, 1.6), (8.4, -8), (3.6, 8), (-2.2, -1.2)]), stroke, fill, 1.2)


def escalation(x: float, y: float, stroke: str, fill: str) -> str:
    return _thin(_around(x, y, [(0, -9.5), (7, 8.5), (0, 1.6), (-7, 8.5)]), stroke, fill, 1.2)


def signal(x: float, y: float, stroke: str, fill: str) -> str:
    return _thin(_around(x, y, [(0, -9), (9, 6.5), (-9, 6.5)]), stroke, fill, 1.2)


def compensation(x: float, y: float, stroke: str, fill: str, size: float = 1) -> str:
    left = [(-9.5 * size, 0), (-1 * size, -6 * size), (-1 * size, 6 * size)]
    return _thin(_around(x, y, left) + _around(x + 8.5 * size, y, left), stroke, fill)


def conditional(x: float, y: float, stroke: str, _fill: str) -> str:
    page = tag("rect", x=x - 6.5, y=y - 8.5, width=13, height=17, fill="#fff", stroke=stroke)
    return page + _thin("".join(f"M{x - 4.5:g} {y + level:g}h9" for level in (-5.4, -1.8, 1.8, 5.4)), stroke)


def link(x: float, y: float, stroke: str, fill: str) -> str:
    return _thin(_around(x, y, [(-9, -3.5), (2, -3.5), (2, -8), (10, 0), (2, 8), (2, 3.5), (-9, 3.5)]), stroke, fill)


def cancel(x: float, y: float, stroke: str, fill: str) -> str:
    cross = [(-8, -5), (-5, -8), (0, -3), (5, -8), (8, -5), (3, 0), (8, 5), (5, 8), (0, 3), (-5, 8), (-8, 5), (-3, 0)]
    return _thin(_around(x, y, cross), stroke, fill)


def terminate(x: float, y: float, stroke: str, _fill: str) -> str:
    return tag("circle", cx=x, cy=y, r=10, fill=stroke, stroke=stroke)


def multiple(x: float, y: float, stroke: str, fill: str) -> str:
    corners = [(math.sin(a) * 10, -math.cos(a) * 10) for a in (math.pi * 2 * n / 5 for n in range(5))]
    return _thin(_around(x, y, corners), stroke, fill)


def parallel_multiple(x: float, y: float, stroke: str, fill: str) -> str:
    arms = [
        (-2.5, -9),
        (2.5, -9),
        (2.5, -2.5),
        (9, -2.5),
        (9, 2.5),
        (2.5, 2.5),
        (2.5, 9),
        (-2.5, 9),
        (-2.5, 2.5),
        (-9, 2.5),
        (-9, -2.5),
        (-2.5, -2.5),
    ]
    return _thin(_around(x, y, arms), stroke, fill)


def _around(x: float, y: float, offsets: Sequence[Point]) -> str:
    return moves([(x + dx, y + dy) for dx, dy in offsets], closed=True)


EVENTS: Mapping[str, Sign] = {
    "messageEventDefinition": message,
    "timerEventDefinition": timer,
    "errorEventDefinition": error,
    "escalationEventDefinition": escalation,
    "signalEventDefinition": signal,
    "compensateEventDefinition": compensation,
    "conditionalEventDefinition": conditional,
    "linkEventDefinition": link,
    "cancelEventDefinition": cancel,
    "terminateEventDefinition": terminate,
}


# signs at the foot of an activity, 14 pixels high, around their centre


def loop(x: float, y: float, stroke: str) -> str:
    return _thin(f"M{x + 0.4:g} {y + 6:g}a6 6 0 1 1 3.6-1.6M{x + 0.6:g} {y + 2:g}v4.4h-4.4", stroke, wide=1.5)


def parallel(x: float, y: float, stroke: str) -> str:
    return _thin("".join(f"M{x + dx:g} {y - 6:g}v12" for dx in (-4, 0, 4)), stroke, wide=2)


def sequential(x: float, y: float, stroke: str) -> str:
    return _thin("".join(f"M{x - 6:g} {y + dy:g}h12" for dy in (-4, 0, 4)), stroke, wide=2)


def closed(x: float, y: float, stroke: str) -> str:
    frame = tag("rect", x=x - 7, y=y - 7, width=14, height=14, fill="none", stroke=stroke)
    return frame + _thin(f"M{x - 4:g} {y:g}h8M{x:g} {y - 4:g}v8", stroke, wide=1.4)


def ad_hoc(x: float, y: float, stroke: str) -> str:
    return _thin(f"M{x - 7:g} {y + 2:g}q3.5-6 7-2t7-2", stroke, wide=2.4)


def undoing(x: float, y: float, stroke: str) -> str:
    return compensation(x + 0.6, y, stroke, "#fff", 0.75)
