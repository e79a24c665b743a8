"""What a source of figures is: rows that can be counted, with what they can be grouped by.

Every source gives the same columns of its rows, so that one list shows the cases of any figure.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, Date, cast, func, or_

from procurement.registers.purchases import Purchase
from procurement.reports.scope import Scope

Column = ColumnElement[Any]
ZONE = "Asia/Shanghai"
WATCHERS = frozenset({"discipline", "auditor", "street_leader", "procurement_officer"})  # of flags and of discretion
OFFICE = WATCHERS | {"finance", "committee", "committee_secretary"}


@dataclass(frozen=True)
class Source:
    """``rows``: what is counted, joined as needed; ``key``: unique, and larger for what is newer.

    ``kind`` and ``target``: which page shows a row, and its id there. ``at``: the date (``is_day``) or moment that says the year.
    ``unit``, ``community``: None where the rows know neither. ``readers``: who may count them at all, None: who has the
    dashboard; ``sight``: which limit of what somebody sees holds for them (purchase, matter, case).
    """

    id: str
    title: str
    rows: Any
    key: Any
    kind: str
    target: Any
    name: Any
    at: Any
    dimensions: Mapping[str, Any]
    amounts: Mapping[str, Any] = field(default_factory=dict)
    unit: Any = field(default_factory=lambda: Purchase.unit)
    community: Any = field(default_factory=lambda: Purchase.community)
    readers: frozenset[str] | None = None
    sight: str = "purchase"
    is_day: bool = False
    only: Any = None
    keeps: Any = None  # until when a row holds, for registers of what is in force

    def conditions(self, scope: Scope) -> list[Column]:
        """The rows of the year, unit and community that may be seen; what knows no unit is not narrowed by it."""
        found: list[Column] = [] if self.only is None else [self.only]
        span = scope.days if self.is_day else scope.moments
        if span is not None:
            found.append(self.at < span[1])
            found.append(self.at >= span[0] if self.keeps is None else or_(self.keeps.is_(None), self.keeps >= span[0]))
        if scope.unit and self.unit is not None:
            found.append(self.unit == scope.unit)
        if scope.community and self.community is not None:
            found.append(self.community == scope.community)
        return found if self.sight not in scope.sights else [*found, scope.sights[self.sight]]


def month(at: Any, *, is_day: bool = False) -> Column:
    """The first day of the month."""
    return cast(func.date_trunc("month", at if is_day else func.timezone(ZONE, at)), Date)


OF_PURCHASE = {"route": Purchase.route, "category": Purchase.category, "unit": Purchase.unit, "community": Purchase.community}
