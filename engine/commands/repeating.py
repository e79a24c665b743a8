"""Doing a transaction again when the database says it could not be done this time. People never hear of it."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from typing import TypeVar

import psycopg
import structlog
from sqlalchemy.exc import DBAPIError

from engine.commands.given_up import anew, remembering
from engine.errors import Conflict
from engine.store.database import Database
from engine.store.unit_of_work import is_lost, sqlstate

log = structlog.get_logger(__name__)

Answer = TypeVar("Answer")

ATTEMPTS = 5
LOCK_TIMEOUT = "55P03"
PASSING = {"40P01", "40001"}  # deadlock, serialization: nothing was done, so it can be done again


class CaseBusy(Conflict):
    """Many people are working on this case at this moment. Nothing was changed; send it again."""


def repeated(database: Database, attempt: Callable[[], Answer]) -> Answer:
    """What ``attempt`` gives. Raises CaseBusy when others held the case too long or came in between every time."""
    with remembering():
        return _repeated(database, lambda: anew(attempt))


def _repeated(database: Database, attempt: Callable[[], Answer]) -> Answer:
    for number in range(1, ATTEMPTS + 1):
        try:
            return attempt()
        except (psycopg.Error, DBAPIError) as error:
            state = sqlstate(error)
            last = number == ATTEMPTS
            if state == LOCK_TIMEOUT or (last and state in PASSING):  # a lock timeout has waited long enough already
                raise CaseBusy from error
            if last or not (will_pass(error) or _same_command_beside(error)):
                raise
            log.info("command_repeated", attempt=number, cause=state)
            if is_lost(error):  # nothing was committed; the other idle connections are as old as this one
                database.dispose()
            time.sleep(random.uniform(0.01, 0.05) * number)  # noqa: S311 - spreads those who collided
    raise AssertionError("unreachable")


def will_pass(error: psycopg.Error | DBAPIError) -> bool:
    """Nobody did anything wrong: others were in the way, or the connection broke."""
    return sqlstate(error) in {*PASSING, LOCK_TIMEOUT} or is_lost(error)


def _same_command_beside(error: psycopg.Error | DBAPIError) -> bool:
    """The same command was sent twice at once and the other one has just committed: look for its answer."""
    original = error.orig if isinstance(error, DBAPIError) else error
    return isinstance(original, psycopg.errors.UniqueViolation) and original.diag.constraint_name == "pk_command_log"
