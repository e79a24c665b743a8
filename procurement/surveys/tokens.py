"""Tokens of survey links: 160 bits, made from a secret that is never stored, and kept only as a hash."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets

BYTES = 20  # 160 bits are 32 letters, without padding


def new_secret() -> str:
    """What the tokens of a batch are made from; it stays in the form of the person who prints the cards."""
    return secrets.token_hex(32)


def batch_of(secret: str) -> str:
    """The name of the batch, from which its tokens cannot be made."""
    return hashlib.sha256(f"batch {secret}".encode()).hexdigest()


def tokens_of(secret: str, cards: int) -> list[str]:
    """The same secret gives the same tokens, so a form sent twice prints the same cards."""
    made = (hmac.digest(secret.encode(), str(n).encode(), "sha256")[:BYTES] for n in range(cards))
    return [base64.b32encode(one).decode().lower() for one in made]


def hashed(token: str) -> str:
    return hashlib.sha256(f"invitation {token}".encode()).hexdigest()


def visitor(salt: str, day: str, address: str) -> str:
    """One address on one day of one survey."""
    return hmac.digest(salt.encode(), f"{day} {address}".encode(), "sha256").hex()
