"""The members of a ZIP archive, and of the archives inside it, without ever unpacking more than an archive may honestly hold."""

from __future__ import annotations

import io
import stat
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

MOST_MEMBERS = 5_000
MOST_UNPACKED = 300 * 1024 * 1024  # bytes of everything, archives inside included
MOST_OF_ONE = 100 * 1024 * 1024  # bytes of one member, which is held in memory while it is looked at
MOST_RATIO = 200  # unpacked : packed, of members of some size; text reaches 20, pictures 1
RATIO_FROM = 4 * 1024 * 1024
DEEPEST = 2  # archives inside archives
PACKINGS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})  # those that can be unpacked a bounded piece at a time
CHUNK = 256 * 1024


class Bomb(ValueError):
    """The archive is made to fill a disk or to keep a machine busy; the text names the sign of it."""


@dataclass(frozen=True)
class Member:
    """``name`` with the folders, and those of the archives around it."""

    name: str
    content: bytes


class _Budget:
    def __init__(self) -> None:
        self.members, self.unpacked = MOST_MEMBERS, MOST_UNPACKED

    def take(self, entry: zipfile.ZipInfo) -> None:
        self.members -= 1
        self.unpacked -= entry.file_size
        if self.members < 0:
            raise Bomb(f"> {MOST_MEMBERS} files")
        if self.unpacked < 0 or entry.file_size > MOST_OF_ONE:
            raise Bomb(f"> {MOST_UNPACKED // 1024 // 1024} MB")
        if entry.file_size > RATIO_FROM and entry.file_size > MOST_RATIO * max(entry.compress_size, 1):
            raise Bomb(f"{entry.file_size // max(entry.compress_size, 1)} : 1")


def members(content: BinaryIO) -> Iterator[Member]:
    """Every file inside, depth first. Raises Bomb, and what zipfile raises at damaged or locked archives."""
    yield from _inside(content, "", 0, _Budget())


def _inside(content: BinaryIO, around: str, depth: int, budget: _Budget) -> Iterator[Member]:
    if depth > DEEPEST:
        raise Bomb(f"> {DEEPEST} archives inside each other")
    content.seek(0)
    with zipfile.ZipFile(content) as archive:
        entries = archive.infolist()
        _refuse_overlap(entries)
        for entry in entries:
            budget.take(entry)  # before anything is unpacked: what the archive says of itself
            if entry.is_dir():
                continue
            if _leads_outside(entry):
                raise zipfile.BadZipFile(entry.filename)
            unpacked = unpack(archive, entry)
            yield Member(around + entry.filename, unpacked)
            if unpacked.startswith(b"PK\x03\x04"):
                yield from _inside(io.BytesIO(unpacked), f"{around}{entry.filename}/", depth + 1, budget)


def unpack(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    """What a member holds, and never more than it says it holds: reading it in one go would unpack all that comes out first.

    Raises BadZipFile for damaged bytes, a false length or checksum, NotImplementedError for a packing that documents do not use.
    """
    if entry.compress_type not in PACKINGS:
        raise NotImplementedError(entry.compress_type)
    content = bytearray()
    try:
        with archive.open(entry) as packed:
            while chunk := packed.read(CHUNK):
                content += chunk
    except zlib.error as damaged:
        raise zipfile.BadZipFile(entry.filename) from damaged
    if len(content) != entry.file_size:
        raise zipfile.BadZipFile(entry.filename)
    return bytes(content)


def _refuse_overlap(entries: list[zipfile.ZipInfo]) -> None:
    """Members that share their packed bytes: a few kilobytes that unpack to terabytes."""
    end = 0
    for entry in sorted(entries, key=lambda one: one.header_offset):
        if entry.header_offset < end:
            raise Bomb("overlapping members")
        end = entry.header_offset + entry.compress_size


def _leads_outside(entry: zipfile.ZipInfo) -> bool:
    parts = entry.filename.replace("\\", "/").split("/")
    return entry.filename.startswith("/") or ".." in parts or ":" in parts[0] or stat.S_ISLNK(entry.external_attr >> 16)
