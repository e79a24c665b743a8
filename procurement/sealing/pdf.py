"""What a PDF does when it is opened, as far as its objects say; packed object streams are looked into, others are left alone.

The file is read window by window, so memory does not grow with it.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from typing import BinaryIO

WINDOW = 2 * 1024 * 1024
OVERLAP = 64 * 1024  # what stands across the border of two windows is seen in the second
MOST_PACKED = 1024 * 1024  # of one object stream
MOST_UNPACKED = 8 * 1024 * 1024
MOST_STREAMS = 400
OBJECT_STREAM = re.compile(rb"/Type\s*/ObjStm\b.{0,400}?stream\r?\n", re.DOTALL)
ESCAPED_NAME = re.compile(rb"/(?=[A-Za-z]{0,20}#)[A-Za-z0-9#]{2,60}")  # names may hide letters: /J#61vaScript
ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")
SIGNS = {
    "pdf_script": re.compile(rb"/(?:JavaScript|JS)\b"),
    "pdf_launch": re.compile(rb"/(?:Launch|ImportData|SubmitForm|GoToR|GoToE)\b"),
    "pdf_attachment": re.compile(rb"/(?:EmbeddedFile|RichMedia)\b"),
}


def pdf_findings(content: BinaryIO) -> set[str]:
    """Codes of what was found. An /OpenAction alone is not: nearly every PDF has one that only says which page to show."""
    found: set[str] = set()
    looked = 0
    for offset, window in _windows(content):
        found.update(_signs(window))
        for stream in OBJECT_STREAM.finditer(window):
            looked += 1
            if looked <= MOST_STREAMS:
                found.update(_signs(_unpacked(content, offset + stream.end())))
    return found


def _windows(content: BinaryIO) -> Iterator[tuple[int, bytes]]:
    offset = 0
    while True:
        content.seek(offset)
        window = content.read(WINDOW + OVERLAP)
        yield offset, window
        if len(window) < WINDOW + OVERLAP:
            return
        offset += WINDOW


def _signs(part: bytes) -> Iterator[str]:
    names = b" ".join(ESCAPED.sub(lambda hidden: bytes([int(hidden[1], 16)]), name) for name in ESCAPED_NAME.findall(part))
    return (code for code, sign in SIGNS.items() if sign.search(part) or sign.search(names))


def _unpacked(content: BinaryIO, place: int) -> bytes:
    content.seek(place)
    try:
        return zlib.decompressobj().decompress(content.read(MOST_PACKED), MOST_UNPACKED)
    except zlib.error:  # packed in another way
        return b""
