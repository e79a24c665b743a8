"""Which rows a dashboard counts: one year, one unit, one community, and only what the person looking may see."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import DateTime, bindparam

from procurement.registers.row import OFFICE_ZONE

NOW: Any = bindparam("office_now", type_=DateTime(timezone=True))  # the office's clock, which the database does not know


@dataclass(frozen=True)
class Scope:
    """``year`` None counts every year; ``unit`` and ``community`` empty count all.

    ``sights``: name of a limit → condition on the rows somebody may see; rows whose limit is not named are seen by all readers.
    """

    now: dt.datetime
    year: int | None = None
    unit: str = ""
    community: str = ""
    sights: Mapping[str, Any] = field(default_factory=dict)

    @property
    def days(self) -> tuple[dt.date, dt.date] | None:
        """The first day of the year and of the next."""
        return None if self.year is None else (dt.date(self.year, 1, 1), dt.date(self.year + 1, 1, 1))

    @property
    def moments(self) -> tuple[dt.datetime, dt.datetime] | None:
        if self.days is None:
            return None
        first, following = (dt.datetime.combine(day, dt.time(), OFFICE_ZONE) for day in self.days)
        return first, following
