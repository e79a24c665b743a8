"""The one way variables become JSON text and back, without losing a digit of money.

Numbers with a fraction are ``decimal.Decimal`` on both sides; whole numbers stay ``int``. FEEL values that JSON does not
have (dates, times, durations) are stored as their FEEL text, as the dialect's public documentation says; anything with a
``feel_text()`` method says its own text.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from decimal import Decimal
from typing import Any, TypeAlias

import orjson
import simplejson

Json: TypeAlias = "bool | int | Decimal | str | list[Json] | dict[str, Json] | None"


def dumps(value: Any) -> str:
    """Compact JSON text of ``value``; object keys keep their order."""
    return _COMPACT.encode(value)


def dumps_stored(value: Any) -> str:
    """As ``dumps``, some times quicker, for values that hold no float: what came from storage or is about to go there."""
    try:
        return orjson.dumps(value, _fragment, _QUICK).decode()
    except TypeError:  # a number beyond 64 bits, a key that is no text
        return _COMPACT.encode(value)


def loads(text: str | bytes) -> Any:
    """The value of JSON ``text``; numbers with a fraction or exponent become Decimal."""
    return simplejson.loads(text, use_decimal=True)


def canonical(value: Any) -> bytes:
    """One byte string per value, whatever the order of its keys: what the hash chain signs."""
    return _CANONICAL.encode(value).encode()


def digest(value: Any) -> str:
    """SHA-256 of the canonical form, as 64 hexadecimal digits."""
    return hashlib.sha256(canonical(value)).hexdigest()


def _foreign(value: Any) -> Any:
    if isinstance(value, (dt.datetime, dt.date, dt.time)):
        return value.isoformat()
    if hasattr(value, "feel_text"):
        return value.feel_text()
    if isinstance(value, dt.timedelta):
        return _duration_text(value)
    if isinstance(value, (set, frozenset, tuple)):
        return list(value)
    raise TypeError(f"{type(value).__name__} cannot be a process variable")


def _fragment(value: Any) -> Any:
    return orjson.Fragment(str(value)) if isinstance(value, Decimal) and value.is_finite() else _foreign(value)


def _duration_text(value: dt.timedelta) -> str:
    sign = "-" if value < dt.timedelta(0) else ""
    value = abs(value)
    hours, rest = divmod(value.seconds, 3600)
    minutes, seconds = divmod(rest, 60)
    fraction = f".{value.microseconds:06d}".rstrip("0") if value.microseconds else ""
    time = "".join(
        [f"{hours}H" if hours else "", f"{minutes}M" if minutes else "", f"{seconds}{fraction}S" if seconds or fraction else ""]
    )
    days = f"{value.days}D" if value.days else ""
    return f"{sign}P{days}{'T' + time if time else ''}" if days or time else "PT0S"


_QUICK = orjson.OPT_PASSTHROUGH_DATETIME | orjson.OPT_PASSTHROUGH_DATACLASS | orjson.OPT_PASSTHROUGH_SUBCLASS

# made once: every command writes some dozens of texts
_COMPACT = simplejson.JSONEncoder(use_decimal=True, ensure_ascii=False, separators=(",", ":"), default=_foreign, allow_nan=False)
_CANONICAL = simplejson.JSONEncoder(
    use_decimal=True, ensure_ascii=False, separators=(",", ":"), sort_keys=True, default=_foreign, allow_nan=False
)
