"""Writes an archive as a stream: a document is hashed while it goes into the zip, and never held as a whole."""

from __future__ import annotations

import datetime as dt
import hashlib
import zipfile
from collections.abc import Callable, Iterable
from typing import BinaryIO, Self

from engine import json_codec
from procurement.archive import layout
from procurement.archive.layout import Entry
from procurement.archive.shipped import shipped

PACKED = frozenset({"pdf", "ofd", "docx", "xlsx", "pptx", "zip", "png", "jpg", "jpeg", "bin"})  # compressed already


class ArchiveWriter:
    """``add`` the documents in the order of their numbers, then ``close``; with ``with``, one that fails lets go of its target."""

    def __init__(self, target: BinaryIO, number: str, at: dt.datetime) -> None:
        self._zip = zipfile.ZipFile(target, "w", allowZip64=True)
        self._number, self._at = number, at
        self._sums: dict[str, str] = {}
        self.entries: list[Entry] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._zip.close()

    def add(self, path: str, kind: str, title: str, content: bytes | Iterable[bytes], *, at: dt.datetime | None = None) -> Entry:
        """Write one document. ``path`` below the folder of the archive, in letters, digits and ``_.@+-/``."""
        if not layout.PATH.fullmatch(path) or path in self._sums:
            raise ValueError(f"{path} cannot be the place of another document")
        size, digest = self._write(path, [content] if isinstance(content, bytes) else content)
        entry = Entry(len(self.entries) + 1, path, kind, title, (at or self._at).isoformat(), size, digest)
        self.entries.append(entry)
        return entry

    def add_json(self, path: str, kind: str, title: str, value: object, *, at: dt.datetime | None = None) -> Entry:
        """Write canonical JSON."""
        return self.add(path, kind, title, json_codec.canonical(value), at=at)

    def holds(self, path: str) -> bool:
        return path in self._sums

    def close(self, contents: Callable[[list[Entry], str], str], printed: Callable[[str], bytes] | None) -> str:
        """Write what lies beside the tree and end the zip. ``contents`` gives the list as HTML, ``printed`` makes a PDF of it."""
        root = layout.root_of(self.entries)
        told = contents(self.entries, root)
        self._write(layout.CONTENTS, [told.encode()])
        if printed is not None:
            self._write(layout.PRINTED, [printed(told)])
        self._write(layout.MANIFEST, [layout.manifest(self._number, self.entries)])
        self._write(layout.README, [shipped(layout.README)])
        self._write(layout.PROGRAM, [shipped(layout.PROGRAM)])
        self._write(layout.SUMS, [layout.sums(self._sums)])
        self._zip.close()
        return root

    def _write(self, path: str, chunks: Iterable[bytes]) -> tuple[int, str]:
        member = zipfile.ZipInfo(f"{self._number}/{path}", self._at.timetuple()[:6])
        member.compress_type = zipfile.ZIP_STORED if path.rpartition(".")[2] in PACKED else zipfile.ZIP_DEFLATED
        member.external_attr = 0o644 << 16
        digest, size = hashlib.sha256(), 0
        with self._zip.open(member, "w", force_zip64=True) as target:
            for chunk in chunks:
                digest.update(chunk)
                size += len(chunk)
                target.write(chunk)
        self._sums[path] = digest.hexdigest()
        return size, digest.hexdigest()
