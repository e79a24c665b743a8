"""What every table of the registers shares: naming of constraints, column types that keep money exact, and the zone of time."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any, ClassVar

from sqlalchemy import Boolean, Date, DateTime, MetaData, Numeric, Text, TypeDecorator
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import DeclarativeBase

from engine import json_codec

OFFICE_ZONE = dt.timezone(dt.timedelta(hours=8), "Asia/Shanghai")  # China has one zone and no summer time


class Moment(TypeDecorator[dt.datetime]):
    """An aware point in time; comes back in the office's zone whatever the server's zone is."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_result_value(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:  # noqa: ARG002
        return None if value is None else value.astimezone(OFFICE_ZONE)


class Json(TypeDecorator[Any]):
    """JSON kept as text: jsonb would come back as binary floats, and the order of the keys would be lost."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:  # noqa: ARG002
        return None if value is None else json_codec.dumps(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:  # noqa: ARG002
        return None if value is None else json_codec.loads(value)


Money = Numeric(18, 2)  # yuan


class Row(DeclarativeBase):
    """A table of the registers."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map: ClassVar = {
        str: Text,
        bool: Boolean,
        Decimal: Money,
        dt.date: Date,
        dt.datetime: Moment,
        list[str]: ARRAY(Text),
        list[dt.date]: ARRAY(Date),
        dict[str, Any]: Json,
        list[Any]: Json,
    }


class KeptRow(Row):
    """A row whose every change is written to the edit history (see ``procurement.registers.edits``)."""

    __abstract__ = True
    hidden_columns: ClassVar[frozenset[str]] = frozenset()  # changed, but never shown: password hashes
