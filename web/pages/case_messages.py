"""What people send into a running case outside any task: a withdrawal, a problem that was found."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.errors import Conflict, NotFound
from web.auth.people import acting
from web.pages.services import engine


class NotPossibleNow(Conflict):
    """The case {number} is past the point where this is possible. Look at its steps to see where it stands."""


def send(name: str, number: str, variables: Mapping[str, Any], command_id: str | None) -> None:
    """Correlated, not published: what nobody waits for must be said at once, not kept. Raises NotPossibleNow."""
    try:
        engine().correlate_message(name, number, variables, actor=acting(), command_id=command_id)
    except NotFound:
        raise NotPossibleNow(number=number) from None
