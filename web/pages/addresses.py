"""Addresses people are sent on to."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import g, url_for

from engine.model import UserTask
from procurement.registers.numbers import PURCHASE, REGISTRATION
from web.auth import access
from web.auth.people import me
from web.pages.services import office


def own_address(wanted: str | None, otherwise: str = "/") -> str:
    """``wanted`` when it is a path on this site, else ``otherwise``: a link may not send people elsewhere after login."""
    if not wanted or not wanted.startswith("/") or wanted.startswith(("//", "/\\")) or any(ord(c) < 33 for c in wanted):
        return otherwise
    parts = urlsplit(wanted)
    return otherwise if parts.scheme or parts.netloc else wanted


def case_address(number: str | None) -> str | None:
    """Where the case with this number is shown to the person looking; None when no page shows it to them."""
    series = (number or "").partition("-")[0]
    if series == PURCHASE:
        return url_for("cases.show", number=number)
    if series == REGISTRATION and access.allowed("registrations.index", me().roles):
        return url_for("registrations.index", _anchor=number)
    if "matter_series" not in g:  # a list asks for each of its rows
        g.matter_series = office().matters.prefixes()
    return url_for("matters.show", number=number) if series in g.matter_series else None


def case_number(task: UserTask) -> str | None:
    """The number people know the task's case by: a matter that a message began runs under the message's key."""
    if case_address(task.business_key) is not None:
        return task.business_key
    matter = office().matters.of_cases([task.root_key]).get(task.root_key)
    return matter.id if matter else task.business_key
