"""Telling a number no column can hold from a mistake of ours: it is the number of nothing."""

from __future__ import annotations

import psycopg
from sqlalchemy.exc import DBAPIError

from engine.store.unit_of_work import sqlstate

OUT_OF_RANGE = "22003"


def beyond_all_numbers(error: BaseException) -> bool:
    """Whether somebody asked for a key larger than any key can be."""
    return isinstance(error, (DBAPIError, psycopg.Error)) and sqlstate(error) == OUT_OF_RANGE
