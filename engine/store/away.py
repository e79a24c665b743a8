"""Telling a database that is away, busy or full from a mistake of ours."""

from __future__ import annotations

import psycopg
import sqlalchemy.exc
from sqlalchemy.exc import DBAPIError

from engine.errors import Unavailable
from engine.store.unit_of_work import is_lost, sqlstate

# what the driver and the pool raise; most of them are mistakes, ``unavailable`` knows which are not
DATABASE_ERRORS: tuple[type[Exception], ...] = (DBAPIError, sqlalchemy.exc.TimeoutError, psycopg.Error)

DISK_FULL = "53100"
# out of memory, too many connections, an input or output error, a standby that takes no changes
AWAY = {"53200", "53300", "58030", "25006"}
# a table or a column that is not there
MISSING = {"42P01", "42703"}


class DatabaseAway(Unavailable):
    """The database does not answer at this moment. Nothing was changed; send it again in a minute."""


class DatabaseFull(Unavailable):
    """The disk of the database is full. Nothing was changed; tell the administrator, then send it again."""


def unavailable(error: BaseException) -> Unavailable | None:
    """What to say when the database is away or full; None when the error is something else."""
    if isinstance(error, Unavailable):
        return error
    if isinstance(error, sqlalchemy.exc.TimeoutError):  # every connection of the pool is in use, as when the database hangs
        return DatabaseAway()
    if not isinstance(error, (DBAPIError, psycopg.Error)):
        return None
    state = sqlstate(error)
    if state == DISK_FULL:
        return DatabaseFull()
    return DatabaseAway() if is_lost(error) or state in AWAY else None


def is_behind(error: BaseException) -> bool:
    """The statement asks for a table or a column that the database does not have: it was not brought to this version's revision."""
    return isinstance(error, (DBAPIError, psycopg.Error)) and sqlstate(error) in MISSING
