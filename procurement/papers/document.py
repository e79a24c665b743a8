"""A red-header paper of any kind, once, for Word and PDF alike: facts, parts with text or a table, and who signs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from procurement.papers.bars import Bars

COUNT = "一二三四五六七八九十"


@dataclass(frozen=True)
class Part:
    """``text`` are paragraphs; ``rows`` a table below them, with as many cells each as there are ``columns``.

    ``picture`` stands above the table; ``links``: like ``rows``, the address a cell leads to, or empty.
    """

    heading: str
    text: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    picture: Bars | None = None
    links: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True)
class Paper:
    """``kind`` names the template; ``digest`` is the SHA-256 of what the registers keep of the same, or empty."""

    kind: str
    number: str
    heading: str
    office: str
    day: str
    to: str = ""
    facts: tuple[tuple[str, str], ...] = ()
    parts: tuple[Part, ...] = ()
    signatures: tuple[str, ...] = ()
    digest: str = ""


def numbered(parts: Iterable[Part]) -> tuple[Part, ...]:
    """Those that say something, counted 一、二、三."""
    told = [part for part in parts if part.text or part.rows]
    return tuple(replace(part, heading=f"{numeral(n)}、{part.heading}") for n, part in enumerate(told, 1))


def numeral(number: int) -> str:
    """1 → 一, 12 → 十二, 30 → 三十; up to 99."""
    tens, rest = divmod(number, 10)
    return (COUNT[tens - 1] if tens > 1 else "") + ("十" if tens else "") + (COUNT[rest - 1] if rest else "")


def moment(value: Any) -> str:
    """2027-05-06T09:30:00+08:00, as text or as a moment → 2027年5月6日 9:30; empty for none."""
    if not value:
        return ""
    at = value if isinstance(value, dt.datetime) else dt.datetime.fromisoformat(str(value))
    return f"{day(at.date())} {at.hour}:{at.minute:02d}"


def day(value: Any) -> str:
    """A date, as text or as a date → 2027年5月6日; empty for none."""
    if not value:
        return ""
    found = value if isinstance(value, dt.date) else dt.date.fromisoformat(str(value)[:10])
    return f"{found.year}年{found.month}月{found.day}日"


def money(value: Any) -> str:
    """Yuan with two digits; empty for none."""
    return "" if value is None else f"{Decimal(str(value)):,.2f}"


def points(value: Any) -> str:
    """A score as short as it can be written: 87.5000 → 87.5."""
    return "" if value is None else f"{Decimal(str(value)).normalize():f}"
