"""Addresses people are sent on to."""

from __future__ import annotations

from urllib.parse import urlsplit


def own_address(wanted: str | None, otherwise: str = "/") -> str:
    """``wanted`` when it is a path on this site, else ``otherwise``: a link may not send people elsewhere after login."""
    if not wanted or not wanted.startswith("/") or wanted.startswith(("//", "/\\")) or any(ord(c) < 33 for c in wanted):
        return otherwise
    parts = urlsplit(wanted)
    return otherwise if parts.scheme or parts.netloc else wanted
