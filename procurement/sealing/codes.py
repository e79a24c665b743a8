"""Opening codes: what a key holder keeps on paper, and the X25519 key it stands for.

A code is 136 random bits and 24 bits of checksum as 32 signs of Crockford's base32 (no I, L, O, U) in groups of four.
"""

from __future__ import annotations

import hashlib
import secrets

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from engine.errors import InvalidInput

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
ALIKE = str.maketrans({"O": "0", "I": "1", "L": "1"})
RANDOM_BYTES, CHECK_BYTES = 17, 3
SIGNS = (RANDOM_BYTES + CHECK_BYTES) * 8 // 5
GROUP = 4


class CodeMistyped(InvalidInput):
    """This is not a complete opening code: it has {signs} signs in groups of four, and a sign seems wrong or missing. Compare it with the sheet."""


def new_code() -> str:
    """A fresh code such as ``7K3M-Q0VX-…``; it is kept nowhere."""
    return code_of(secrets.token_bytes(RANDOM_BYTES))


def code_of(secret: bytes) -> str:
    """The code of 17 given bytes."""
    assert len(secret) == RANDOM_BYTES
    return grouped(_letters(secret + _check(secret)))


def secret_of(code: str) -> bytes:
    """The 17 bytes of a typed code; small letters, blanks and O, I, L for 0, 1, 1 are taken. Raises CodeMistyped."""
    signs = "".join(code.upper().replace("-", " ").split()).translate(ALIKE)
    if len(signs) != SIGNS or not set(signs) <= set(ALPHABET):
        raise CodeMistyped(signs=SIGNS)
    number = 0
    for sign in signs:
        number = number * 32 + ALPHABET.index(sign)
    everything = number.to_bytes(RANDOM_BYTES + CHECK_BYTES, "big")
    secret, check = everything[:RANDOM_BYTES], everything[RANDOM_BYTES:]
    if not secrets.compare_digest(check, _check(secret)):
        raise CodeMistyped(signs=SIGNS)
    return secret


def private_key(code: str) -> X25519PrivateKey:
    """Raises CodeMistyped."""
    derived = HKDF(SHA256(), 32, salt=b"bixuan opening code", info=b"X25519 v1").derive(secret_of(code))
    return X25519PrivateKey.from_private_bytes(derived)


def public_bytes(key: X25519PrivateKey | X25519PublicKey) -> bytes:
    """The 32 bytes of the public half."""
    public = key.public_key() if isinstance(key, X25519PrivateKey) else key
    return public.public_bytes_raw()


def fingerprint(public: bytes) -> str:
    """Eighty bits of the SHA-256 of a public key, in groups to be compared by eye."""
    return grouped(_letters(hashlib.sha256(public).digest()[:10]))


def grouped(signs: str) -> str:
    return "-".join(signs[start : start + GROUP] for start in range(0, len(signs), GROUP))


def _check(secret: bytes) -> bytes:
    return hashlib.sha256(b"bixuan opening code" + secret).digest()[:CHECK_BYTES]


def _letters(content: bytes) -> str:
    number, signs = int.from_bytes(content, "big"), []
    for _ in range(len(content) * 8 // 5):
        number, rest = divmod(number, 32)
        signs.append(ALPHABET[rest])
    return "".join(reversed(signs))
