"""Shamir's secret sharing, byte by byte over GF(256) with the polynomial of AES (0x11b).

Fewer than ``needed`` shares say nothing at all about the secret; any ``needed`` of them give it back. Shares carry no check:
whoever combines must know by other means whether the result is right (here: the key it must open).
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping

MOST = 255


class BadShares(ValueError):
    """The shares cannot belong together, or their number makes no sense: a mistake in the program or in the stored data."""


def split(
    secret: bytes, shares: int, needed: int, random_bytes: Callable[[int], bytes] = secrets.token_bytes
) -> dict[int, bytes]:
    """Share number (1 …) → share, each as long as the secret. Raises BadShares."""
    if not 1 <= needed <= shares <= MOST or not secret:
        raise BadShares(f"{needed} of {shares}")
    polynomials = [bytes([byte]) + random_bytes(needed - 1) for byte in secret]
    return {x: bytes(_value(polynomial, x) for polynomial in polynomials) for x in range(1, shares + 1)}


def combine(shares: Mapping[int, bytes]) -> bytes:
    """The secret of exactly as many shares as are needed, or more. Raises BadShares."""
    lengths = {len(share) for share in shares.values()}
    if len(lengths) != 1 or not all(1 <= x <= MOST for x in shares):
        raise BadShares(f"{len(shares)} shares of lengths {sorted(lengths)}")
    weights = {x: _weight_at_zero(x, shares) for x in shares}
    secret = bytearray(lengths.pop())
    for x, share in shares.items():
        for place, byte in enumerate(share):
            secret[place] ^= multiply(byte, weights[x])
    return bytes(secret)


def multiply(a: int, b: int) -> int:
    """The product in GF(256)."""
    return _EXP[_LOG[a] + _LOG[b]] if a and b else 0


def divide(a: int, b: int) -> int:
    """Raises ZeroDivisionError."""
    if not b:
        raise ZeroDivisionError
    return _EXP[_LOG[a] - _LOG[b] + MOST] if a else 0


def _value(polynomial: bytes, x: int) -> int:
    """Horner's rule; the first coefficient is the constant one."""
    value = 0
    for coefficient in reversed(polynomial):
        value = multiply(value, x) ^ coefficient
    return value


def _weight_at_zero(x: int, others: Mapping[int, bytes]) -> int:
    """Lagrange's basis polynomial of ``x`` at zero."""
    weight = 1
    for other in others:
        if other != x:
            weight = multiply(weight, divide(other, other ^ x))
    return weight


def _tables() -> tuple[list[int], list[int]]:
    powers, logarithms, value = [0] * (2 * MOST), [0] * (MOST + 1), 1
    for exponent in range(MOST):
        powers[exponent] = powers[exponent + MOST] = value
        logarithms[value] = exponent
        doubled = value << 1  # 3 generates the field: 3·v = 2·v + v
        value ^= doubled ^ (0x11B if doubled & 0x100 else 0)
    return powers, logarithms


_EXP, _LOG = _tables()
