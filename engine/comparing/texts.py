"""Two texts, line by line."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import unified_diff

from engine.comparing.model import Line

AROUND = 2  # unchanged lines shown round a change


def lines(before: bytes, after: bytes) -> tuple[Line, ...]:
    """What is old and new, with some lines around; nothing when the texts are the same."""
    return tuple(_lines(_read(before), _read(after)))


def _lines(before: list[str], after: list[str]) -> Iterator[Line]:
    told = unified_diff(before, after, n=AROUND, lineterm="")
    for number, line in enumerate(told):
        if number < 2:  # the two headings of a unified diff name files
            continue
        sign, text = line[:1], line[1:]
        yield Line("@", line.strip("@ ")) if sign == "@" else Line(sign, text)


def _read(content: bytes) -> list[str]:
    return content.decode("utf-8", "replace").splitlines()
