"""Names broken into lines: Chinese anywhere except before closing or after opening punctuation, other words at spaces."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

NO_START = frozenset("，。、；：！？）」』》〉】〕”’％…·,.;:!?)]}%")
NO_END = frozenset("（「『《〈【〔“‘([{")
NARROW = frozenset("iljtfrI.,:;'|!()[]{}` -/\\")
BROAD = frozenset("mwMW@%&")
LONGEST = 600  # characters of one name that are drawn at all
_PIECE = re.compile(r"\n|[^\S\n]+|[!-~\u00a1-\u024f]+|.", re.DOTALL)
_LINE_HEIGHT = 1.2


@dataclass(frozen=True)
class Paragraph:
    """Lines at a font size that fit the box they were made for, or the smallest size when they do not."""

    lines: tuple[str, ...]
    size: float

    @property
    def leading(self) -> float:
        return self.size * _LINE_HEIGHT

    @property
    def height(self) -> float:
        return self.leading * len(self.lines)


def width(text: str, size: float) -> float:
    """About what a sans-serif font takes, in pixels; Chinese characters take exactly the font size."""
    return sum(map(_ems, text)) * size


def fitted(name: str, wide: float, high: float, sizes: tuple[float, ...] = (12, 11, 10, 9)) -> Paragraph:
    """The largest of ``sizes`` whose lines fit into the box; what does not fit even then ends with an ellipsis."""
    for size in sizes:
        paragraph = Paragraph(tuple(wrapped(name, wide, size)), size)
        if paragraph.height <= high:
            return paragraph
    smallest = sizes[-1]
    lines = wrapped(name, wide, smallest)
    most = max(1, int(high / (smallest * _LINE_HEIGHT)))
    return Paragraph((*lines[: most - 1], _shortened(lines[most - 1], wide, smallest)), smallest)


def wrapped(name: str, wide: float, size: float) -> list[str]:
    """The lines of a name; empty for an empty name."""
    lines, line = [], ""
    for piece in _pieces(name[:LONGEST].strip(), wide, size):
        if piece == "\n" or (line and width(line + piece.rstrip(), size) > wide and piece[0] not in NO_START):
            carried = line[-1] if piece != "\n" and len(line) > 1 and line[-1] in NO_END else ""
            lines.append((line[:-1] if carried else line).rstrip())
            line = carried + ("" if piece == "\n" else piece.lstrip())
        else:
            line += piece if line else piece.lstrip()
    return [*lines, line.rstrip()] if line.strip() else lines


def _pieces(name: str, wide: float, size: float) -> Iterator[str]:
    """What may not be broken inside: one Chinese character, one word; a word wider than the line is cut."""
    for piece in _PIECE.findall(name):
        most = max(1, int(wide / (size * 0.6)))
        if len(piece) > 1 and piece.strip() and width(piece, size) > wide:
            yield from (piece[start : start + most] for start in range(0, len(piece), most))
        else:
            yield piece if piece == "\n" or piece.strip() else " "


def _shortened(line: str, wide: float, size: float) -> str:
    while line and width(line + "…", size) > wide:
        line = line[:-1]
    return line + "…"


def _ems(character: str) -> float:
    if unicodedata.east_asian_width(character) in "WFA":
        return 1.0
    if unicodedata.combining(character):
        return 0.0
    if character in NARROW:
        return 0.31
    if character in BROAD:
        return 0.86
    return 0.68 if character.isupper() else 0.55
