"""Bars for papers: laid out once, drawn as SVG for the PDF and as PNG for Word. No browser and no network is needed."""

from __future__ import annotations

import io
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from html import escape

from PIL import Image, ImageDraw, ImageFont

WIDTH, LEFT, RIGHT, ROW, BAR, SIZE = 680, 150, 90, 26, 16, 12
MOST = 20
COLOURS = ("#1d6b57", "#c8862b", "#5b7fa8", "#a8483f", "#7a8f3c", "#80628f", "#3f8f9b", "#9a7b62", "#5e6b66", "#c7a83b")
INK = "#26332f"
SCALE = 2  # of the PNG, so that it is sharp on paper


@dataclass(frozen=True)
class Bars:
    """``rows``: a label and as many numbers as there are ``series``; ``stacked``: the numbers are parts of a whole."""

    series: tuple[str, ...]
    rows: tuple[tuple[str, tuple[Decimal, ...]], ...]
    stacked: bool = False


@dataclass(frozen=True)
class _Box:
    x: float
    y: float
    width: float
    height: float
    colour: str


@dataclass(frozen=True)
class _Word:
    x: float
    y: float  # of the middle
    text: str
    to_left: bool = False


@dataclass(frozen=True)
class _Layout:
    height: int
    boxes: tuple[_Box, ...]
    words: tuple[_Word, ...]


def svg(bars: Bars) -> str:
    """Inline SVG."""
    laid = _laid(bars)
    boxes = "".join(
        f'<rect x="{b.x:.1f}" y="{b.y:.1f}" width="{b.width:.1f}" height="{b.height:.1f}" fill="{b.colour}"/>' for b in laid.boxes
    )
    words = "".join(
        f'<text x="{w.x:.1f}" y="{w.y + SIZE * 0.36:.1f}"{" text-anchor=" + chr(34) + "end" + chr(34) if w.to_left else ""}>{escape(w.text)}</text>'
        for w in laid.words
    )
    style = f'font-family="Noto Sans CJK SC, sans-serif" font-size="{SIZE}" fill="{INK}"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {laid.height}" width="{WIDTH}" height="{laid.height}" {style}>{boxes}{words}</svg>'


def png(bars: Bars) -> bytes | None:
    """None where this machine has no Chinese font."""
    found = _font()
    if found is None:
        return None
    laid = _laid(bars)
    picture = Image.new("RGB", (WIDTH * SCALE, laid.height * SCALE), "white")
    pen, font = ImageDraw.Draw(picture), ImageFont.truetype(found[0], SIZE * SCALE, index=found[1])
    for b in laid.boxes:
        if b.width > 0:
            pen.rectangle([n * SCALE for n in (b.x, b.y, b.x + b.width, b.y + b.height)], fill=b.colour)
    for w in laid.words:
        pen.text((w.x * SCALE, w.y * SCALE), w.text, fill=INK, font=font, anchor="rm" if w.to_left else "lm")
    content = io.BytesIO()
    picture.save(content, "PNG", optimize=True)
    return content.getvalue()


def _laid(bars: Bars) -> _Layout:
    rows = bars.rows[:MOST]
    boxes, words, top = [], [], 6.0
    if len(bars.series) > 1:
        legend = list(_legend(bars.series))
        boxes += [box for box, _ in legend]
        words += [word for _, word in legend]
        top = legend[-1][0].y + ROW
    lines = 1 if bars.stacked else len(bars.series)
    wholes = [sum(numbers, Decimal(0)) if bars.stacked else max(numbers, default=Decimal(0)) for _, numbers in rows]
    unit = (WIDTH - LEFT - RIGHT) / float(max(max(wholes, default=Decimal(1)), Decimal(1)))
    for (label, numbers), whole in zip(rows, wholes, strict=True):
        words.append(_Word(LEFT - 8, top + (ROW * lines - (ROW - BAR)) / 2, _short(label), to_left=True))
        x = float(LEFT)
        for n, number in enumerate(numbers):
            length = max(float(number), 0) * unit
            y = top if bars.stacked else top + n * ROW
            boxes.append(_Box(x if bars.stacked else LEFT, y, length, BAR, COLOURS[n % len(COLOURS)]))
            if not bars.stacked:
                words.append(_Word(LEFT + length + 6, y + BAR / 2, _told(number)))
            x += length
        if bars.stacked:
            words.append(_Word(x + 6, top + BAR / 2, _told(whole)))
        top += ROW * lines + (4 if lines > 1 else 0)
    return _Layout(int(top) + 4, tuple(boxes), tuple(words))


def _legend(series: Sequence[str]) -> Iterator[tuple[_Box, _Word]]:
    x, y = float(LEFT), 4.0
    for n, name in enumerate(series):
        length = 30 + sum(SIZE if ord(sign) > 255 else SIZE * 0.6 for sign in name)
        if x + length > WIDTH:
            x, y = float(LEFT), y + 18
        yield _Box(x, y, 12, 10, COLOURS[n % len(COLOURS)]), _Word(x + 16, y + 5, name)
        x += length


def _short(label: str) -> str:
    return label if len(label) <= 11 else f"{label[:10]}…"


def _told(number: Decimal) -> str:
    return f"{number:,.0f}" if number == int(number) else f"{number:,.2f}"


@cache
def _font() -> tuple[str, int] | None:
    program = shutil.which("fc-match")
    if program is None:
        return None
    asked = [program, "-f", "%{file}\\n%{index}\\n%{lang}", "Noto Sans CJK SC:lang=zh-cn"]
    found = subprocess.run(asked, capture_output=True, text=True, check=False, timeout=30)  # noqa: S603 - our own words
    file, index, languages = (*found.stdout.split("\n"), "", "", "")[:3]
    return (file, int(index) & 0xFFFF) if file and index.isdecimal() and "zh-cn" in languages else None
