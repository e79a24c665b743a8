"""SVG written by hand: every name here, every value escaped, so that nothing a diagram says can be more than text or a number."""

from __future__ import annotations

from collections.abc import Iterable
from xml.sax.saxutils import escape, quoteattr

Point = tuple[float, float]
FONTS = "Arial, 'Noto Sans CJK SC', 'Source Han Sans SC', 'Microsoft YaHei', 'PingFang SC', sans-serif"


def number(value: float) -> str:
    """At most two decimals, the shortest way, so that the same diagram gives the same bytes everywhere."""
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def tag(name: str, inside: str = "", /, **attributes: str | float | None) -> str:
    """``stroke_width`` is written stroke-width; None leaves the attribute out."""
    written = "".join(
        f" {key.replace('_', '-')}={quoteattr(value if isinstance(value, str) else number(value))}"
        for key, value in attributes.items()
        if value is not None
    )
    return f"<{name}{written}>{inside}</{name}>" if inside else f"<{name}{written}/>"


def text(value: str) -> str:
    return escape(value)


def group(*parts: str, **attributes: str | float | None) -> str:
    return tag("g", "".join(parts), **attributes)


def path(d: str, **attributes: str | float | None) -> str:
    return tag("path", d=d, **attributes)


def moves(points: Iterable[Point], *, closed: bool = False) -> str:
    """Path data through the points."""
    steps = [f"{'L' if index else 'M'}{number(x)} {number(y)}" for index, (x, y) in enumerate(points)]
    return "".join(steps) + ("Z" if closed else "")
