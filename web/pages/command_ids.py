"""The id a form was drawn with: sent twice, it happens once (``engine.commands.answers``)."""

from __future__ import annotations

import hashlib

from flask import request

from web.auth.people import me

LONGEST = 100  # our own have 32 characters; a form may be sent with anything


def sent() -> str | None:
    """The posted id as this person's own: the same id sent by somebody else is another one. None when none was sent."""
    given = request.form.get("command_id")
    if not given:
        return None
    kept = given if len(given) <= LONGEST else hashlib.sha256(given.encode()).hexdigest()
    return f"page {me().login} {kept}"
