"""A content of any size sealed in pieces of one mebibyte (the STREAM construction of Hoang, Reyhanitabar, Rogaway, Vizár).

Each piece has the nonce prefix | number of the piece | last or not, and the header and the context as associated data: pieces
cannot be changed, dropped, repeated, put in another order, moved to another file, or cut off at the end without it being seen.
Memory stays at a few mebibytes. A key seals one content only.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator

from cryptography.exceptions import InvalidTag, UnsupportedAlgorithm
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

PIECE = 1024 * 1024
TAG = 16
KEY_BYTES = 32
AES, SM4 = "AES-256-GCM", "SM4-GCM"
MARKS = {AES: b"BXS1", SM4: b"BXS2"}
PREFIX = 7
HEADER = 4 + PREFIX


class BrokenSeal(ValueError):
    """The sealed content was changed, cut off, swapped or is not for this place; the text says at which piece."""


class CipherMissing(RuntimeError):
    """SM4-GCM was chosen, but the OpenSSL of this machine does not have it. Set BIXUAN_SEAL_CIPHER to AES-256-GCM."""


def new_key() -> bytes:
    return secrets.token_bytes(KEY_BYTES)


def try_cipher(name: str) -> None:
    """Raises CipherMissing when this machine cannot seal with it."""
    try:
        _Sealer(new_key(), MARKS[name] + bytes(PREFIX), b"").seal(b"?", 0, last=True)
    except UnsupportedAlgorithm as cause:
        raise CipherMissing(CipherMissing.__doc__) from cause


def seal(chunks: Iterable[bytes], key: bytes, context: bytes, cipher: str = AES) -> Iterator[bytes]:
    """The sealed content: header, then pieces. Chunks may have any size."""
    header = MARKS[cipher] + secrets.token_bytes(PREFIX)
    sealer = _Sealer(key, header, context)
    yield header
    for number, (piece, last) in enumerate(_pieces(chunks, PIECE)):
        yield sealer.seal(piece, number, last=last)


def unseal(chunks: Iterable[bytes], key: bytes, context: bytes) -> Iterator[bytes]:
    """The content, piece by piece, each given only after its seal was checked. Raises BrokenSeal, perhaps after good pieces."""
    header, rest = _cut(iter(chunks), HEADER)
    if header[:4] not in MARKS.values() or len(header) < HEADER:
        raise BrokenSeal("header")
    sealer = _Sealer(key, header, context)
    for number, (piece, last) in enumerate(_pieces(rest, PIECE + TAG)):
        yield sealer.unseal(piece, number, last=last)


class _Sealer:
    def __init__(self, key: bytes, header: bytes, context: bytes) -> None:
        self._prefix, self._associated = header[4:], header + context
        if header[:4] == MARKS[SM4]:
            self._aead: AESGCM | _Sm4Gcm = _Sm4Gcm(HKDF(SHA256(), 16, salt=None, info=b"bixuan SM4 v1").derive(key))
        else:
            self._aead = AESGCM(key)

    def seal(self, piece: bytes, number: int, *, last: bool) -> bytes:
        return self._aead.encrypt(self._nonce(number, last), piece, self._associated)

    def unseal(self, piece: bytes, number: int, *, last: bool) -> bytes:
        try:
            return self._aead.decrypt(self._nonce(number, last), piece, self._associated)
        except (InvalidTag, ValueError) as cause:  # ValueError: shorter than a tag
            raise BrokenSeal(f"piece {number + 1}") from cause

    def _nonce(self, number: int, last: bool) -> bytes:
        return self._prefix + number.to_bytes(4, "big") + (b"\1" if last else b"\0")


class _Sm4Gcm:
    """SM4 in GCM mode with the interface of AESGCM."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def encrypt(self, nonce: bytes, content: bytes, associated: bytes) -> bytes:
        sealing = Cipher(algorithms.SM4(self._key), modes.GCM(nonce)).encryptor()
        sealing.authenticate_additional_data(associated)
        return sealing.update(content) + sealing.finalize() + sealing.tag

    def decrypt(self, nonce: bytes, content: bytes, associated: bytes) -> bytes:
        if len(content) < TAG:
            raise InvalidTag
        opening = Cipher(algorithms.SM4(self._key), modes.GCM(nonce, content[-TAG:])).decryptor()
        opening.authenticate_additional_data(associated)
        return opening.update(content[:-TAG]) + opening.finalize()


def _pieces(chunks: Iterable[bytes], size: int) -> Iterator[tuple[bytes, bool]]:
    """Pieces of ``size`` bytes and whether it is the last; an empty content is one empty last piece."""
    held = bytearray()
    for chunk in chunks:
        held += chunk
        while len(held) > size:  # not >=: a full piece may still be the last one
            yield bytes(held[:size]), False
            del held[:size]
    yield bytes(held), True


def _cut(chunks: Iterator[bytes], size: int) -> tuple[bytes, Iterator[bytes]]:
    """The first ``size`` bytes, and the rest."""
    held = b""
    while len(held) < size and (chunk := next(chunks, b"")):
        held += chunk

    def rest() -> Iterator[bytes]:
        yield held[size:]
        yield from chunks

    return held[:size], rest()
