"""A content-addressed store: a local folder, or S3 by setting. Nothing is ever overwritten with other content.

An upload is streamed under a name of its own while it is hashed, then moved to the place its hash names; an upload that
breaks off or grows too large leaves nothing behind.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import secrets
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import BinaryIO

import obstore
import structlog
from obstore.exceptions import BaseError
from obstore.store import LocalStore, ObjectStore, from_url

from engine.errors import InvalidInput, NotFound, Unavailable
from procurement.files.types import checked_name, media_type_of

log = structlog.get_logger(__name__)

MEGABYTE = 1024 * 1024
PARTS_AT_ONCE = 2  # of five megabytes each, in memory until they are stored
LIMIT = 50 * MEGABYTE
CHUNK = 256 * 1024
SIGNATURE = 64  # bytes needed to tell the type
MARK = "this-is-the-file-store"  # a disk that is not mounted leaves an empty folder, where files would be lost
NO_SPACE = "os error 28"


class FileTooLarge(InvalidInput):
    """{name} is larger than {limit} MB. Split it or reduce its pictures, then upload it again."""


class FileEmpty(InvalidInput):
    """{name} is empty. Choose the file again."""


class FileMissing(NotFound):
    """The content of file {key} is not in the file store. Tell the administrator: it must be brought back from a backup."""


class FileStoreAway(Unavailable):
    """The place where files are kept does not answer. The file was not stored; try again in a minute."""


class FileStoreFull(Unavailable):
    """The place where files are kept is full. The file was not stored; tell the administrator."""


@dataclass(frozen=True)
class FileReference:
    """What a variable holds instead of a file. ``size`` in bytes."""

    name: str
    size: int
    sha256: str
    media_type: str

    def as_variable(self) -> dict[str, str | int]:
        return asdict(self)


class FileStore:
    """Files by SHA-256. ``folder`` when they lie on this machine."""

    def __init__(self, store: ObjectStore, limit: int = LIMIT, folder: Path | None = None) -> None:
        self._store = store
        self._folder = folder
        self.limit = limit

    def put(self, content: BinaryIO | Iterable[bytes], name: str, *, limit: int | None = -1) -> FileReference:
        """Store a stream of at most ``limit`` bytes (as set for uploads; None: any size), in constant memory.

        Raises FileTooLarge, FileEmpty, FileTypeRefused, FileDisguised, FileNameRefused, FileStoreAway, FileStoreFull; nothing
        is kept then.
        """
        name = checked_name(name)
        upload = _Upload(name, self.limit if limit == -1 else limit, _chunks(content))
        incoming = f"incoming/{secrets.token_hex(16)}"
        with self._reaching():
            obstore.put(self._store, incoming, upload.measured(), use_multipart=True)
            self._make_durable(incoming)
            obstore.rename(self._store, incoming, _place(upload.sha256))
            self._make_durable(_place(upload.sha256))
        return FileReference(name, upload.size, upload.sha256, upload.media_type)

    def put_sealed(self, chunks: Iterable[bytes]) -> tuple[str, int]:
        """Store what was sealed before it came here, whatever its size; returns the SHA-256 it is found under, and its size.

        Raises FileStoreAway, FileStoreFull.
        """
        sealed = _Sealed(chunks)
        incoming = f"incoming/{secrets.token_hex(16)}"
        with self._reaching():
            obstore.put(self._store, incoming, sealed.measured(), use_multipart=True, max_concurrency=PARTS_AT_ONCE)
            self._make_durable(incoming)
            obstore.rename(self._store, incoming, _place(sealed.sha256))
            self._make_durable(_place(sealed.sha256))
        return sealed.sha256, sealed.size

    def read(self, sha256: str) -> Iterator[bytes]:
        """The content in chunks. Raises FileMissing and FileStoreAway before the first chunk."""
        with self._reaching():
            try:
                found = obstore.get(self._store, _place(sha256))
            except FileNotFoundError:
                raise FileMissing(key=sha256) from None
        return (bytes(chunk) for chunk in found.stream(CHUNK))

    def remove(self, sha256: str) -> None:
        """Destroy a content for good; nothing happens when it is gone already. Raises FileStoreAway."""
        with self._reaching(), contextlib.suppress(FileNotFoundError):
            obstore.delete(self._store, _place(sha256))

    def try_writing(self) -> None:
        """Put a byte there and take it away again; raises what the store raises."""
        place = f"incoming/{secrets.token_hex(16)}"
        obstore.put(self._store, place, b"?")
        obstore.delete(self._store, place)

    def holds(self, sha256: str) -> bool:
        """Raises FileStoreAway."""
        with self._reaching():
            try:
                obstore.head(self._store, _place(sha256))
            except FileNotFoundError:
                return False
        return True

    @contextlib.contextmanager
    def _reaching(self) -> Iterator[None]:
        """Trouble with the store itself, told apart from trouble with the file."""
        if self._folder is not None and not (self._folder / MARK).is_file():
            log.error("file_store_away", cause=f"{self._folder / MARK} is gone: is the disk mounted?")
            raise FileStoreAway
        try:
            yield
        except BaseError as error:  # not OSError: that may be the uploader's own broken connection
            log.error("file_store_away", cause=str(error).partition("\n")[0])  # noqa: TRY400 - the place tells more than a trace
            raise (FileStoreFull() if NO_SPACE in str(error) else FileStoreAway()) from error

    def _make_durable(self, place: str) -> None:
        """Through a loss of power too; other stores see to that themselves."""
        if self._folder is None:
            return
        for path in (self._folder / place, (self._folder / place).parent, self._folder):
            descriptor = os.open(path, os.O_RDONLY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)


class _Sealed:
    """Watches sealed bytes go by: nothing in them tells a type."""

    def __init__(self, chunks: Iterable[bytes]) -> None:
        self.size = 0
        self._chunks = chunks
        self._hash = hashlib.sha256()

    @property
    def sha256(self) -> str:
        return self._hash.hexdigest()

    def measured(self) -> Iterator[bytes]:
        for chunk in self._chunks:
            self.size += len(chunk)
            self._hash.update(chunk)
            yield chunk


class _Upload:
    """Watches a stream go by: its first bytes, its length, its hash."""

    def __init__(self, name: str, limit: int | None, chunks: Iterator[bytes]) -> None:
        self.name, self.limit, self.chunks = name, limit, chunks
        self.size = 0
        self.media_type = ""
        self._hash = hashlib.sha256()

    @property
    def sha256(self) -> str:
        return self._hash.hexdigest()

    def measured(self) -> Iterator[bytes]:
        for chunk in self.chunks:
            if not chunk:
                continue
            self.media_type = self.media_type or media_type_of(self.name, chunk)
            self.size += len(chunk)
            if self.limit is not None and self.size > self.limit:
                raise FileTooLarge(name=self.name, limit=self.limit // MEGABYTE)
            self._hash.update(chunk)
            yield chunk
        if not self.size:
            raise FileEmpty(name=self.name)


def open_store(place: str | Path, limit: int = LIMIT) -> FileStore:
    """A folder (made when missing), or an address such as ``s3://bucket/folder`` with credentials in the environment."""
    if "://" in str(place):
        return FileStore(from_url(str(place)), limit)
    folder = Path(place)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / MARK).touch()
    return FileStore(LocalStore(folder), limit, folder)


def _chunks(content: BinaryIO | Iterable[bytes]) -> Iterator[bytes]:
    if not hasattr(content, "read"):
        rest = iter(content)
        beginning = b""
        while len(beginning) < SIGNATURE and (chunk := next(rest, b"")):
            beginning += chunk
        yield beginning
        yield from rest
        return
    while chunk := content.read(CHUNK):
        yield chunk


def _place(sha256: str) -> str:
    if len(sha256) != 64 or not set(sha256) <= set("0123456789abcdef"):
        raise NotFound(kind="File", key=sha256[:80])
    return f"{sha256[:2]}/{sha256}"
