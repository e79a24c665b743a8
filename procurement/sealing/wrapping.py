"""A small secret sealed for whoever holds one X25519 private key: fresh key agreement, HKDF-SHA-256, AES-256-GCM.

Every wrap has its own sender key, so the fixed nonce is used once per key. ``context`` says what the secret is for; it must be
the same at unwrapping, so a wrapped share cannot be passed off as another's.
"""

from __future__ import annotations

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_BYTES = 32
NONCE = bytes(12)


class CannotUnwrap(ValueError):
    """The key is not the one this was wrapped to, or the wrapped bytes or their context were changed."""


def wrap(secret: bytes, recipient: bytes, context: bytes) -> bytes:
    """``recipient``: 32 bytes of a public key. Returns sender key (32) and ciphertext with tag."""
    sender = X25519PrivateKey.generate()
    public = sender.public_key().public_bytes_raw()
    shared = sender.exchange(X25519PublicKey.from_public_bytes(recipient))
    return public + AESGCM(_key(shared, public, recipient)).encrypt(NONCE, secret, context)


def unwrap(wrapped: bytes, key: X25519PrivateKey, context: bytes) -> bytes:
    """Raises CannotUnwrap."""
    public, ciphertext = wrapped[:KEY_BYTES], wrapped[KEY_BYTES:]
    recipient = key.public_key().public_bytes_raw()
    try:
        shared = key.exchange(X25519PublicKey.from_public_bytes(public))
        return AESGCM(_key(shared, public, recipient)).decrypt(NONCE, ciphertext, context)
    except (InvalidTag, ValueError) as cause:  # ValueError: a sender key of low order or of the wrong length
        raise CannotUnwrap(CannotUnwrap.__doc__) from cause


def _key(shared: bytes, sender: bytes, recipient: bytes) -> bytes:
    return HKDF(SHA256(), KEY_BYTES, salt=sender + recipient, info=b"bixuan wrap v1").derive(shared)
