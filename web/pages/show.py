"""How values are written on a page: money, days, moments, deadlines, sizes. Registered as template filters."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from flask import Flask
from flask_babel import gettext as _

ZONE = ZoneInfo("Asia/Shanghai")
_ISO_MOMENT = re.compile(r"\b\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)")
SOON = dt.timedelta(days=2)


@dataclass(frozen=True)
class Deadline:
    """``level`` is late, soon or calm."""

    text: str
    level: str


def money(value: Any) -> str:
    """Yuan with thousands separators and two digits; a dash when there is no amount."""
    if value is None or value == "":
        return "—"
    return f"{Decimal(str(value)):,.2f}"


def number(value: Any) -> str:
    """A number as people write it: no exponent, no trailing zeros beyond the point."""
    text = f"{Decimal(str(value)):,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def day(value: Any) -> str:
    """2026-03-05, from a date, a moment or ISO text."""
    value = _parsed(value)
    return value.astimezone(ZONE).date().isoformat() if isinstance(value, dt.datetime) else str(value or "—")


def moment(value: Any) -> str:
    """2026-03-05 09:00 in the office's zone."""
    value = _parsed(value)
    return value.astimezone(ZONE).strftime("%Y-%m-%d %H:%M") if isinstance(value, dt.datetime) else str(value or "—")


def deadline(due: dt.datetime | None, now: dt.datetime) -> Deadline:
    """How long is left, in the words of the inbox."""
    if due is None:
        return Deadline(_("无期限"), "calm")
    left = due - now
    if left < dt.timedelta(0):
        return Deadline(_("已逾期 %(span)s", span=_span(-left)), "late")
    if left < SOON:
        return Deadline(_("剩 %(span)s", span=_span(left)), "soon")
    return Deadline(_("剩 %(n)s 天", n=left.days), "calm")


def size(value: int) -> str:
    """Bytes as KB or MB."""
    return f"{value / 1_048_576:.1f} MB" if value >= 1_048_576 else f"{max(1, round(value / 1024))} KB"


def plain(value: Any) -> str:
    """Any process variable as one line of text: lists are counted, contexts named."""
    if value is None or value == "":
        return "—"
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if isinstance(value, (int, Decimal)):
        return number(value)
    if isinstance(value, (dt.date, dt.datetime)):
        return moment(value) if isinstance(value, dt.datetime) else day(value)
    if isinstance(value, str):
        return with_moments(value)
    if isinstance(value, dict):
        return str(value.get("name") or value.get("title") or "；".join(f"{k}：{plain(v)}" for k, v in list(value.items())[:6]))
    if isinstance(value, (list, tuple)):
        return "、".join(plain(v) for v in value) if value else "—"
    return str(value)


def with_moments(text: str) -> str:
    """ISO moments inside a text as people write them: 2026-05-07T17:00:00+08:00 becomes 2026-05-07 17:00."""
    return _ISO_MOMENT.sub(lambda found: moment(found[0]), text)


def install(pages: Flask) -> None:
    filters: dict[str, Callable[[Any], str]] = {
        "money": money,
        "number": number,
        "day": day,
        "moment": moment,
        "size": size,
        "plain": plain,
        "with_moments": with_moments,
    }
    for name, write in filters.items():
        pages.add_template_filter(write, name)
    pages.add_template_global(deadline, "deadline")


def _span(length: dt.timedelta) -> str:
    if length.days:
        return _("%(n)s 天", n=length.days)
    hours = length.seconds // 3600
    return _("%(n)s 小时", n=hours) if hours else _("%(n)s 分钟", n=max(1, length.seconds // 60))


def _parsed(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    try:
        return dt.datetime.fromisoformat(value) if "T" in value else dt.date.fromisoformat(value)
    except ValueError:
        return value
