"""Operations that ruined the transaction they ran in. Their command is done again, and there they count as failed at once."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from contextvars import ContextVar
from typing import TypeVar

Answer = TypeVar("Answer")
Place = tuple[str, str]  # operation, element id

_causes: ContextVar[dict[Place, str] | None] = ContextVar("given_up", default=None)


class TransactionRuined(Exception):
    """Nothing more can be done in this transaction; it is rolled back and its command begins anew."""


def cause_at(place: Place) -> str | None:
    """Why the operation there is not to be tried again within this command."""
    return (_causes.get() or {}).get(place)


def give_up(place: Place, cause: str) -> TransactionRuined:
    """To be raised: the command in hand begins anew and knows of it."""
    causes = _causes.get()
    assert causes is not None, "an operation ran outside a command"
    causes[place] = cause
    return TransactionRuined(*place, cause)


class remembering:  # noqa: N801 - reads as a verb where it is used, and a class costs each command less than a generator
    """Around one command with everything it repeats; one command inside another remembers with it."""

    def __enter__(self) -> None:
        self._token = None if _causes.get() is not None else _causes.set({})

    def __exit__(self, *_: object) -> None:
        if self._token is not None:
            _causes.reset(self._token)


def anew(attempt: Callable[[], Answer]) -> Answer:
    """What ``attempt`` gives, beginning again after each operation that ruined it."""
    while True:  # ends: each time around one more operation counts as failed
        with contextlib.suppress(TransactionRuined):
            return attempt()
