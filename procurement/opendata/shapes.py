"""Small OCDS values: amounts, periods, documents, references. A value that is not known is left out, never empty."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

from procurement.registers.comparison import Notice
from procurement.registers.row import OFFICE_ZONE

Json = dict[str, Any]
CURRENCY = "CNY"
NOTICE_PAGE = "/public/notices/"


def known(**fields: Any) -> Json:
    """The fields that say something: None, empty texts, lists and objects are left out."""
    return {name: value for name, value in fields.items() if value is not None and value not in ("", [], {})}


def amount(yuan: Any) -> Json:
    """A Value in CNY; empty for what is no number."""
    if isinstance(yuan, bool) or not isinstance(yuan, (int, Decimal)):
        return {}
    return {"amount": yuan, "currency": CURRENCY}


def moment(value: Any) -> str | None:
    """ISO 8601 with the zone, to the second; a day is its first moment. None for what is no time."""
    if isinstance(value, str):
        try:
            value = dt.datetime.fromisoformat(value) if "T" in value else dt.date.fromisoformat(value)
        except ValueError:
            return None
    if isinstance(value, dt.datetime):
        aware = value if value.tzinfo else value.replace(tzinfo=OFFICE_ZONE)
        return aware.astimezone(OFFICE_ZONE).isoformat(timespec="seconds")
    return moment(dt.datetime.combine(value, dt.time(), OFFICE_ZONE)) if isinstance(value, dt.date) else None


def last_moment(day: dt.date) -> str | None:
    """The last second of a day: the end of a period that includes it."""
    return moment(dt.datetime.combine(day, dt.time(23, 59, 59), OFFICE_ZONE))


def document(notice: Notice, kind: str) -> Json:
    """A notice as a Document; its page is its address."""
    return {
        "id": notice.id,
        "documentType": kind,
        "title": notice.title,
        "url": f"{NOTICE_PAGE}{notice.id}",
        "datePublished": moment(notice.published_at),
        "format": "text/html",
        "language": "zh",
    }


def text(value: Any) -> str:
    """A text of a notice's content; empty for anything else."""
    return value.strip() if isinstance(value, str) else ""


def rows(value: Any) -> list[Json]:
    """The rows of a table in a notice's content."""
    return [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []
