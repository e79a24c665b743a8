"""An archive to be checked: the zip as it was handed over, or its unpacked folder. Whatever is in it is only read."""

from __future__ import annotations

import hashlib
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

from engine import json_codec
from engine.errors import EngineError

CHUNK = 1 << 20
WHOLE = 512 << 20  # bytes of a document that has to be read as a whole: a history, a form, the manifest


class NotAnArchive(EngineError):
    """{file} is no case file: {cause}. Give the zip as it was downloaded, or the folder it was unpacked into."""


class Opened:
    """``names`` are below the archive's folder; ``oddities`` what a zip of ours never has."""

    def __init__(self, place: Path) -> None:
        self.place = place
        self.oddities: list[str] = []
        self.last = ""  # the document that was read last: the one that was not understood
        self._zip: zipfile.ZipFile | None = None
        self._folder = place
        self._measured: dict[str, tuple[str, int]] = {}
        if place.is_dir():
            self.names = frozenset(p.relative_to(place).as_posix() for p in place.rglob("*") if p.is_file() or p.is_symlink())
            self.oddities += [p.relative_to(place).as_posix() for p in place.rglob("*") if p.is_symlink()]
        else:
            self._open_zip()

    def _open_zip(self) -> None:
        try:
            self._zip = zipfile.ZipFile(self.place)
        except (OSError, zipfile.BadZipFile, ValueError) as error:
            raise NotAnArchive(file=self.place, cause=str(error)) from error
        members = [one for one in self._zip.namelist() if not one.endswith("/")]
        self._prefix = members[0].partition("/")[0] + "/" if members else ""
        self.names = frozenset(one.removeprefix(self._prefix) for one in members if one.startswith(self._prefix))
        self.oddities += [name for name, times in Counter(members).items() if times > 1]
        self.oddities += [one for one in members if not one.startswith(self._prefix)]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._zip is not None:
            self._zip.close()

    def chunks(self, name: str) -> Iterator[bytes]:
        """The content. Raises NotAnArchive when the zip is damaged there."""
        try:
            with self._stream(name) as source:
                while chunk := source.read(CHUNK):
                    yield chunk
        except (OSError, KeyError, EOFError, zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError) as error:
            raise NotAnArchive(file=name, cause=str(error)) from error

    def read(self, name: str, limit: int = WHOLE) -> bytes:
        """The content as a whole. Raises NotAnArchive also when it is larger than ``limit``."""
        self.last = name
        parts, size = [], 0
        for chunk in self.chunks(name):
            parts.append(chunk)
            size += len(chunk)
            if size > limit:
                raise NotAnArchive(file=name, cause=f"it is larger than {limit} bytes")
        return b"".join(parts)

    def json(self, name: str) -> Any:
        try:
            return json_codec.loads(self.read(name))
        except (ValueError, RecursionError) as error:
            raise NotAnArchive(file=name, cause=str(error)) from error

    def measured(self, name: str, at_most: int | None = None) -> tuple[str, int]:
        """SHA-256 and size; what is longer than ``at_most`` is not read to its end. Each document is read once."""
        if name in self._measured:
            return self._measured[name]
        digest, size = hashlib.sha256(), 0
        for chunk in self.chunks(name):
            digest.update(chunk)
            size += len(chunk)
            if at_most is not None and size > at_most:
                return digest.hexdigest(), size
        self._measured[name] = digest.hexdigest(), size
        return self._measured[name]

    def _stream(self, name: str) -> IO[bytes]:
        if self._zip is not None:
            return self._zip.open(self._prefix + name)
        path = self._folder / name
        if path.is_symlink() or not path.resolve().is_relative_to(self._folder.resolve()):
            raise NotAnArchive(file=name, cause="it leads out of the folder")
        return path.open("rb")
