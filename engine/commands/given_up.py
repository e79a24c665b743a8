"""Operations that ruined the transaction they ran in. Their command is done again, and there they count as failed at once."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
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


@contextlib.contextmanager
def remembering() -> Iterator[None]:
    """Around one command with everything it repeats; one command inside another remembers with it."""
    if _causes.get() is not None:
        yield
        return
    token = _causes.set({})
    try:
        yield
    finally:
        _causes.reset(token)


def anew(attempt: Callable[[], Answer]) -> Answer:
    """What ``attempt`` gives, beginning again after each operation that ruined it."""
    while True:  # ends: each time around one more operation counts as failed
        with contextlib.suppress(TransactionRuined):
            return attempt()
