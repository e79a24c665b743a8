"""Who may change which folder, as drafts ask it."""

from __future__ import annotations

from typing import Protocol

from engine.errors import NotPermitted
from engine.model import Actor

DESIGNERS = frozenset({"designer", "admin"})


class Rights(Protocol):
    """``action``: edit, review, release."""

    def require(self, actor: Actor, folder: str, action: str) -> None:
        """Raises NotPermitted."""


class EveryDesigner:
    """Every designer may do everything with every folder."""

    def require(self, actor: Actor, folder: str, action: str) -> None:  # noqa: ARG002 - the same for all
        if not actor.system and not actor.groups & DESIGNERS:
            raise NotPermitted
