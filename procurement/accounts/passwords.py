"""Password hashes (argon2id with the library's defaults, RFC 9106 low-memory profile)."""

from __future__ import annotations

import hashlib
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from procurement.accounts.errors import WeakPassword

MINIMUM = 10
_hasher = PasswordHasher()


def hashed(password: str, login: str) -> str:
    """The hash to store. Raises WeakPassword."""
    if len(password) < MINIMUM or login.lower() in password.lower():
        raise WeakPassword(minimum=MINIMUM)
    return _hasher.hash(password)


def matches(password_hash: str | None, password: str) -> bool:
    """Whether the password is right; takes as long for an unknown login, so that names cannot be found out by the clock."""
    try:
        return _hasher.verify(password_hash or _nobody(), password) and password_hash is not None
    except (VerificationError, InvalidHashError):
        return False


def mark(password_hash: str) -> str:
    """What a session keeps of the password it was begun with: another password has another mark, and nothing leads back."""
    return hashlib.sha256(password_hash.encode()).hexdigest()[:16]


@cache
def _nobody() -> str:
    return _hasher.hash("the password of nobody")
