"""Visitors who opened a registration with its number and password: the session remembers the number for a while."""

from __future__ import annotations

import time

from flask import session

KEPT_S = 2 * 60 * 60  # how long a registration stays open in a browser, by the machine's own clock
_KEY = "registration"


def open_registration(number: str) -> None:
    """Nothing of a visitor's old cookie survives but the language, so a planted one is of no use; a login goes on."""
    if "_user_id" not in session:
        language = session.get("language")
        session.clear()
        session.update({"language": language} if language else {})
    session[_KEY] = [number, time.time() + KEPT_S]


def registration_number() -> str | None:
    """The number this browser opened a short while ago."""
    kept = session.get(_KEY)
    return str(kept[0]) if isinstance(kept, list) and len(kept) == 2 and time.time() < kept[1] else None


def leave_registration() -> None:
    session.pop(_KEY, None)
