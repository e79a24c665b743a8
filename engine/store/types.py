"""Column types and naming shared by every table of the engine."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import BigInteger, Column, DateTime, Dialect, MetaData, Text, TypeDecorator

from engine import json_codec

# China has one zone and no summer time; a fixed offset needs no zone database on the machine
ZONE = dt.timezone(dt.timedelta(hours=8), "Asia/Shanghai")

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class Moment(TypeDecorator[dt.datetime]):
    """An aware point in time; comes back in the office's zone whatever the server's zone is."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_result_value(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:  # noqa: ARG002 - SQLAlchemy's signature
        return None if value is None else value.astimezone(ZONE)


class Json(TypeDecorator[Any]):
    """JSON kept as text: jsonb would lose the order of keys and come back as binary floats."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:  # noqa: ARG002 - SQLAlchemy's signature
        return None if value is None else json_codec.dumps(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:  # noqa: ARG002 - SQLAlchemy's signature
        return None if value is None else json_codec.loads(value)


def key(name: str = "key", *, primary: bool = False) -> Column[int]:
    """A 64-bit number from the engine's own sequence, never from the column."""
    return Column(name, BigInteger, primary_key=primary, nullable=False, autoincrement=False)


def text(name: str, *, primary: bool = False) -> Column[str]:
    """Text that is never null; empty when there is nothing to say."""
    return Column(name, Text, primary_key=primary, nullable=False)
