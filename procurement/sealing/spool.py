"""Where an upload waits while it is looked at: a temporary file that holds nothing readable.

The server would spool larger parts of a posted form to disk as they come. This spool encrypts what it writes (AES-256 in counter
mode) under a key that exists in this object only, and can be read from any place, as looking into archives needs.
"""

from __future__ import annotations

import io
import secrets
import tempfile

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

BLOCK = 16


class EncryptedSpool(io.RawIOBase):
    """A file to write from its beginning to its end once, and then to read from anywhere."""

    def __init__(self) -> None:
        super().__init__()
        self._file = tempfile.TemporaryFile(buffering=0)  # noqa: SIM115 - closed by close()
        self._key = secrets.token_bytes(32)
        self._writing = self._cipher_at(0)
        self._size = self._place = 0

    def writable(self) -> bool:
        return True

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def write(self, content: bytes | bytearray | memoryview) -> int:  # type: ignore[override]
        """Raises UnsupportedOperation anywhere but at the end: a counter must not be used twice."""
        if self._place != self._size:
            raise io.UnsupportedOperation("a spool is written once, from its beginning to its end")
        self._file.seek(self._size)
        rest = memoryview(self._writing.update(bytes(content)))
        length = len(rest)
        while rest:  # an unbuffered file may take a part only
            rest = rest[self._file.write(rest) :]
        self._size += length
        self._place = self._size
        return length

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        target = memoryview(buffer).cast("B")
        before = self._place % BLOCK
        self._file.seek(self._place - before)
        content = self._file.read(before + min(len(target), max(self._size - self._place, 0)))
        clear = self._cipher_at((self._place - before) // BLOCK).update(content)[before:]
        target[: len(clear)] = clear
        self._place += len(clear)
        return len(clear)

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        self._place = max(0, offset + {io.SEEK_SET: 0, io.SEEK_CUR: self._place, io.SEEK_END: self._size}[whence])
        return self._place

    def tell(self) -> int:
        return self._place

    def close(self) -> None:
        if not self.closed:
            self._file.close()
            self._key = b""
        super().close()

    @property
    def size(self) -> int:
        """Bytes written so far."""
        return self._size

    def _cipher_at(self, block: int):  # type: ignore[no-untyped-def]
        return Cipher(algorithms.AES(self._key), modes.CTR(block.to_bytes(BLOCK, "big"))).encryptor()
