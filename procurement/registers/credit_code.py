"""The unified social credit code (统一社会信用代码, GB 32100-2015): 18 signs, the last is a check sign over the first 17."""

from __future__ import annotations

SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # no I, O, S, V, Z
WEIGHTS = tuple(3**i % 31 for i in range(17))


def check_sign(first17: str) -> str:
    """The 18th sign. Raises ValueError when a sign is not allowed."""
    if len(first17) != 17:
        raise ValueError("17 signs are needed")
    total = sum(SIGNS.index(sign) * weight for sign, weight in zip(first17, WEIGHTS, strict=True))
    return SIGNS[(31 - total % 31) % 31]


def fault(code: str) -> str | None:
    """Why ``code`` is no unified social credit code, as an English template; None when it is one."""
    if len(code) != 18:
        return "A unified social credit code has 18 signs; this one has {length}."
    if any(sign not in SIGNS for sign in code):
        return "A unified social credit code consists of digits and capital letters without I, O, S, V and Z."
    if check_sign(code[:17]) != code[17]:
        return "The check digit of this unified social credit code is wrong: at least one sign is mistyped."
    return None
