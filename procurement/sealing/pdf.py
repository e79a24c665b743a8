"""What a PDF does when it is opened, as far as its objects say; packed object streams are looked into, others are left alone."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from typing import BinaryIO

MOST = 60 * 1024 * 1024
MOST_UNPACKED = 8 * 1024 * 1024  # of one object stream
MOST_STREAMS = 400
OBJECT_STREAM = re.compile(rb"/Type\s*/ObjStm\b.{0,400}?stream\r?\n", re.DOTALL)
ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")  # names may hide letters: /J#61vaScript
SIGNS = {
    "pdf_script": re.compile(rb"/(?:JavaScript|JS)\b"),
    "pdf_launch": re.compile(rb"/(?:Launch|ImportData|SubmitForm|GoToR|GoToE)\b"),
    "pdf_attachment": re.compile(rb"/(?:EmbeddedFile|RichMedia)\b"),
}


def pdf_findings(content: BinaryIO) -> set[str]:
    """Codes of what was found. An /OpenAction alone is not: nearly every PDF has one that only says which page to show."""
    whole = content.read(MOST)
    return {code for part in (whole, *_object_streams(whole)) for code in _signs(part)}


def _signs(part: bytes) -> Iterator[str]:
    plain = ESCAPED.sub(lambda hidden: bytes([int(hidden[1], 16)]), part) if b"#" in part else part
    return (code for code, sign in SIGNS.items() if sign.search(plain))


def _object_streams(whole: bytes) -> Iterator[bytes]:
    for number, found in enumerate(OBJECT_STREAM.finditer(whole)):
        if number >= MOST_STREAMS:
            return
        unpacking = zlib.decompressobj()
        try:
            yield unpacking.decompress(whole[found.end() : found.end() + MOST_UNPACKED], MOST_UNPACKED)
        except zlib.error:  # packed in another way
            continue
