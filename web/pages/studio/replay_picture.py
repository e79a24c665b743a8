"""The picture of a replay: bands from where cases went to where they would go. SVG without styles or scripts, every text escaped."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from procurement.studio.replay.summary import Shift

WIDTH, HIGHEST, GAP, BLOCK = 920, 300, 14, 16
LEFT, RIGHT = 250, WIDTH - 250
OTHER_COLOUR = "#c9771c"
SAME_RIBBON = Markup('<path d="{}" fill="#b7c9c3" fill-opacity="0.7"><title>{}</title></path>')
OTHER_RIBBON = Markup('<path d="{}" fill="url(#stripes)"><title>{}</title></path>')
TEXT = Markup('<text x="{}" y="{}" text-anchor="{}" font-size="13" fill="#1d2b28">{}</text>')


@dataclass
class _Block:
    value: str
    cases: int
    top: float
    height: float
    used: float = 0.0

    def take(self, height: float) -> float:
        place = self.top + self.used
        self.used += height
        return place


def bands(shifts: Sequence[Shift], words: Callable[[str], str], label: str) -> Markup:
    """``words`` names a value. Bands of cases that go elsewhere are orange and striped, the others grey."""
    total = sum(one.cases for one in shifts)
    if not total:
        return Markup("")
    left, right = (_blocks(shifts, side, total) for side in ("before", "after"))
    height = max(_bottom(left), _bottom(right)) + GAP
    parts = [
        *_ribbons(shifts, left, right, total),
        *_labels(left.values(), words, is_left=True),
        *_labels(right.values(), words, is_left=False),
    ]
    head = Markup(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {} {:.0f}" role="img" aria-label="{}" class="bands">'
    ).format(WIDTH, height, label)
    stripes = Markup(
        '<defs><pattern id="stripes" width="8" height="8" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
        '<rect width="8" height="8" fill="{0}" fill-opacity="0.35"/><rect width="3" height="8" fill="{0}" fill-opacity="0.75"/></pattern></defs>'
    ).format(OTHER_COLOUR)
    return head + stripes + Markup("").join(parts) + Markup("</svg>")


def _blocks(shifts: Sequence[Shift], side: str, total: int) -> dict[str, _Block]:
    cases: dict[str, int] = {}
    for one in shifts:
        value = one.before if side == "before" else one.after
        cases[value] = cases.get(value, 0) + one.cases
    found, top = {}, float(GAP)
    for value, number in sorted(cases.items(), key=lambda item: (-item[1], item[0])):
        height = max(3.0, HIGHEST * number / total)
        found[value] = _Block(value, number, top, height)
        top += max(height, 20) + GAP
    return found


def _bottom(blocks: dict[str, _Block]) -> float:
    return max(one.top + max(one.height, 20) for one in blocks.values())


def _ribbons(shifts: Sequence[Shift], left: dict[str, _Block], right: dict[str, _Block], total: int) -> Iterable[Markup]:
    order = {value: n for n, value in enumerate(right)}
    for one in sorted(shifts, key=lambda one: (list(left).index(one.before), order[one.after])):
        height = max(1.0, HIGHEST * one.cases / total)
        a, b = left[one.before].take(height), right[one.after].take(height)
        x0, x1 = LEFT + BLOCK, RIGHT - BLOCK
        middle = (x0 + x1) / 2
        path = (
            f"M{x0} {a:.1f}C{middle} {a:.1f} {middle} {b:.1f} {x1} {b:.1f}V{b + height:.1f}"
            f"C{middle} {b + height:.1f} {middle} {a + height:.1f} {x0} {a + height:.1f}Z"
        )
        ribbon = SAME_RIBBON if one.before == one.after else OTHER_RIBBON
        yield ribbon.format(path, one.cases)
        if one.before != one.after:
            at = 0.8
            y = a + (b - a) * (at**2 * (3 - 2 * at)) + height / 2
            yield TEXT.format(f"{x0 + (x1 - x0) * at:.0f}", f"{y + 4:.1f}", "middle", one.cases)


def _labels(blocks: Iterable[_Block], words: Callable[[str], str], *, is_left: bool) -> Iterable[Markup]:
    for one in blocks:
        x = LEFT if is_left else RIGHT - BLOCK
        yield Markup('<rect x="{}" y="{:.1f}" width="{}" height="{:.1f}" fill="#14332e"/>').format(x, one.top, BLOCK, one.height)
        said = words(one.value)
        short = said if len(said) <= 15 else f"{said[:14]}…"
        place, anchor = (x - 8, "end") if is_left else (x + BLOCK + 8, "start")
        yield TEXT.format(place, f"{one.top + min(one.height, 40) / 2 + 5:.1f}", anchor, f"{short} {one.cases}")


def bar(value: int, most: int, colour: str) -> Markup:
    """A bar whose length is ``value`` of ``most``."""
    width = 0 if not most else 160 * value / most
    return Markup(
        '<svg width="160" height="10" aria-hidden="true"><rect width="{:.1f}" height="10" rx="2" fill="{}"/></svg>'
    ).format(width, colour)
